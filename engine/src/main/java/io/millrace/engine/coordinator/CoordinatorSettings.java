package io.millrace.engine.coordinator;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How applications are coordinated. Read from the section {@code millrace.consumers}, where each
 * key is explained.
 *
 * @param failoverTime how long a worker may be silent before its leases go to others
 * @param handOffTimeout how long an owner may take to finish what runs before it is fenced
 * @param maxHandOffs how many leases of an application are handed off at the same time
 * @param progressTimeout how long a lease may have records and no checkpoint before it is freed
 * @param checkpointInterval how long checkpoints of a worker gather after a message of them
 * @param minBackoff first delay before something that failed is tried again
 * @param maxBackoff longest such delay
 * @param snapshotEvery events between two snapshots
 */
public record CoordinatorSettings(
    Duration failoverTime,
    Duration handOffTimeout,
    int maxHandOffs,
    Duration progressTimeout,
    Duration checkpointInterval,
    Duration minBackoff,
    Duration maxBackoff,
    int snapshotEvery) {

  /** Reads the settings. */
  public static CoordinatorSettings of(Config consumers) {
    return new CoordinatorSettings(
        consumers.getDuration("failover-time"),
        consumers.getDuration("hand-off-timeout"),
        consumers.getInt("max-hand-offs"),
        consumers.getDuration("progress-timeout"),
        consumers.getDuration("checkpoint-interval"),
        consumers.getDuration("min-backoff"),
        consumers.getDuration("max-backoff"),
        consumers.getInt("snapshot-every"));
  }

  /** How often a worker says that it is there: three times in a failover period. */
  public Duration heartbeatInterval() {
    return failoverTime.dividedBy(3).minusMillis(failoverTime.toMillis() / 400);
  }

  /**
   * How long a coordinator gathers after it has stored checkpoints: half as long as a worker, so
   * that those of one worker never wait for it.
   */
  Duration writePause() {
    return checkpointInterval.dividedBy(2);
  }

  /** How often a coordinator looks who is silent. */
  Duration tickInterval() {
    return failoverTime.dividedBy(8);
  }
}
