package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.DeregisterStreamConsumerRequest;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.api.SubscribeToShardEvent;
import io.millrace.engine.api.SubscribeToShardRequest;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.testkit.Awaits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

/** The rules of SubscribeToShard, by a clock and timers that only the test moves. */
class SubscriptionRulesTest {

  private static final ShardId SHARD_0 = TestEngine.SHARD_0;
  private static final StartingPosition HORIZON = StartingPosition.trimHorizon();
  private static final StartingPosition LATEST = StartingPosition.latest();
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final int MIB = 1 << 20;

  private TestEngine engine = TestEngine.withManualTime("");
  private String stream = engine.create(1);
  private String consumer = engine.register(stream, "audit");

  @AfterEach
  void close() {
    engine.close();
  }

  /** An engine with these settings instead. */
  private void with(String hocon) {
    engine.close();
    engine = TestEngine.withManualTime(hocon);
    stream = engine.create(1);
    consumer = engine.register(stream, "audit");
  }

  private Publisher<SubscribeToShardEvent> call(
      String arn, ShardId shardId, StartingPosition from) {
    return Awaits.get(
        engine.fanOut.subscribeToShard(new SubscribeToShardRequest(arn, shardId.toString(), from)));
  }

  private Collector<SubscribeToShardEvent> subscribe(StartingPosition from) {
    return Collector.of(call(consumer, SHARD_0, from));
  }

  private Throwable refusal(String arn, String shardId, StartingPosition from) {
    return Awaits.failureOf(
        engine.fanOut.subscribeToShard(new SubscribeToShardRequest(arn, shardId, from)));
  }

  private Throwable refusal() {
    return refusal(consumer, SHARD_0.toString(), LATEST);
  }

  private static List<SequenceNumber> numbers(SubscribeToShardEvent event) {
    return event.records().stream().map(Record::sequenceNumber).toList();
  }

  private static StartingPosition after(SubscribeToShardEvent event) {
    return StartingPosition.afterSequenceNumber(
        SequenceNumber.parse(event.continuationSequenceNumber()));
  }

  private void assertLive(Collector<SubscribeToShardEvent> subscriber) {
    int have = subscriber.elements().size();
    subscriber.request(1);
    engine.put(stream, "to see whether it lives");
    subscriber.await(have + 1);
  }

  // 1: one subscription to each shard, for each consumer

  @Test
  void consumersAndShardsAreIndependent() {
    engine.split(stream, SHARD_0);
    String other = engine.register(stream, "other");
    List<Collector<SubscribeToShardEvent>> all = new ArrayList<>();
    for (String arn : List.of(consumer, other)) {
      for (int shard = 1; shard <= 2; shard++) {
        all.add(Collector.of(call(arn, new ShardId(shard), HORIZON)));
      }
    }
    for (int shard = 1; shard <= 2; shard++) {
      engine.putInto(stream, new ShardId(shard), "data");
    }
    all.forEach(subscriber -> assertThat(subscriber.next().records()).hasSize(1));
  }

  @Test
  void publisherIsForOneSubscriber() {
    Publisher<SubscribeToShardEvent> publisher = call(consumer, SHARD_0, LATEST);
    Collector<SubscribeToShardEvent> first = Collector.of(publisher);

    assertThat(Collector.of(publisher).awaitFailure()).isInstanceOf(IllegalStateException.class);
    assertLive(first);
  }

  @Test
  void cancelledSubscriptionIsNoSubscription() {
    subscribe(LATEST).cancel();

    assertLive(awaitFree());
  }

  /** The key is free as soon as the actor has heard of it. */
  private Collector<SubscribeToShardEvent> awaitFree() {
    List<Publisher<SubscribeToShardEvent>> granted = new ArrayList<>();
    Awaits.await("the subscription to be free", () -> granted.add(call(consumer, SHARD_0, LATEST)));
    return Collector.of(granted.get(0));
  }

  @Test
  void failingSubscriberFreesItsSubscription() {
    Publisher<SubscribeToShardEvent> publisher = call(consumer, SHARD_0, HORIZON);
    engine.put(stream, "1");
    var failing =
        Source.fromPublisher(publisher)
            .map(
                event -> {
                  throw new IllegalArgumentException("a subscriber's own fault");
                })
            .runWith(Sink.ignore(), engine.millrace.system());
    assertThat(Awaits.failureOf(failing)).isInstanceOf(IllegalArgumentException.class);

    assertLive(awaitFree());
  }

