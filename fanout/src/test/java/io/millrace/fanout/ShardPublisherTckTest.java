package io.millrace.fanout;

import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.ShardId;
import org.reactivestreams.Publisher;

/**
 * One shard, read directly. Any number of subscribers is served, so nothing optional is left out.
 */
public class ShardPublisherTckTest extends PublisherTck<ShardRecords> {

  @Override
  public Publisher<ShardRecords> createPublisher(long elements) {
    return engine.fanOut.shard(stream(elements), new ShardId(0), FROM);
  }

  @Override
  public Publisher<ShardRecords> createFailedPublisher() {
    return engine.fanOut.shard("missing", new ShardId(0), FROM);
  }
}
