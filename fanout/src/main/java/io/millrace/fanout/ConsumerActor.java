package io.millrace.fanout;

import io.millrace.engine.EngineInside;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.ConsumerArn;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamView;
import io.millrace.fanout.ConsumerCommand.Ended;
import io.millrace.fanout.ConsumerCommand.Gone;
import io.millrace.fanout.ConsumerCommand.LifeOver;
import io.millrace.fanout.ConsumerCommand.Located;
import io.millrace.fanout.ConsumerCommand.Refused;
import io.millrace.fanout.ConsumerCommand.Subscribe;
import io.millrace.fanout.ConsumerCommand.Subscribed;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Arbitrates the subscriptions of one registered consumer: at most one to each shard. It holds
 * which there are and can end each; the records go past it. When it stops, all of them end.
 */
final class ConsumerActor extends AbstractBehavior<ConsumerCommand> {

  /** SubscribeToShard: a subscription ends after this time. */
  static final Duration LIFE = Duration.ofMinutes(5);

  /** SubscribeToShard: a subscription that is younger is not taken over. */
  static final Duration TAKE_OVER_AFTER = Duration.ofSeconds(5);

  private final TimerScheduler<ConsumerCommand> timers;
  private final String consumerArn;
  private final EngineInside inside;
  private final FanOutSettings settings;
  private final ShardFeed feed;
  private final Map<ShardId, Live> live = new HashMap<>();
  private final Set<Subscribe> locating = new HashSet<>();

  /** Outlive subscriptions, so that nobody gets rid of his debt by subscribing again. */
  private final Map<ShardId, PushBudget> budgets = new HashMap<>();

  private long subscriptions;

  /** A subscription under way. */
  private record Live(long subscription, long sinceNanos, SharedKillSwitch end) {}

  private ConsumerActor(
      ActorContext<ConsumerCommand> context,
      TimerScheduler<ConsumerCommand> timers,
      String consumerArn,
      EngineInside inside,
      FanOutSettings settings) {
    super(context);
    this.timers = timers;
    this.consumerArn = consumerArn;
    this.inside = inside;
    this.settings = settings;
    this.feed = new ShardFeed(inside, settings.forEvents());
  }

  /** The actor of the consumer of this ARN. */
  static Behavior<ConsumerCommand> create(
      String consumerArn, EngineInside inside, FanOutSettings settings) {
    return Behaviors.supervise(
            Behaviors.<ConsumerCommand>setup(
                context ->
                    Behaviors.withTimers(
                        timers ->
                            new ConsumerActor(context, timers, consumerArn, inside, settings))))
        .onFailure(SupervisorStrategy.restart());
  }

