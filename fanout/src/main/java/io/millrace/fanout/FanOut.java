package io.millrace.fanout;

import io.millrace.engine.Consumers;
import io.millrace.engine.EngineInside;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.DryRunOperationException;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.api.SubscribeToShardEvent;
import io.millrace.engine.api.SubscribeToShardRequest;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.internal.Asks;
import io.millrace.engine.internal.CallRates.Call;
import io.millrace.engine.metrics.ConsumerMeter;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StatusRule;
import io.millrace.engine.stream.StreamLookup;
import io.millrace.engine.stream.StreamLookup.Registration;
import io.millrace.engine.stream.StreamView;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.reactivestreams.Publisher;

/**
 * Enhanced fan-out: records are pushed to their readers as soon as they are durable, as fast as
 * each reader asks for them. There are three ways. {@link #shard} and {@link #stream} are for
 * readers in this process: without registration, limits and number. {@link #checkpointed} is for
 * applications, which share a stream and go on from their checkpoints. {@link #consumer} and {@link
 * #subscribeToShard} are those of the API: a registered consumer has one subscription to each shard
 * at a time and its own throughput.
 *
 * <p>One for each engine. Safe for any thread.
 */
public final class FanOut {

  private final EngineInside inside;
  private final Supplier<Consumers> consumers;
  private final StreamLookup lookup;
  private final FanOutSettings settings;
  private final ShardFeed feed;
  private final SharedKillSwitch closing = KillSwitches.shared("fan-out");
  private final ActorRef<FanOutActor.Command> actor;
  private volatile boolean closed;

  private FanOut(EngineInside inside, Supplier<Consumers> consumers) {
    this.inside = inside;
    this.consumers = consumers;
    this.lookup = inside.streams();
    this.settings = FanOutSettings.of(inside.settings());
    this.feed = new ShardFeed(inside, settings);
    this.actor =
        inside.guests().spawn(FanOutActor.create(inside, settings, this::close), "fan-out");
  }

  /**
   * The fan-out of an engine.
   *
   * @throws EngineClosedException when the engine is closed and never had one
   */
  public static FanOut of(Millrace millrace) {
    return millrace.extension(
        FanOut.class, inside -> new FanOut(inside, () -> Consumers.of(millrace)));
  }

  /** The engine closes: everything ends. */
  private void close() {
    closed = true;
    closing.abort(new EngineClosedException());
  }

  // for readers in this process

  /** The records of one shard. */
  public RecordPublisher shard(String streamName, ShardId shardId, StartingPosition from) {
    return publisher(direct(streamName, shardId, from));
  }

  /**
   * The records of a whole stream, through every reshard.
   *
   * @param from TRIM_HORIZON; LATEST, which begins at the shards that are open when somebody
   *     subscribes; or AT_TIMESTAMP, at those that were open at that time. Shards that come later
   *     are read from their first record
   * @throws InvalidArgumentException when it is another one
   */
  public RecordPublisher stream(String streamName, StartingPosition from) {
    StreamName name = new StreamName(streamName);
    return stream(
        () -> lookup.require(name, StatusRule.READ),
        from,
        (shardId, at) -> direct(streamName, shardId, at));
  }

  /** Reading directly, as a {@link Retrieval}. */
  public Retrieval retrieval() {
    return this::direct;
  }

  private Source<ShardRecords, NotUsed> direct(
      String streamName, ShardId shardId, StartingPosition from) {
    StreamName name = new StreamName(streamName);
    return whenRun(
        () -> {
          from.checkArguments();
          StreamView stream = lookup.require(name, StatusRule.READ);
          ShardView shard = lookup.requireShard(stream, shardId.toString());
          return feed.from(stream.address(shardId), shard, from);
        });
  }

  // for applications

  /**
   * The records of a whole stream, shared by the subscriptions of an application, each of which
   * goes on after the application's checkpoints.
   *
   * @param worker which worker of which application a subscription is, and where an application
   *     without checkpoints begins
   */
  public CheckpointedPublisher checkpointed(WorkerSettings worker) {
    Source<CheckpointedRecords, NotUsed> source =
        Source.fromGraph(
                new ApplicationSource(
                    new WorkerNames(worker),
                    retrieval(),
                    consumers,
                    inside.system().dispatchers().lookup(DispatcherSelector.blocking())))
            .via(closing.flow());
    return new CheckpointedPublisher(source, SourcePublisher.forAll(source, inside.system()));
  }

  // for registered consumers

  /**
   * A registered consumer. It is looked for when somebody subscribes.
   *
   * @param consumerArn its ARN
   */
  public RegisteredConsumer consumer(String consumerArn) {
    return new RegisteredConsumer(this, consumerArn);
  }

  /**
   * SubscribeToShard: begins a subscription, which lives for five minutes from now on and then
   * completes. An older one of the same consumer and shard ends with ResourceInUseException.
   *
   * <p>The Publisher is for one subscriber, and counts as active until it ends, is cancelled, or
   * its life is over. When somebody waits and nothing comes for five seconds, an event without
   * records comes. At the shard's end the last event has the child shards and no continuation. It
   * fails with ResourceInUseException when another subscription takes over, with
   * ResourceNotFoundException when the consumer is deregistered or the stream deleted, with
   * EngineClosedException when the engine closes.
   *
   * @return fails with {@link io.millrace.engine.api.ValidationException}, {@link
   *     ResourceNotFoundException}, {@link LimitExceededException}, {@link ResourceInUseException}
   *     or {@link InvalidArgumentException} as {@link SubscribeToShardRequest} says
   */
  public CompletionStage<Publisher<SubscribeToShardEvent>> subscribeToShard(
      SubscribeToShardRequest request) {
    return Failures.caught(
        () -> {
          request.validate();
          Registration registration = lookup.requireConsumer(request.consumerARN());
          ShardView shard = lookup.requireShard(registration.stream(), request.shardId());
          if (Boolean.TRUE.equals(request.dryRun())) {
            return dryRun(registration, shard, request);
          }
          return subscribe(registration, shard, request.startingPosition())
              .thenApply(
                  source ->
                      SourcePublisher.forOne(
                          source.map(FanOut::event).via(closing.flow()), inside.system()));
        });
  }

