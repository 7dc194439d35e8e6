package io.millrace.fanout;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.model.ShardId;

/**
 * A registered consumer, which gets records with its own throughput of each shard: it subscribes to
 * shards and renews each subscription every five minutes by itself, without gap or repeat. One
 * subscription to a shard lives at a time, whoever holds it, a client of the API included.
 *
 * <p>Safe for any thread. Nothing is looked up before somebody subscribes.
 */
public final class RegisteredConsumer {

  private final FanOut fanOut;
  private final String consumerArn;

  RegisteredConsumer(FanOut fanOut, String consumerArn) {
    this.fanOut = fanOut;
    this.consumerArn = consumerArn;
  }

  /** Its ARN. */
  public String arn() {
    return consumerArn;
  }

  /** The records of one shard of its stream. */
  public RecordPublisher shard(ShardId shardId, StartingPosition from) {
    return fanOut.publisher(fanOut.subscriptions(consumerArn, shardId, from));
  }

  /**
   * The records of its whole stream, through every reshard.
   *
   * @param from TRIM_HORIZON, LATEST or AT_TIMESTAMP, as {@link FanOut#stream} has them
   * @throws io.millrace.engine.api.InvalidArgumentException when it is another one
   */
  public RecordPublisher stream(StartingPosition from) {
    return fanOut.streamOf(consumerArn, from);
  }

  /**
   * This consumer's subscriptions as a {@link Retrieval}. Of any stream but its own it has nothing:
   * ResourceNotFoundException.
   */
  public Retrieval retrieval() {
    return (streamName, shardId, from) ->
        fanOut.subscriptions(consumerArn, streamName, shardId, from);
  }
}
