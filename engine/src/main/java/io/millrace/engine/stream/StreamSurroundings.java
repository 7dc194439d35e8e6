package io.millrace.engine.stream;

import io.millrace.engine.model.EngineClock;
import io.millrace.engine.shard.ShardRegion;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.storage.JournalTrimmer;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.SupervisorStrategy;

/**
 * What the registry and its streams need of the engine around them.
 *
 * @param plugin where they persist
 * @param trimmer erases what deleted streams leave in the journal
 * @param shards reaches the shards
 * @param views where streams show themselves
 * @param clock the time
 * @param settings the settings
 */
public record StreamSurroundings(
    JournalPlugin plugin,
    JournalTrimmer trimmer,
    ShardRegion shards,
    LocalStreamViews views,
    EngineClock clock,
    StreamSettings settings) {

  /** What warm throughput streams may have now. */
  WarmThroughputRule warmThroughput() {
    return WarmThroughputRule.of(
        views.commitment().isOn(clock.epochMillis()), settings.maxOnDemandShards());
  }

  /** Restarts what failed, for ever, ever more slowly. */
  BackoffSupervisorStrategy restarts() {
    return SupervisorStrategy.restartWithBackoff(settings.minBackoff(), settings.maxBackoff(), 0.2);
  }
}
