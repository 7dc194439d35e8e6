/**
 * Enhanced fan-out: subscriptions to shards as Reactive Streams Publishers. Start at {@link
 * io.millrace.fanout.FanOut}.
 */
package io.millrace.fanout;
