package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.CorruptRecordException;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.ManualClock;
import io.millrace.engine.testing.StorageStep;
import io.millrace.testkit.Awaits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.FlowAdapters;

/** One shard, pushed to readers in this process. */
class ShardPublisherTest {

  private static final ShardId SHARD_0 = TestEngine.SHARD_0;
  private static final StartingPosition HORIZON = StartingPosition.trimHorizon();

  private final InMemoryStore store = InMemoryStore.fresh();
  private TestEngine engine = TestEngine.on(store.config(), new ManualClock(), "");
  private final String stream = engine.create(1);

  @AfterEach
  void close() {
    engine.close();
    store.forget();
  }

  private Collector<ShardRecords> subscribe(StartingPosition from) {
    return Collector.of(engine.fanOut.shard(stream, SHARD_0, from));
  }

  private static List<SequenceNumber> numbers(ShardRecords element) {
    return element.records().stream().map(Record::sequenceNumber).toList();
  }

  @Test
  void historyIsPushedAndThenWhatComes() {
    SequenceNumber first = engine.put(stream, "1");
    SequenceNumber second = engine.put(stream, "2");
    Collector<ShardRecords> reader = subscribe(HORIZON);

    assertThat(numbers(reader.next())).containsExactly(first, second);
    reader.request(1);
    SequenceNumber third = engine.put(stream, "3");
    ShardRecords live = reader.await(2).get(1);
    assertThat(numbers(live)).containsExactly(third);
    assertThat(live.millisBehindLatest()).isZero();
    assertThat(live.shardId()).isEqualTo(SHARD_0);
  }

  @Test
  void nothingIsDeliveredThatNobodyAskedFor() {
    engine.put(stream, "1");
    Collector<ShardRecords> idle = subscribe(HORIZON);
    Collector<ShardRecords> busy = subscribe(HORIZON);

    busy.next();
    engine.put(stream, "2");
    busy.next();

    assertThat(idle.elements()).isEmpty();
    assertThat(idle.next().records()).hasSize(2);
  }

