package io.millrace.engine.stream;

import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.StreamCommand.Begin;
import io.millrace.engine.stream.StreamCommand.ConsumerArrives;
import io.millrace.engine.stream.StreamCommand.ObserveTraffic;
import io.millrace.engine.stream.StreamCommand.OpenShards;
import io.millrace.engine.stream.StreamCommand.ReportGone;
import io.millrace.engine.stream.StreamCommand.ShardsErased;
import io.millrace.engine.stream.StreamCommand.ShardsOpened;
import io.millrace.engine.stream.StreamCommand.TrimShards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * What a stream's actor sets going when a phase begins, or goes on after recovery. Each bears
 * repeating; the actor is told when it is time for more, or when it is done.
 */
final class PhaseWork {

  private final ActorRef<StreamCommand> actor;
  private final TimerScheduler<StreamCommand> timers;
  private final StreamSurroundings around;
  private final StreamErrands errands;
  private final TrimRounds trims;
  private final ReshardProcedure resharding;

  /**
   * The work of a stream.
   *
   * @param actor told how far it is
   * @param trims given up when the stream is deleted
   */
  PhaseWork(
      ActorRef<StreamCommand> actor,
      TimerScheduler<StreamCommand> timers,
      StreamSurroundings around,
      StreamErrands errands,
      TrimRounds trims,
      ReshardProcedure resharding) {
    this.actor = actor;
    this.timers = timers;
    this.around = around;
    this.errands = errands;
    this.trims = trims;
    this.resharding = resharding;
  }

  /** Begins the work of the phase that the stream is in. */
  void begin(StreamState state) {
    awaitConsumers(state);
    switch (state.phase()) {
      case UNBORN -> actor.tell(new Begin(Optional.empty()));
      case CREATING -> timers.startSingleTimer(new OpenShards(), creatingDelay(state));
      case ACTIVE -> {
        every(around.settings().trimInterval(), new TrimShards());
        every(CapacityWatch.MINUTE, new ObserveTraffic());
      }
      case RESHARDING -> resharding.closeParents(state);
      case DELETING -> erase(state);
      case GONE -> {
        actor.tell(new ReportGone());
        timers.startTimerWithFixedDelay(new ReportGone(), around.settings().maxBackoff());
      }
    }
  }

  /** Waits until registered consumers have been CREATING or DELETING for long enough. */
  void awaitConsumers(StreamState state) {
    for (RegisteredConsumer consumer : state.consumers().underWay()) {
      ConsumerArrives arrival = new ConsumerArrives(consumer);
      if (!timers.isTimerActive(arrival)) {
        timers.startSingleTimer(arrival, around.settings().consumers().delay());
      }
    }
  }

  private Duration creatingDelay(StreamState state) {
    Duration whole = around.settings().creatingDelay();
    long leftMillis = state.createdMillis() + whole.toMillis() - around.clock().epochMillis();
    // A clock that jumped makes it neither negative nor longer than the whole.
    return Duration.ofMillis(Math.max(0, Math.min(whole.toMillis(), leftMillis)));
  }

  /** The creating delay is over. */
  void openShards(StreamState state) {
    errands.open(state, state.shards(), Map.of(), report -> actor.tell(new ShardsOpened()));
  }

  /** Goes on in its own time, however often the stream becomes ACTIVE. */
  private void every(Duration interval, StreamCommand command) {
    if (!timers.isTimerActive(command)) {
      timers.startTimerWithFixedDelay(command, interval);
    }
  }

  private void erase(StreamState state) {
    timers.cancelAll();
    trims.giveUp();
    List<ShardId> all = new ArrayList<>(state.map().expired());
    state.shards().forEach(shard -> all.add(shard.shardId()));
    errands.erase(state, all, report -> actor.tell(new ShardsErased()));
  }
}
