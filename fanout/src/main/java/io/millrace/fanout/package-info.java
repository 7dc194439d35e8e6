/** Enhanced fan-out: subscriptions to shards as Reactive Streams Publishers. */
package io.millrace.fanout;
