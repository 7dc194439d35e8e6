package io.millrace.engine.consumer;

import java.time.Duration;

/**
 * How a shard is processed by a {@link ShardRecordProcessor}.
 *
 * @param onFailure what happens when {@code processRecords} throws
 * @param callForEmptyBatches whether it is called for batches without records too
 * @param firstPause pause before a batch is delivered again; doubled each time
 * @param longestPause it grows no further than this
 */
public record ProcessorSettings(
    OnFailure onFailure, boolean callForEmptyBatches, Duration firstPause, Duration longestPause) {

  /** What happens to a batch whose processing threw. */
  public enum OnFailure {
    /** It is delivered again until it succeeds, after a pause. No record is passed over. */
    RETRY,
    /**
     * It is logged and passed over, as the KCL does: its records are lost unless user code catches.
     */
    SKIP,
    /** Nothing more of the shard is delivered to this worker, which keeps the lease. */
    STOP
  }

  /** A failed batch is delivered again, after half a second at first and up to half a minute. */
  public static final ProcessorSettings DEFAULT =
      new ProcessorSettings(OnFailure.RETRY, false, Duration.ofMillis(500), Duration.ofSeconds(30));

  /** The same with this treatment of failures. */
  public ProcessorSettings withOnFailure(OnFailure treatment) {
    return new ProcessorSettings(treatment, callForEmptyBatches, firstPause, longestPause);
  }

  /** The same with these pauses. */
  public ProcessorSettings withPauses(Duration first, Duration longest) {
    return new ProcessorSettings(onFailure, callForEmptyBatches, first, longest);
  }

  /** The same, called for empty batches too. */
  public ProcessorSettings withEmptyBatches() {
    return new ProcessorSettings(onFailure, true, firstPause, longestPause);
  }
}
