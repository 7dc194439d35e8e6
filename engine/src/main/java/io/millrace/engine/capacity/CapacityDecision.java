package io.millrace.engine.capacity;

import io.millrace.engine.reshard.ReshardPlan;

/**
 * What is to be done about the capacity of an on-demand stream.
 *
 * @param plan the reshard to carry out; empty when nothing is to be done
 * @param reason why
 * @param explanation the same with its figures, one sentence for people
 */
public record CapacityDecision(ReshardPlan plan, Reason reason, String explanation) {

  /** Why a stream is resharded, or is not. */
  public enum Reason {
    /** Twice the peak, or the warm throughput, is more than its shards take. */
    SCALE_OUT,
    /** The total is fine, but a shard is hot. */
    HOT_SHARD,
    /** Half its shards would do, and have done for a day. */
    SCALE_IN,
    /** It would grow, but has as many shards as it may have. */
    AT_CEILING,
    /** A shard is hot by one hash key alone, and no split helps. */
    ONE_KEY,
    /** It is as it should be. */
    ENOUGH
  }
}