  // 2: one call a second

  @Test
  void secondCallWithinASecondIsThrottled() {
    with("millrace.limits.mode = kinesis");
    Collector<SubscribeToShardEvent> first = subscribe(LATEST);
    engine.pass(Duration.ofMillis(999));

    assertThat(refusal())
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            limit -> assertThat(limit.outcome()).isEqualTo(Outcome.THROTTLED));
    engine.pass(Duration.ofMillis(1));
    assertThat(refusal()).isInstanceOf(ResourceInUseException.class);
    assertLive(first);
  }

  // 3, 4: taking over

  @Test
  void secondCallWithinFiveSecondsIsRefusedAndHarmsNobody() {
    Collector<SubscribeToShardEvent> first = subscribe(LATEST);
    engine.pass(Duration.ofMillis(4_999));

    assertThat(refusal()).isInstanceOf(ResourceInUseException.class);
    assertLive(first);
  }

  @Test
  void callAfterFiveSecondsTakesOver() {
    Collector<SubscribeToShardEvent> first = subscribe(LATEST);
    engine.pass(Duration.ofSeconds(5));
    Collector<SubscribeToShardEvent> second = subscribe(LATEST);

    assertThat(first.awaitFailure()).isInstanceOf(ResourceInUseException.class);
    assertLive(second);
    engine.pass(Duration.ofSeconds(4));
    assertThat(refusal()).isInstanceOf(ResourceInUseException.class);
  }

  @Test
  void callWithABadPositionTakesNothingOver() {
    Collector<SubscribeToShardEvent> first = subscribe(LATEST);
    engine.pass(Duration.ofSeconds(5));

    assertThat(refusal(consumer, SHARD_0.toString(), foreign()))
        .isInstanceOf(InvalidArgumentException.class);
    assertLive(first);
    // The refused call was no success: the next one still takes over.
    assertLive(subscribe(LATEST));
  }

  private StartingPosition foreign() {
    return StartingPosition.afterSequenceNumber(SequenceNumber.first(1, 7));
  }

  // 5: life

  @Test
  void lastsForFiveMinutes() {
    Collector<SubscribeToShardEvent> subscriber = subscribe(LATEST);
    engine.pass(LIFE.minusMillis(1));
    assertLive(subscriber);
    engine.pass(Duration.ofMillis(1));

    subscriber.awaitCompletion();
    assertLive(subscribe(LATEST));
  }

  @Test
  void whoNeverReadsLosesNothing() {
    SequenceNumber number = engine.put(stream, "1");
    Collector<SubscribeToShardEvent> stalled = subscribe(HORIZON);
    engine.pass(LIFE);
    stalled.awaitCompletion();

    assertThat(stalled.elements()).isEmpty();
    assertThat(numbers(subscribe(HORIZON).next())).containsExactly(number);
  }

  @Test
  void publisherThatNobodySubscribedToIsOverAfterItsLife() {
    Publisher<SubscribeToShardEvent> publisher = call(consumer, SHARD_0, LATEST);
    engine.pass(LIFE);
    // By then the actor has heard of it, since it grants another one.
    subscribe(LATEST);

    Collector.of(publisher).awaitCompletion();
  }

  // 6: positions

  @Test
  void goesOnFromTheContinuationEvenOfAnEmptyShardsVeryStart() {
    for (StartingPosition from : List.of(HORIZON, LATEST)) {
      Collector<SubscribeToShardEvent> subscriber = subscribe(from).request(1);
      engine.passUntil("a keep-alive", () -> !subscriber.elements().isEmpty());
      SubscribeToShardEvent empty = subscriber.await(1).get(0);
      assertThat(empty.records()).isEmpty();
      subscriber.cancel();
      awaitFree().cancel();
      SequenceNumber number = engine.put(stream, "1");

      Collector<SubscribeToShardEvent> next = awaitFreeFrom(after(empty));
      assertThat(numbers(next.next())).containsExactly(number);
      next.cancel();
      awaitFree().cancel();
      SequenceNumber position = SequenceNumber.parse(empty.continuationSequenceNumber());
      Collector<SubscribeToShardEvent> at =
          awaitFreeFrom(StartingPosition.atSequenceNumber(position));
      assertThat(numbers(at.next())).containsExactly(number);
      at.cancel();
      engine.pass(Duration.ofSeconds(5));
      stream = engine.create(1);
      consumer = engine.register(stream, "audit");
    }
  }

  private Collector<SubscribeToShardEvent> awaitFreeFrom(StartingPosition from) {
    List<Publisher<SubscribeToShardEvent>> granted = new ArrayList<>();
    Awaits.await("the subscription to be free", () -> granted.add(call(consumer, SHARD_0, from)));
    return Collector.of(granted.get(0));
  }

  @Test
  void latestIsWhereTheCallWasAnswered() {
    engine.put(stream, "before");
    Publisher<SubscribeToShardEvent> publisher = call(consumer, SHARD_0, LATEST);
    SequenceNumber number = engine.put(stream, "after");

    assertThat(numbers(Collector.of(publisher).next())).containsExactly(number);
  }

  // 7: what is not there

  @Test
  void consumerMustBeActive() {
    with("millrace.streams.consumer-delay = 10s");
    String creating = engine.beginToRegister(stream, "later");
    assertThat(refusal(creating, SHARD_0.toString(), LATEST))
        .isInstanceOf(ResourceInUseException.class);
    engine.awaitActive(creating);
    Collector<SubscribeToShardEvent> subscriber = Collector.of(call(creating, SHARD_0, LATEST));
    Awaits.get(
        engine.client().deregisterStreamConsumer(DeregisterStreamConsumerRequest.of(creating)));

    assertThat(subscriber.awaitFailure()).isInstanceOf(ResourceNotFoundException.class);
    assertThat(refusal(creating, SHARD_0.toString(), LATEST))
        .isInstanceOf(ResourceInUseException.class);
  }

  @Test
  void refusesUnknownConsumersAndShards() {
    assertThat(refusal(consumer + "1", SHARD_0.toString(), LATEST))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThat(refusal(consumer, "shardId-000000000009", LATEST))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThat(refusal(consumer, "no shard", LATEST)).isInstanceOf(ValidationException.class);
    assertThat(
            refusal(consumer, SHARD_0.toString(), new StartingPosition(LATEST.type(), "1", null)))
        .isInstanceOf(InvalidArgumentException.class);
  }

  // 8: the shard's end

  @Test
  void ofManyFaultsTheServicesFirstOneIsNamed() {
    with("millrace.limits.mode = kinesis");
    subscribe(LATEST);

    assertThat(refusal(consumer, "shardId-000000000009", foreign()))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThat(refusal(consumer, SHARD_0.toString(), foreign()))
        .as("too soon, taken, and from nowhere")
        .isInstanceOf(LimitExceededException.class);
    engine.pass(Duration.ofSeconds(1));
    assertThat(refusal(consumer, SHARD_0.toString(), foreign()))
        .as("taken, and from nowhere")
        .isInstanceOf(ResourceInUseException.class);
    engine.pass(Duration.ofSeconds(4));
    assertThat(refusal(consumer, SHARD_0.toString(), foreign()))
        .as("from nowhere")
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void endsWithChildShardsAndWithoutContinuation() {
    SequenceNumber number = engine.put(stream, "1");
    Collector<SubscribeToShardEvent> subscriber = subscribe(HORIZON).request(10);
    subscriber.await(1);
    engine.split(stream, SHARD_0);
    subscriber.awaitCompletion();

    List<SubscribeToShardEvent> events = subscriber.elements();
    assertThat(events).hasSize(2);
    assertThat(numbers(events.get(0))).containsExactly(number);
    assertThat(events.get(0).continuationSequenceNumber()).isNotNull();
    assertThat(events.get(0).childShards()).isEmpty();
    assertThat(events.get(1).isAtShardEnd()).isTrue();
    assertThat(events.get(1).childShards()).hasSize(2);
    // It is over: the shard may be subscribed to again.
    Collector<SubscribeToShardEvent> again = awaitFreeFrom(after(events.get(0)));
    assertThat(again.next().isAtShardEnd()).isTrue();
  }

  // 2.3: events

  @Test
  void eventHoldsAThousandRecordsOrAMebibyte() {
    engine.putMany(stream, 2_500);
    Collector<SubscribeToShardEvent> subscriber = subscribe(HORIZON);
    assertThat(subscriber.next().records()).hasSize(1_000);
    assertThat(subscriber.next().records()).hasSize(1_000);
    assertThat(subscriber.next().records()).hasSize(500);
    for (int i = 0; i < 3; i++) {
      engine.putBytes(stream, MIB / 2);
    }
    assertThat(subscriber.next().records()).hasSize(2);
    assertThat(subscriber.next().records()).hasSize(1);
  }

  @Test
  void keepsAWaitingSubscriberAliveAndNobodyElse() {
    SequenceNumber number = engine.put(stream, "1");
    Collector<SubscribeToShardEvent> subscriber = subscribe(HORIZON);
    engine.pass(Duration.ofSeconds(30));
    assertThat(numbers(subscriber.next())).containsExactly(number);

    subscriber.request(2);
    Duration waited = engine.passUntil("a keep-alive", () -> subscriber.elements().size() == 2);
    assertThat(waited).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6));
    SubscribeToShardEvent empty = subscriber.elements().get(1);
    assertThat(empty.records()).isEmpty();
    assertThat(empty.millisBehindLatest()).isZero();
    assertThat(empty.continuationSequenceNumber())
        .isEqualTo(subscriber.elements().get(0).continuationSequenceNumber());
    waited = engine.passUntil("another one", () -> subscriber.elements().size() == 3);
    assertThat(waited).isBetween(Duration.ofMillis(4_500), Duration.ofSeconds(6));
    assertThat(subscriber.elements().get(2).records()).isEmpty();
    SequenceNumber later = engine.put(stream, "2");
    assertThat(numbers(subscriber.next())).containsExactly(later);
  }

  @Test
  void isPacedWithDebtAndByItselfForEachConsumer() {
    with(
        """
        millrace.limits {
          mode = custom
          custom {
            write-bytes-per-second = 100 MiB
            read-bytes-per-second = 1 MiB
            calls-per-second.subscribe-to-shard = 1000
          }
        }
        """);
    String other = engine.register(stream, "other");
    for (int i = 0; i < 4; i++) {
      engine.putBytes(stream, MIB);
    }
    Collector<SubscribeToShardEvent> subscriber = subscribe(HORIZON).request(10);
    // A burst of a second's worth, and what goes into debt as soon as anything is there again.
    Duration waited = engine.passUntil("a burst", () -> received(subscriber) == 2);
    assertThat(waited).isLessThan(Duration.ofSeconds(1));
    waited = waited.plus(engine.passUntil("the debt paid", () -> received(subscriber) == 3));
    assertThat(waited).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    // Another consumer owes nothing.
    Collector<SubscribeToShardEvent> fast = Collector.of(call(other, SHARD_0, HORIZON)).request(1);
    assertThat(fast.await(1).get(0).records()).hasSize(1);
    // Who subscribes again owes what he owed.
    subscriber.cancel();
    Collector<SubscribeToShardEvent> again =
        awaitFreeFrom(after(subscriber.elements().get(2))).request(10);
    waited = waited.plus(engine.passUntil("the debt paid", () -> received(again) == 1));
    assertThat(waited).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
  }

  private static long received(Collector<SubscribeToShardEvent> subscriber) {
    return subscriber.elements().stream().mapToLong(event -> event.records().size()).sum();
  }

  @Test
  void throttledSubscriberIsToldHowFarBehindItIs() {
    with(
        "millrace.limits { mode = custom, custom { write-bytes-per-second = 100 MiB, read-bytes-per-second = 100 KiB } }");
    engine.putBytes(stream, MIB);
    engine.put(stream, "next");
    Collector<SubscribeToShardEvent> subscriber = subscribe(HORIZON).request(2);
    subscriber.await(1);
    long put = engine.clock.epochMillis();
    engine.passUntil("a keep-alive", () -> subscriber.elements().size() == 2);

    SubscribeToShardEvent empty = subscriber.elements().get(1);
    assertThat(empty.records()).isEmpty();
    assertThat(empty.millisBehindLatest()).isBetween(5_000L, engine.clock.epochMillis() - put);
  }

  // the end of consumers, streams and engines

  @Test
  void endsWhenItsConsumerIsDeregistered() {
    Collector<SubscribeToShardEvent> stalled = subscribe(LATEST);
    String other = engine.register(stream, "other");
    Collector<SubscribeToShardEvent> unharmed = Collector.of(call(other, SHARD_0, LATEST));
    Awaits.get(
        engine.client().deregisterStreamConsumer(DeregisterStreamConsumerRequest.of(consumer)));

    assertThat(stalled.awaitFailure()).isInstanceOf(ResourceNotFoundException.class);
    assertLive(unharmed);
    String again = engine.register(stream, "audit");
    if (!again.equals(consumer)) {
      assertThat(refusal(consumer, SHARD_0.toString(), LATEST))
          .isInstanceOf(ResourceNotFoundException.class);
    }
    assertLive(Collector.of(call(again, SHARD_0, LATEST)));
  }

  @Test
  void endsWhenItsStreamIsDeleted() {
    Collector<SubscribeToShardEvent> stalled = subscribe(LATEST);
    engine.delete(stream);

    assertThat(stalled.awaitFailure()).isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void endsWhenTheEngineCloses() {
    Collector<SubscribeToShardEvent> stalled = subscribe(LATEST);
    Collector<ShardRecords> registered =
        Collector.of(engine.fanOut.consumer(engine.register(stream, "b")).shard(SHARD_0, LATEST));
    engine.close();

    assertThat(stalled.awaitFailure()).isInstanceOf(EngineClosedException.class);
    assertThat(registered.awaitFailure()).isInstanceOf(EngineClosedException.class);
    assertThat(refusal()).isInstanceOf(EngineClosedException.class);
  }

  // registered consumers as publishers

  @Test
  void publisherRenewsItsSubscriptionWithoutGapOrRepeat() {
    List<SequenceNumber> put = new ArrayList<>();
    Collector<ShardRecords> reader =
        Collector.of(engine.fanOut.consumer(consumer).shard(SHARD_0, HORIZON)).request(1000);
    for (int renewals = 0; renewals < 3; renewals++) {
      for (int i = 0; i < 5; i++) {
        put.add(engine.put(stream, "order"));
      }
      Awaits.await("what was put", () -> numbersOf(reader).size() == put.size());
      engine.pass(LIFE.plusSeconds(1));
    }
    put.add(engine.put(stream, "last"));
    engine.split(stream, SHARD_0);
    reader.awaitCompletion();

    assertThat(numbersOf(reader)).isEqualTo(put);
    assertThat(reader.elements()).filteredOn(element -> element.records().isEmpty()).hasSize(1);
  }

  private static List<SequenceNumber> numbersOf(Collector<ShardRecords> reader) {
    return reader.elements().stream()
        .flatMap(element -> element.records().stream())
        .map(Record::sequenceNumber)
        .toList();
  }

  @Test
  void publisherOfATakenShardIsRefusedAndOneThatIsTakenOverFails() {
    Collector<SubscribeToShardEvent> first = subscribe(LATEST);
    RecordPublisher publisher = engine.fanOut.consumer(consumer).shard(SHARD_0, LATEST);
    assertThat(Collector.of(publisher).awaitFailure()).isInstanceOf(ResourceInUseException.class);
    engine.pass(Duration.ofSeconds(5));
    Collector<ShardRecords> second = Collector.of(publisher);
    assertThat(first.awaitFailure()).isInstanceOf(ResourceInUseException.class);
    engine.pass(Duration.ofSeconds(5));
    subscribe(LATEST);

    assertThat(second.awaitFailure()).isInstanceOf(ResourceInUseException.class);
  }

  @Test
  void publisherWaitsForItsTurnToCall() {
    with("millrace.limits.mode = kinesis");
    subscribe(LATEST).cancel();
    Collector<ShardRecords> reader =
        Collector.of(engine.fanOut.consumer(consumer).shard(SHARD_0, HORIZON)).request(1);
    SequenceNumber number = engine.put(stream, "1");
    engine.passUntil("room for another call", () -> !reader.elements().isEmpty());

    assertThat(numbersOf(reader)).containsExactly(number);
  }

  @Test
  void retrievalOfAConsumerIsOfItsStreamOnly() {
    SequenceNumber number = engine.put(stream, "1");
    String other = engine.create(1);
    var retrieval = engine.fanOut.consumer(consumer).retrieval();
    var sink = Sink.<ShardRecords>head();

    assertThat(
            Awaits.failureOf(
                retrieval.records(other, SHARD_0, HORIZON).runWith(sink, engine.millrace.system())))
        .isInstanceOf(ResourceNotFoundException.class);
    ShardRecords first =
        Awaits.get(
            retrieval.records(stream, SHARD_0, HORIZON).runWith(sink, engine.millrace.system()));
    assertThat(first.records()).extracting(Record::sequenceNumber).containsExactly(number);
  }
}