  /** What a subscription needs, as far as that can be told without ending another one. */
  private CompletionStage<Publisher<SubscribeToShardEvent>> dryRun(
      Registration registration, ShardView shard, SubscribeToShardRequest request) {
    if (!isActive(registration)) {
      throw notActive(registration);
    }
    request.checkArguments();
    return inside
        .reads()
        .locate(request.startingPosition(), shard, registration.stream().address(shard.shardId()))
        .thenApply(
            found -> {
              throw new DryRunOperationException();
            });
  }

  private static boolean isActive(Registration registration) {
    return registration.consumer().status() == ConsumerStatus.ACTIVE;
  }

  private static ResourceInUseException notActive(Registration registration) {
    return new ResourceInUseException(
        "Consumer %s not ACTIVE, instead in state %s."
            .formatted(registration.consumer().arn(), registration.consumer().status()));
  }

  private static SubscribeToShardEvent event(ShardRecords element) {
    return new SubscribeToShardEvent(
        element.records(),
        element.continuation().map(SequenceNumber::toString).orElse(null),
        element.millisBehindLatest(),
        element.childShards());
  }

  private CompletionStage<Source<ShardRecords, NotUsed>> subscribe(
      Registration registration, ShardView shard, StartingPosition from) {
    String consumerArn = registration.consumer().arn();
    ConsumerMeter meter =
        inside.metrics().stream(registration.stream().name(), registration.stream().incarnation())
            .consumer(registration.consumer().name());
    if (!inside.callRates().tryCall(Call.SUBSCRIBE_TO_SHARD, consumerArn + "/" + shard.shardId())) {
      meter.subscribeThrottled();
      throw LimitExceededException.throttled(
          "Rate exceeded for consumer %s and shard %s.".formatted(consumerArn, shard.shardId()));
    }
    if (!isActive(registration)) {
      meter.subscribeRefused();
      throw notActive(registration);
    }
    return Asks.<FanOutActor.Command, ConsumerCommand.Reply>ask(
            actor,
            replyTo ->
                new FanOutActor.ToConsumer(
                    registration,
                    new ConsumerCommand.Subscribe(
                        registration.stream().address(shard.shardId()), shard, from, replyTo)),
            settings.answerTimeout(),
            inside.system())
        .handle(
            (reply, unanswered) -> {
              if (reply instanceof ConsumerCommand.Subscribed subscribed) {
                meter.subscribed();
                return subscribed.source();
              }
              meter.subscribeRefused();
              throw reply instanceof ConsumerCommand.Refused refused ? refused.why() : unanswered();
            });
  }

  private MillraceException unanswered() {
    return closed
        ? new EngineClosedException()
        : InternalFailureException.notWritten("The consumer did not answer in time.");
  }

  // what both are made of

  Source<ShardRecords, NotUsed> subscriptions(
      String consumerArn, ShardId shardId, StartingPosition from) {
    return whenRun(
        () ->
            RegisteredFeed.from(
                from,
                position ->
                    Failures.caught(
                        () -> {
                          position.checkArguments();
                          Registration registration = lookup.requireConsumer(consumerArn);
                          return subscribe(
                              registration,
                              lookup.requireShard(registration.stream(), shardId.toString()),
                              position);
                        }),
                abandoned -> abandoned.runWith(Sink.cancelled(), inside.system())));
  }

  Source<ShardRecords, NotUsed> subscriptions(
      String consumerArn, String streamName, ShardId shardId, StartingPosition from) {
    StreamName name = new StreamName(streamName);
    return whenRun(
        () -> {
          if (!lookup.requireConsumer(consumerArn).stream().name().equals(name)) {
            throw ResourceNotFoundException.consumer(
                consumerArn + " of stream " + streamName, lookup.account());
          }
          return subscriptions(consumerArn, shardId, from);
        });
  }

  RecordPublisher streamOf(String consumerArn, StartingPosition from) {
    return stream(
        () -> lookup.requireConsumer(consumerArn).stream(),
        from,
        (shardId, at) -> subscriptions(consumerArn, shardId, at));
  }

  private RecordPublisher stream(
      Supplier<StreamView> stream,
      StartingPosition from,
      BiFunction<ShardId, StartingPosition, Source<ShardRecords, NotUsed>> shards) {
    from.checkArguments();
    switch (from.type()) {
      case AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER ->
          throw new InvalidArgumentException(
              "A sequence number is a position in a shard, not in a stream.");
      case TRIM_HORIZON, LATEST, AT_TIMESTAMP -> {}
    }
    return publisher(Source.fromGraph(new LineageSource(stream, from, shards)).via(closing.flow()));
  }

  RecordPublisher publisher(Source<ShardRecords, NotUsed> source) {
    return new RecordPublisher(source, SourcePublisher.forAll(source, inside.system()));
  }

  /** A source that is made each time it is run, and ends when the engine closes. */
  private Source<ShardRecords, NotUsed> whenRun(Supplier<Source<ShardRecords, NotUsed>> source) {
    return Source.fromMaterializer(
            (materializer, attributes) -> {
              try {
                return source.get();
              } catch (MillraceException refused) {
                return Source.<ShardRecords>failed(refused);
              }
            })
        .mapMaterializedValue(ignored -> NotUsed.getInstance())
        .via(closing.flow());
  }
}
