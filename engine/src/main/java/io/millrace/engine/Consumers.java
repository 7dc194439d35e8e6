package io.millrace.engine;

import io.millrace.engine.aggregate.UserRecord;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.consumer.ApplicationDescription;
import io.millrace.engine.consumer.HandlerSettings;
import io.millrace.engine.consumer.HandlerTask;
import io.millrace.engine.consumer.PollingPace;
import io.millrace.engine.consumer.PollingRetrieval;
import io.millrace.engine.consumer.ProcessorSettings;
import io.millrace.engine.consumer.ProcessorTask;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.consumer.ShardIntake;
import io.millrace.engine.consumer.ShardReader;
import io.millrace.engine.consumer.ShardRecordProcessor;
import io.millrace.engine.consumer.ShardStrategy;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerActor;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.consumer.WorkerSurroundings;
import io.millrace.engine.coordinator.CoordinatorMessage;
import io.millrace.engine.coordinator.CoordinatorMessage.Refused;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import io.millrace.engine.coordinator.CoordinatorMessage.Standing;
import io.millrace.engine.coordinator.CoordinatorSettings;
import io.millrace.engine.coordinator.CoordinatorSurroundings;
import io.millrace.engine.coordinator.Coordinators;
import io.millrace.engine.internal.Asks;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.CheckpointPosition;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Applications that consume streams: their workers share the shards of a stream by leases, and go
 * on from their checkpoints. One per engine. No call blocks on an application; each fails with a
 * {@link MillraceException}. Safe for any thread.
 */
public final class Consumers {

  private final EngineInside inside;
  private final CoordinatorSettings settings;
  private final Duration answerTimeout;
  private final ShardReader positions;
  private final ActorRef<Coordinators.Command> coordinators;

  private Consumers(EngineInside inside) {
    this.inside = inside;
    this.settings = CoordinatorSettings.of(inside.settings().getConfig("consumers"));
    this.answerTimeout = inside.settings().getDuration("answer-timeout");
    this.positions = new ShardReader(inside.reads(), inside.clock());
    this.coordinators =
        inside
            .guests()
            .spawn(
                Coordinators.create(
                    new CoordinatorSurroundings(
                        inside.plugin(),
                        inside.trimmer(),
                        inside.streams().views(),
                        positions,
                        inside.clock(),
                        settings)),
                "coordinators");
  }

  /** The applications of this engine. */
  public static Consumers of(Millrace millrace) {
    return millrace.extension(Consumers.class, Consumers::new);
  }

  /**
   * Starts a worker. It stops when it is shut down, when it is turned away, and when the engine
   * closes. Blocks until its actor is there, not until it has joined.
   *
   * @param worker which worker of which application
   * @param strategy what it does with the shards it gets
   * @throws io.millrace.engine.api.EngineClosedException when the engine is closing
   */
  public Worker worker(WorkerSettings worker, ShardStrategy strategy) {
    WorkerSurroundings around =
        new WorkerSurroundings(
            worker,
            WorkerSurroundings.newIdentity(worker),
            coordinators,
            inside.streams().views(),
            positions,
            inside.clock(),
            settings,
            answerTimeout,
            inside.system(),
            inside.metrics().worker(worker.application(), worker.stream(), worker.workerId()));
    WorkerActor.Startable startable = WorkerActor.create(around, strategy);
    inside
        .guests()
        .spawn(
            startable.behavior(),
            "worker-" + worker.workerId() + "-" + around.identity().session());
    return startable.handle();
  }

  /** Retrieval by polling, at the pace that fits the engine's limits. */
  public Retrieval polling() {
    return new PollingRetrieval(
        inside.reads(), PollingPace.of(inside.settings().getConfig("limits")), new SecureRandom());
  }

  /**
   * Has each shard processed by a processor of its own, in batches, on threads that may block.
   *
   * @param processors makes one for each start of a shard
   */
  public ShardStrategy processing(
      Retrieval retrieval,
      ProcessorSettings processing,
      Supplier<ShardRecordProcessor> processors) {
    ShardIntake intake = new ShardIntake(retrieval, inside.streams().views());
    return () -> new ProcessorTask(intake, processing, processors, inside.system());
  }

  /**
   * Has each record handled by a function. Records of one shard are handled side by side and may be
   * finished in any order; checkpoints cover what is finished without a gap. When the stage fails,
   * or the function throws, the shard is started anew from its checkpoint.
   *
   * @param handler called on threads of the engine: must not block
   */
  public ShardStrategy handling(
      Retrieval retrieval,
      HandlerSettings handling,
      Function<UserRecord, ? extends CompletionStage<?>> handler) {
    ShardIntake intake = new ShardIntake(retrieval, inside.streams().views());
    return () -> new HandlerTask(intake, handling, handler, inside.system());
  }

  /** How an application stands: its workers, and its leases with what is left to do of each. */
  public CompletionStage<ApplicationDescription> describe(ApplicationName application) {
    return this.<Standing>ask(application, CoordinatorMessage.Describe::new)
        .thenCompose(
            standing -> ApplicationDescription.of(standing, inside.streams().views(), positions));
  }

  /**
   * Forgets all checkpoints of an application, which begins again at this position, with the stream
   * that has the name now. Fails with {@link ResourceInUseException} while it has workers, {@link
   * ResourceNotFoundException} when there is no such application or its stream is deleted, {@link
   * InvalidArgumentException} for a position that is no beginning or lies in the future.
   *
   * @param position TRIM_HORIZON, LATEST or AT_TIMESTAMP
   */
  public CompletionStage<Void> reset(ApplicationName application, CheckpointPosition position) {
    return this.<Reply>ask(application, replyTo -> new CoordinatorMessage.Reset(position, replyTo))
        .thenApply(Consumers::done);
  }

  /**
   * Forgets an application. Fails with {@link ResourceInUseException} while it has workers; one
   * that is not there may be deleted.
   */
  public CompletionStage<Void> delete(ApplicationName application) {
    return this.<Reply>ask(application, CoordinatorMessage.Delete::new).thenApply(Consumers::done);
  }

  private <R> CompletionStage<R> ask(
      ApplicationName application, Function<ActorRef<R>, CoordinatorMessage> message) {
    return Asks.<Coordinators.Command, R>ask(
            coordinators,
            replyTo -> new Coordinators.ForApplication(application, message.apply(replyTo)),
            answerTimeout,
            inside.system())
        .handle(
            (reply, failure) -> {
              if (failure != null) {
                throw InternalFailureException.unknown("The coordinator did not answer.", failure);
              }
              return reply;
            });
  }

  private static Void done(Reply reply) {
    if (reply instanceof Refused refused) {
      throw problem(refused);
    }
    return null;
  }

  private static MillraceException problem(Refused refused) {
    String message = refused.message();
    return switch (refused.kind()) {
      case IN_USE -> new ResourceInUseException(message);
      case NOT_FOUND -> new ResourceNotFoundException(message);
      case INVALID -> new InvalidArgumentException(message);
      case UNKNOWN -> InternalFailureException.unknown(message);
      case LEASE_LOST, UNAVAILABLE -> InternalFailureException.notWritten(message);
    };
  }
}
