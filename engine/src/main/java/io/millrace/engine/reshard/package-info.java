/**
 * Plans of resharding: which shards close, which open, with which ids, ranges and parents. Pure
 * arithmetic on immutable values; whoever owns the stream carries a plan out. Start at {@link
 * io.millrace.engine.reshard.ReshardPlan}.
 */
package io.millrace.engine.reshard;
