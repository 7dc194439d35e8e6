/**
 * How much a stream can take and how much it is asked to: observed traffic, and the rules that turn
 * it into more or fewer shards. Pure: time comes in as a parameter, a decision goes out as a value.
 * Start at {@link io.millrace.engine.capacity.OnDemandRule} and {@link
 * io.millrace.engine.capacity.AutoscalingPolicy}.
 */
package io.millrace.engine.capacity;
