package io.millrace.engine.consumer;

import java.time.Duration;

/**
 * How records are handled by a function.
 *
 * @param inFlight how many records of a shard are handled at the same time at most, 1 or more; with
 *     1 they are handled in order
 * @param checkpointRecords a checkpoint is stored when so many records have been finished, 1 or
 *     more
 * @param checkpointInterval or when some have and so much time has passed
 */
public record HandlerSettings(int inFlight, int checkpointRecords, Duration checkpointInterval) {

  /** 16 at a time, and a checkpoint each 1,000 records or 5 seconds. */
  public static final HandlerSettings DEFAULT =
      new HandlerSettings(16, 1000, Duration.ofSeconds(5));

  public HandlerSettings {
    if (inFlight < 1 || checkpointRecords < 1 || checkpointInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "nothing would be handled: %d, %d, %s"
              .formatted(inFlight, checkpointRecords, checkpointInterval));
    }
  }

  /** The same with so many at a time. */
  public HandlerSettings withInFlight(int most) {
    return new HandlerSettings(most, checkpointRecords, checkpointInterval);
  }

  /** The same with a checkpoint each so many records or so much time. */
  public HandlerSettings withCheckpoints(int records, Duration interval) {
    return new HandlerSettings(inFlight, records, interval);
  }
}
