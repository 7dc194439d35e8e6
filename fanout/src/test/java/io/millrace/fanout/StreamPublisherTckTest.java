package io.millrace.fanout;

import io.millrace.engine.consumer.ShardRecords;
import org.reactivestreams.Publisher;

/**
 * A whole stream. It has no end, so the rules that need one are skipped; that it says nothing after
 * the element of a shard's end but what its children have is left to StreamPublisherTest.
 */
public class StreamPublisherTckTest extends PublisherTck<ShardRecords> {

  @Override
  public Publisher<ShardRecords> createPublisher(long elements) {
    return engine.fanOut.stream(stream(elements), FROM);
  }

  @Override
  public Publisher<ShardRecords> createFailedPublisher() {
    return engine.fanOut.stream("missing", FROM);
  }

  @Override
  public long maxElementsFromPublisher() {
    return publisherUnableToSignalOnComplete();
  }
}
