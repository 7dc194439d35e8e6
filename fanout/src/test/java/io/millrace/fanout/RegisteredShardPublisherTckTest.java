package io.millrace.fanout;

import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.ShardId;
import org.reactivestreams.Publisher;

/** One shard, by the subscriptions of a registered consumer. */
public class RegisteredShardPublisherTckTest extends PublisherTck<ShardRecords> {

  private static final String ONE_AT_A_TIME =
      "a consumer has one subscription to a shard: SubscriptionRulesTest";

  @Override
  public Publisher<ShardRecords> createPublisher(long elements) {
    String consumer = engine.register(stream(elements), "audit");
    return engine.fanOut.consumer(consumer).shard(new ShardId(0), FROM);
  }

  @Override
  public Publisher<ShardRecords> createFailedPublisher() {
    return engine
        .fanOut
        .consumer("arn:aws:kinesis:us-east-1:000000000000:stream/missing/consumer/audit:1")
        .shard(new ShardId(0), FROM);
  }

  @Override
  public void optional_spec111_maySupportMultiSubscribe() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  public void optional_spec111_registeredSubscribersMustReceiveOnNextOrOnCompleteSignals() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingOneByOne() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfront() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfrontAndCompleteAsExpected() {
    notVerified(ONE_AT_A_TIME);
  }
}