  @Test
  void stalledSubscriberStopsNobody() {
    Collector<ShardRecords> stalled = subscribe(HORIZON);
    Collector<ShardRecords> other = subscribe(HORIZON);
    List<SequenceNumber> put = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      other.request(1);
      put.add(engine.put(stream, "order " + i));
      assertThat(numbers(other.await(i + 1).get(i))).containsExactly(put.get(i));
    }
    assertThat(stalled.elements()).isEmpty();
    assertThat(numbers(stalled.next())).isEqualTo(put);
  }

  @Test
  void subscribersShareTheirRecords() {
    List<Collector<ShardRecords>> readers =
        IntStream.range(0, 20).mapToObj(i -> subscribe(HORIZON)).toList();
    readers.forEach(reader -> reader.request(1));
    engine.put(stream, "1");

    Record first = readers.get(0).await(1).get(0).records().get(0);
    readers.forEach(reader -> assertThat(reader.await(1).get(0).records().get(0)).isSameAs(first));
  }

  @Test
  void endsWithItsChildrenOnceTheStreamShowsThem() {
    SequenceNumber number = engine.put(stream, "1");
    Collector<ShardRecords> reader = subscribe(HORIZON).request(10);
    reader.await(1);
    engine.split(stream, SHARD_0);
    reader.awaitCompletion();

    assertThat(reader.elements()).hasSize(2);
    assertThat(reader.elements().get(0).isAtShardEnd()).isFalse();
    assertThat(reader.elements().get(0).continuation().orElseThrow())
        .isGreaterThanOrEqualTo(number);
    ShardRecords end = reader.elements().get(1);
    assertThat(end.records()).isEmpty();
    assertThat(end.continuation()).isEmpty();
    assertThat(end.childShards())
        .extracting(child -> child.shardId())
        .containsExactly(new ShardId(1), new ShardId(2));
  }

  @Test
  void goesOnAfterTheContinuationOfAnyElement() {
    Collector<ShardRecords> reader =
        Collector.of(engine.fanOut.shard(stream, SHARD_0, HORIZON)).request(Long.MAX_VALUE);
    List<SequenceNumber> put = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      engine.putMany(stream, 1 + i);
      reader.await(i + 1);
    }
    reader.elements().forEach(element -> put.addAll(numbers(element)));
    int delivered = 0;
    for (ShardRecords element : reader.elements()) {
      delivered += element.records().size();
      SequenceNumber last = put.get(delivered - 1);
      SequenceNumber continuation = element.continuation().orElseThrow();
      assertThat(continuation).isGreaterThanOrEqualTo(last);
      if (delivered < put.size()) {
        assertThat(numbers(subscribe(StartingPosition.afterSequenceNumber(continuation)).next()))
            .isEqualTo(put.subList(delivered, put.size()));
        assertThat(numbers(subscribe(StartingPosition.atSequenceNumber(last)).next()))
            .isEqualTo(put.subList(delivered - 1, put.size()));
      }
    }
  }

  @Test
  void startsAtATime() {
    engine.put(stream, "early");
    engine.clock.advance(Duration.ofSeconds(10));
    Instant time = Instant.ofEpochMilli(engine.clock.epochMillis());
    SequenceNumber late = engine.put(stream, "late");

    assertThat(numbers(subscribe(StartingPosition.atTimestamp(time)).next())).containsExactly(late);
    assertThat(subscribe(StartingPosition.atTimestamp(time.plusMillis(1))).awaitFailure())
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void refusesWhatIsNotThereAndForeignPositions() {
    assertThat(failure("missing", SHARD_0, HORIZON)).isInstanceOf(ResourceNotFoundException.class);
    assertThat(failure(stream, new ShardId(7), HORIZON))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThat(failure(stream, SHARD_0, new StartingPosition(HORIZON.type(), "1", null)))
        .isInstanceOf(InvalidArgumentException.class);
    String other = engine.create(2);
    SequenceNumber foreign = engine.putInto(other, new ShardId(1), "1").sequenceNumber();
    assertThat(failure(stream, SHARD_0, StartingPosition.afterSequenceNumber(foreign)))
        .isInstanceOf(InvalidArgumentException.class);
  }

  private Throwable failure(String name, ShardId shardId, StartingPosition from) {
    return Collector.of(engine.fanOut.shard(name, shardId, from)).awaitFailure();
  }

  @Test
  void goesOnWhenTheStorageIsBack() {
    SequenceNumber number = engine.put(stream, "1");
    engine.close();
    engine = TestEngine.on(store.config(), engine.clock, "");
    store.fail(StorageStep.PAGE, new InMemoryStore.StorageFailed());
    store.fail(StorageStep.PAGE, new InMemoryStore.StorageFailed());

    assertThat(numbers(subscribe(HORIZON).next())).containsExactly(number);
  }

  @Test
  void endsWhenTheStreamIsDeleted() {
    engine.put(stream, "1");
    Collector<ShardRecords> waiting = subscribe(HORIZON).request(10);
    waiting.await(1);
    engine.delete(stream);

    assertThat(waiting.awaitFailure()).isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void endsWhenTheEngineCloses() {
    Collector<ShardRecords> waiting = subscribe(HORIZON).request(10);
    Collector<ShardRecords> stalled = subscribe(HORIZON);
    var publisher = engine.fanOut.shard(stream, SHARD_0, HORIZON);
    engine.close();

    assertThat(waiting.awaitFailure()).isInstanceOf(EngineClosedException.class);
    assertThat(stalled.awaitFailure()).isInstanceOf(EngineClosedException.class);
    assertThat(Collector.of(publisher).awaitFailure()).isInstanceOf(EngineClosedException.class);
  }

  @Test
  void isASourceAndAPublisherOfTheJdkToo() {
    engine.put(stream, "1");
    RecordPublisher publisher = engine.fanOut.shard(stream, SHARD_0, HORIZON);
    ShardRecords element = Collector.of(publisher).next();

    assertThat(Awaits.get(publisher.source().runWith(Sink.head(), engine.millrace.system())))
        .isEqualTo(element);
    assertThat(Collector.of(FlowAdapters.toPublisher(publisher.flowPublisher())).next())
        .isEqualTo(element);
    assertThat(
            Awaits.get(
                engine
                    .fanOut
                    .retrieval()
                    .records(stream, SHARD_0, HORIZON)
                    .runWith(Sink.head(), engine.millrace.system())))
        .isEqualTo(element);
  }

  @Test
  void corruptRecordIsNoLoopOfAttempts() {
    engine.put(stream, "1");
    String owner = engine.view(stream).address(SHARD_0).persistenceId();
    engine.close();
    store.corruptEvent(owner, 2, 60);
    engine = TestEngine.on(store.config(), engine.clock, "");

    assertThat(subscribe(HORIZON).request(1).awaitFailure())
        .isInstanceOf(CorruptRecordException.class);
  }
}
