package io.millrace.engine.consumer;

import io.millrace.engine.consumer.ProcessorSettings.OnFailure;
import io.millrace.engine.consumer.ShardIntake.Batch;
import io.millrace.engine.consumer.ShardRecordProcessor.Initialization;
import io.millrace.engine.consumer.ShardRecordProcessor.Records;
import io.millrace.engine.metrics.LeaseMeter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a {@link ShardRecordProcessor} process a shard. Its calls run one after the other, on the
 * dispatcher for code that blocks; one that hangs holds up only what comes after it.
 */
public final class ProcessorTask implements ShardTask {

  private static final Logger log = LoggerFactory.getLogger(ProcessorTask.class);

  private final ShardIntake intake;
  private final ProcessorSettings settings;
  private final Supplier<ShardRecordProcessor> processors;
  private final ActorSystem<?> system;
  private final Executor blocking;
  private final SharedKillSwitch supply = KillSwitches.shared("supply");
  private final CompletableFuture<Void> atShardEnd = new CompletableFuture<>();
  private CompletionStage<Done> processed = CompletableFuture.completedStage(Done.getInstance());

  /** The last call that was ordered; the next one begins when it is over. */
  private CompletableFuture<?> lastCall = CompletableFuture.completedFuture(null);

  private ShardRecordProcessor processor;
  private DeliveredCheckpoints checkpoints;
  private LeaseMeter meter = LeaseMeter.NONE;
  private volatile boolean isStopping;
  private final AtomicBoolean isLossTold = new AtomicBoolean();

  /** A call of user code. */
  private interface Call {
    void run() throws Exception;
  }

  /** A task. */
  public ProcessorTask(
      ShardIntake intake,
      ProcessorSettings settings,
      Supplier<ShardRecordProcessor> processors,
      ActorSystem<?> system) {
    this.intake = intake;
    this.settings = settings;
    this.processors = processors;
    this.system = system;
    this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
  }

  @Override
  public CompletionStage<Void> start(LeasedShard shard) {
    processor = processors.get();
    checkpoints = new DeliveredCheckpoints(shard);
    meter = shard.meter();
    Initialization initialization =
        new Initialization(
            shard.shardId(), shard.epoch(), shard.startingCheckpoint(), shard.pendingCheckpoint());
    processed =
        call(() -> processor.initialize(initialization))
            .thenCompose(
                initialized ->
                    intake
                        .batches(shard)
                        .via(supply.flow())
                        .mapAsync(1, batch -> process(batch, settings.firstPause()))
                        .runWith(Sink.ignore(), system));
    processed.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            atShardEnd.completeExceptionally(failure);
          }
        });
    return atShardEnd;
  }

  private CompletionStage<Done> process(Batch batch, Duration pause) {
    if (isStopping) {
      // The supply ends a moment after it is told to: what still comes is not delivered.
      return CompletableFuture.completedStage(Done.getInstance());
    }
    if (batch.records().isEmpty() && !settings.callForEmptyBatches()) {
      checkpoints.delivered(batch.finished());
      return end(batch);
    }
    long began = begin(batch);
    return call(() -> {
          checkpoints.delivered(batch.finished());
          processor.processRecords(
              new Records(
                  batch.records(), checkpoints, batch.millisBehindLatest(), batch.isAtShardEnd()));
        })
        .handle(
            (done, failure) -> {
              count(batch, failure == null, meter.nanoTime() - began);
              return failure == null ? end(batch) : afterFailure(batch, pause, cause(failure));
            })
        .thenCompose(next -> next);
  }

  private long begin(Batch batch) {
    if (!batch.records().isEmpty()) {
      meter.begun(batch.records().get(0).approximateArrivalTimestamp().toEpochMilli());
    }
    return meter.nanoTime();
  }

  private void count(Batch batch, boolean isProcessed, long nanos) {
    if (isProcessed) {
      long bytes = batch.records().stream().mapToLong(record -> record.data().size()).sum();
      meter.processed(batch.records().size(), bytes, nanos);
      meter.left(batch.millisBehindLatest());
    } else {
      meter.failed(nanos);
    }
  }

  private CompletionStage<Done> afterFailure(Batch batch, Duration pause, Throwable failure) {
    if (failure instanceof ShutdownException) {
      return CompletableFuture.failedStage(failure);
    }
    OnFailure treatment = settings.onFailure();
    log.error("Processing {} records failed: {}", batch.records().size(), treatment, failure);
    return switch (treatment) {
      case SKIP -> end(batch);
      case STOP -> {
        isStopping = true;
        supply.shutdown();
        yield CompletableFuture.completedStage(Done.getInstance());
      }
      case RETRY -> {
        Duration doubled = pause.multipliedBy(2);
        Duration next =
            doubled.compareTo(settings.longestPause()) < 0 ? doubled : settings.longestPause();
        yield Patterns.after(pause, system.classicSystem(), () -> process(batch, next));
      }
    };
  }

  private CompletionStage<Done> end(Batch batch) {
    if (!batch.isAtShardEnd()) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    return call(() -> {
          checkpoints.reachedShardEnd();
          processor.shardEnded(checkpoints);
          if (!checkpoints.isShardFinished()) {
            throw new IllegalStateException("shardEnded did not checkpoint");
          }
        })
        .thenApply(
            done -> {
              atShardEnd.complete(null);
              return done;
            });
  }

  @Override
  public CompletionStage<Void> drain() {
    isStopping = true;
    supply.shutdown();
    return processed
        .thenCompose(
            done ->
                atShardEnd.isDone()
                    ? CompletableFuture.completedStage(done)
                    : call(() -> processor.shutdownRequested(checkpoints)))
        .<Void>thenApply(done -> null)
        .whenComplete((done, failure) -> tellLeaseLost());
  }

  @Override
  public void lost() {
    isStopping = true;
    supply.abort(new ShutdownException("The lease is gone."));
    tellLeaseLost();
  }

  private void tellLeaseLost() {
    boolean hasEnded = atShardEnd.isDone() && !atShardEnd.isCompletedExceptionally();
    if (processor != null && !hasEnded && !isLossTold.getAndSet(true)) {
      call(processor::leaseLost)
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  log.warn("leaseLost failed", cause(failure));
                }
              });
    }
  }

  /** Runs user code when all that was ordered before is over. */
  private synchronized CompletionStage<Done> call(Call call) {
    CompletableFuture<Done> next =
        lastCall
            .handle((before, failure) -> Done.getInstance())
            .thenApplyAsync(
                before -> {
                  try {
                    call.run();
                    return before;
                  } catch (Exception e) {
                    throw e instanceof RuntimeException thrown
                        ? thrown
                        : new CompletionException(e);
                  }
                },
                blocking);
    lastCall = next;
    return next;
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
