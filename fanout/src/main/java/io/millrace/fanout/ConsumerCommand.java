package io.millrace.fanout;

import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.stream.ShardView;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;

/** What the actor of a registered consumer is told. */
sealed interface ConsumerCommand {

  /**
   * SubscribeToShard, once it is known that consumer and shard are there.
   *
   * @param address the shard
   * @param shard the same, as its stream knows it
   * @param from where to begin
   * @param replyTo told {@link Subscribed} or {@link Refused}
   */
  record Subscribe(
      ShardAddress address, ShardView shard, StartingPosition from, ActorRef<Reply> replyTo)
      implements ConsumerCommand {}

  /** The answer to {@link Subscribe}. */
  sealed interface Reply {}

  /**
   * The subscription has begun and lives for five minutes.
   *
   * @param source its records, to be run once
   */
  record Subscribed(Source<ShardRecords, NotUsed> source) implements Reply {}

  /** There is no subscription. */
  record Refused(MillraceException why) implements Reply {}

  /** The consumer is not registered any more, or nobody will tell. */
  record Gone(MillraceException why) implements ConsumerCommand {}

  /**
   * Where a subscription begins is known.
   *
   * @param counter counter of the first record wanted; null when there is a failure
   */
  record Located(Subscribe request, Long counter, Throwable failure) implements ConsumerCommand {}

  /** Whoever was subscribed has had enough, or has got all there was. */
  record Ended(ShardId shardId, long subscription) implements ConsumerCommand {}

  /** A subscription has lived for five minutes. */
  record LifeOver(ShardId shardId, long subscription) implements ConsumerCommand {}
}
