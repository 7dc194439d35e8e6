package io.millrace.engine.shard;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Reaches shards wherever they live: children of a local guardian, or entities of a cluster. A
 * message to a shard that is not running starts it. Safe for any thread; never blocks.
 */
public interface ShardRegion {

  /** Hands the message to the gate of the shard. Messages of one thread to one shard keep order. */
  void tell(ShardAddress shard, ShardMessage message);

  /**
   * Hands over a message that wants an answer.
   *
   * @param message makes the message, given who waits for the answer
   * @return the answer; fails with {@link java.util.concurrent.TimeoutException} when none comes in
   *     time, and then nobody knows whether the message took effect
   */
  <R> CompletionStage<R> ask(
      ShardAddress shard, Function<ActorRef<R>, ShardMessage> message, Duration timeout);
}
