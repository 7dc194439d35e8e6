package io.millrace.fanout;

import io.millrace.engine.api.SubscribeToShardEvent;
import io.millrace.engine.api.SubscribeToShardRequest;
import io.millrace.testkit.Awaits;
import org.reactivestreams.Publisher;

/** What SubscribeToShard pushes. */
public class SubscriptionTckTest extends PublisherTck<SubscribeToShardEvent> {

  private static final String ONE_SUBSCRIBER = "a subscription has one subscriber";

  @Override
  public Publisher<SubscribeToShardEvent> createPublisher(long elements) {
    return subscribe(stream(elements));
  }

  private Publisher<SubscribeToShardEvent> subscribe(String stream) {
    String consumer = engine.register(stream, "audit");
    return Awaits.get(
        engine.fanOut.subscribeToShard(
            new SubscribeToShardRequest(consumer, "shardId-000000000000", FROM)));
  }

  /** One that somebody else has subscribed to. */
  @Override
  public Publisher<SubscribeToShardEvent> createFailedPublisher() {
    Publisher<SubscribeToShardEvent> taken = subscribe(engine.create(1));
    Collector.of(taken);
    return taken;
  }

  @Override
  public void optional_spec111_maySupportMultiSubscribe() {
    notVerified(ONE_SUBSCRIBER);
  }

  @Override
  public void optional_spec111_registeredSubscribersMustReceiveOnNextOrOnCompleteSignals() {
    notVerified(ONE_SUBSCRIBER);
  }

  @Override
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingOneByOne() {
    notVerified(ONE_SUBSCRIBER);
  }

  @Override
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfront() {
    notVerified(ONE_SUBSCRIBER);
  }

  @Override
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfrontAndCompleteAsExpected() {
    notVerified(ONE_SUBSCRIBER);
  }
}
