package io.millrace.engine.coordinator;

import io.millrace.engine.model.EngineClock;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.storage.JournalTrimmer;
import io.millrace.engine.stream.StreamViews;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.SupervisorStrategy;

/**
 * What coordinators need of the engine around them.
 *
 * @param plugin where they persist
 * @param trimmer erases what deleted applications leave in the journal
 * @param views the streams
 * @param positions where their shards stand
 * @param clock the time
 * @param settings the settings
 */
public record CoordinatorSurroundings(
    JournalPlugin plugin,
    JournalTrimmer trimmer,
    StreamViews views,
    ShardPositions positions,
    EngineClock clock,
    CoordinatorSettings settings) {

  /** Restarts what failed, for ever, ever more slowly. */
  BackoffSupervisorStrategy restarts() {
    return SupervisorStrategy.restartWithBackoff(settings.minBackoff(), settings.maxBackoff(), 0.2);
  }
}