  @Override
  public Receive<ConsumerCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(Subscribe.class, this::onSubscribe)
        .onMessage(Located.class, this::onLocated)
        .onMessage(LifeOver.class, this::onLifeOver)
        .onMessage(Ended.class, this::onEnded)
        .onMessage(Gone.class, this::onGone)
        .onSignal(PreRestart.class, signal -> leave(failed()))
        .onSignal(PostStop.class, signal -> leave(new EngineClosedException()))
        .build();
  }

  private static MillraceException failed() {
    return InternalFailureException.notWritten("The subscription broke off.");
  }

  private Behavior<ConsumerCommand> onSubscribe(Subscribe request) {
    if (isTaken(request.shard().shardId())) {
      request.replyTo().tell(new Refused(inUse(request.shard().shardId())));
      return this;
    }
    locating.add(request);
    getContext()
        .pipeToSelf(
            Failures.caught(
                () -> {
                  request.from().checkArguments();
                  return inside.reads().locate(request.from(), request.shard(), request.address());
                }),
            (counter, failure) -> new Located(request, counter, failure));
    return this;
  }

  /** SubscribeToShard, rule of 5 seconds: the subscription that there is goes on. */
  private boolean isTaken(ShardId shardId) {
    Live earlier = live.get(shardId);
    return earlier != null
        && inside.clock().nanoTime() - earlier.sinceNanos() < TAKE_OVER_AFTER.toNanos();
  }

  private ResourceInUseException inUse(ShardId shardId) {
    return new ResourceInUseException(
        "Another active subscription exists for consumer %s and shard %s."
            .formatted(consumerArn, shardId));
  }

  private Behavior<ConsumerCommand> onLocated(Located located) {
    Subscribe request = located.request();
    ShardId shardId = request.shard().shardId();
    if (!locating.remove(request)) {
      return this;
    }
    if (located.failure() != null) {
      request.replyTo().tell(new Refused(refusal(located.failure())));
    } else if (isTaken(shardId)) {
      // Somebody else was faster meanwhile.
      request.replyTo().tell(new Refused(inUse(shardId)));
    } else {
      long now = inside.clock().nanoTime();
      end(shardId, inUse(shardId));
      request.replyTo().tell(new Subscribed(begin(request, located.counter(), now)));
    }
    return this;
  }

  private static MillraceException refusal(Throwable failure) {
    return Failures.unwrapped(failure) instanceof MillraceException known
        ? known
        : InternalFailureException.notWritten("The shard does not answer.", failure);
  }

  private Source<ShardRecords, NotUsed> begin(Subscribe request, long counter, long now) {
    ShardView shard = request.shard();
    ShardId shardId = shard.shardId();
    long subscription = ++subscriptions;
    SharedKillSwitch end = KillSwitches.shared(consumerArn + "/" + shardId);
    live.put(shardId, new Live(subscription, now, end));
    timers.startSingleTimer(shardId, new LifeOver(shardId, subscription), LIFE);
    ShardRecords start =
        new ShardRecords(
            shardId,
            List.of(),
            Optional.of(ShardFeed.before(shard, counter, shard.createdSeconds())),
            0,
            List.of());
    ActorRef<ConsumerCommand> self = getContext().getSelf();
    return feed.from(request.address(), shard, counter)
        .via(new PushPace(start, budget(request), inside.clock(), meter(request)))
        .via(end.flow())
        .watchTermination(
            (ignored, done) -> {
              done.whenComplete((any, failure) -> self.tell(new Ended(shardId, subscription)));
              return NotUsed.getInstance();
            });
  }

  private PushMeter meter(Subscribe request) {
    return new PushMeter(
        inside.metrics(),
        request.address(),
        ConsumerArn.parse(consumerArn).orElseThrow().consumerName());
  }

  private Optional<PushBudget> budget(Subscribe request) {
    if (settings.bytesPerSecond().isEmpty()) {
      return Optional.empty();
    }
    Set<ShardId> known =
        inside.streams().views().find(request.address().stream()).stream()
            .map(StreamView::shards)
            .flatMap(List::stream)
            .map(ShardView::shardId)
            .collect(Collectors.toSet());
    budgets.keySet().retainAll(known);
    return Optional.of(
        budgets.computeIfAbsent(
            request.shard().shardId(),
            first -> new PushBudget(settings.bytesPerSecond().getAsLong(), inside.clock())));
  }

  private Behavior<ConsumerCommand> onLifeOver(LifeOver over) {
    Live ending = live.get(over.shardId());
    if (ending != null && ending.subscription() == over.subscription()) {
      live.remove(over.shardId());
      ending.end().shutdown();
    }
    return this;
  }

  private Behavior<ConsumerCommand> onEnded(Ended ended) {
    Live ending = live.get(ended.shardId());
    if (ending != null && ending.subscription() == ended.subscription()) {
      live.remove(ended.shardId());
      timers.cancel(ended.shardId());
    }
    return this;
  }

  private Behavior<ConsumerCommand> onGone(Gone gone) {
    leave(gone.why());
    return Behaviors.stopped();
  }

  private Behavior<ConsumerCommand> leave(MillraceException why) {
    locating.forEach(request -> request.replyTo().tell(new Refused(why)));
    locating.clear();
    Set.copyOf(live.keySet()).forEach(shardId -> end(shardId, why));
    return this;
  }

  private void end(ShardId shardId, MillraceException why) {
    Live ending = live.remove(shardId);
    if (ending != null) {
      timers.cancel(shardId);
      ending.end().abort(why);
    }
  }
}
