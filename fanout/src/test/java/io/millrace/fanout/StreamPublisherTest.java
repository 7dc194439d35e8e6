package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.testkit.Awaits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole stream, pushed through its reshards, directly or to a registered consumer. */
class StreamPublisherTest {

  private static final StartingPosition HORIZON = StartingPosition.trimHorizon();

  private final TestEngine engine = TestEngine.open("millrace.fan-out.max-records = 2");
  private final String stream = engine.create(2);

  @AfterEach
  void close() {
    engine.close();
  }

  private static ShardId shard(int index) {
    return new ShardId(index);
  }

  private Collector<ShardRecords> subscribe(boolean registered, StartingPosition from) {
    return Collector.of(
        registered
            ? engine.fanOut.consumer(engine.register(stream, "audit")).stream(from)
            : engine.fanOut.stream(stream, from));
  }

  private static List<String> data(List<ShardRecords> elements) {
    return elements.stream()
        .flatMap(element -> element.records().stream())
        .map(record -> record.data().utf8())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void followsSplitsAndMergesParentsFirst(boolean registered) {
    Collector<ShardRecords> reader = subscribe(registered, HORIZON).request(Long.MAX_VALUE);
    engine.putInto(stream, shard(0), "0");
    engine.putInto(stream, shard(1), "1");
    engine.split(stream, shard(0));
    engine.putInto(stream, shard(2), "2");
    engine.putInto(stream, shard(3), "3");
    engine.merge(stream, shard(3), shard(1));
    engine.putInto(stream, shard(4), "4");
    reader.await(8);

    assertThat(data(reader.elements())).containsExactlyInAnyOrder("0", "1", "2", "3", "4");
    assertThat(positions(reader, 0)).isLessThan(positions(reader, 2));
    assertThat(positions(reader, 0)).isLessThan(positions(reader, 3));
    assertThat(positions(reader, 1)).isLessThan(positions(reader, 4));
    assertThat(positions(reader, 3)).isLessThan(positions(reader, 4));
    assertThat(reader.isLive()).isTrue();
  }

  /** Where the element with the record of this shard stands. */
  private static int positions(Collector<ShardRecords> reader, int shard) {
    List<ShardRecords> elements = reader.elements();
    for (int i = 0; i < elements.size(); i++) {
      if (!elements.get(i).records().isEmpty() && elements.get(i).shardId().equals(shard(shard))) {
        return i;
      }
    }
    throw new AssertionError("nothing of shard " + shard);
  }

  @Test
  void childWaitsForWhoReadsItsParentSlowly() {
    for (int i = 0; i < 9; i++) {
      engine.putInto(stream, shard(0), "0");
    }
    engine.split(stream, shard(0));
    engine.putInto(stream, shard(2), "2");
    Collector<ShardRecords> reader = subscribe(false, HORIZON);
    ShardRecords end = reader.nextWhere(ShardRecords::isAtShardEnd);

    assertThat(end.shardId()).isEqualTo(shard(0));
    assertThat(data(reader.elements())).hasSize(9).containsOnly("0");
    assertThat(data(List.of(reader.next()))).containsExactly("2");
  }

  @Test
  void shardsTakeTurns() {
    for (int i = 0; i < 20; i++) {
      engine.putInto(stream, shard(0), "0");
      engine.putInto(stream, shard(1), "1");
    }
    Collector<ShardRecords> reader = subscribe(false, HORIZON);
    ShardId first = reader.next().shardId();
    reader.nextWhere(element -> !element.shardId().equals(first)); // both are being read now

    List<ShardId> order =
        Stream.generate(reader::next).limit(8).map(ShardRecords::shardId).toList();

    for (int i = 1; i < order.size(); i++) {
      assertThat(order.get(i)).isNotEqualTo(order.get(i - 1));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void startsAtATimeInTheShardsThatWereOpenThen(boolean registered) {
    engine.putInto(stream, shard(0), "before");
    engine.split(stream, shard(0));
    engine.clock.advance(Duration.ofSeconds(10));
    engine.putInto(stream, shard(2), "early");
    engine.clock.advance(Duration.ofSeconds(10));
    Instant time = Instant.ofEpochMilli(engine.clock.epochMillis());
    engine.putInto(stream, shard(2), "late");
    engine.putInto(stream, shard(1), "late too");
    Collector<ShardRecords> reader =
        subscribe(registered, StartingPosition.atTimestamp(time)).request(10);
    reader.await(2);
    engine.putInto(stream, shard(3), "live");
    reader.await(3);

    assertThat(data(reader.elements())).containsExactlyInAnyOrder("late", "late too", "live");
  }

  @Test
  void latestBeginsAtTheOpenShardsAndReadsLaterOnesWhole() {
    engine.putInto(stream, shard(0), "before");
    engine.split(stream, shard(0));
    Collector<ShardRecords> reader =
        subscribe(false, StartingPosition.latest()).request(Long.MAX_VALUE);
    // Whatever comes after the first that is seen is seen.
    int sent = 0;
    while (data(reader.elements()).stream().noneMatch(text -> text.startsWith("probe"))) {
      engine.putInto(stream, shard(2), "probe " + sent++);
    }
    engine.split(stream, shard(2));
    SequenceNumber child = engine.putInto(stream, shard(4), "child").sequenceNumber();
    Awaits.await(
        "the child's record",
        () ->
            reader.elements().stream()
                .flatMap(element -> element.records().stream())
                .map(Record::sequenceNumber)
                .anyMatch(child::equals));

    assertThat(data(reader.elements())).doesNotContain("before");
    assertThat(reader.elements()).extracting(ShardRecords::shardId).doesNotContain(shard(0));
  }

  @Test
  void positionInAShardIsNoneInAStream() {
    SequenceNumber number = engine.put(stream, "1");
    assertThatThrownBy(
            () -> engine.fanOut.stream(stream, StartingPosition.afterSequenceNumber(number)))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsWithTheStream(boolean registered) {
    Collector<ShardRecords> reader = subscribe(registered, HORIZON).request(10);
    engine.put(stream, "1");
    reader.await(1);
    engine.delete(stream);

    assertThat(reader.awaitFailure()).isInstanceOf(ResourceNotFoundException.class);
    assertThat(Collector.of(engine.fanOut.stream("missing", HORIZON)).awaitFailure())
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void endsWithTheEngine() {
    Collector<ShardRecords> stalled = subscribe(false, HORIZON);
    engine.close();
    assertThat(stalled.awaitFailure()).isInstanceOf(EngineClosedException.class);
  }

  @Test
  void cancelledReaderFreesTheSubscriptionsOfAllShards() {
    String consumer = engine.register(stream, "audit");
    Collector<ShardRecords> first =
        Collector.of(engine.fanOut.consumer(consumer).stream(HORIZON)).request(10);
    engine.putInto(stream, shard(0), "0");
    engine.putInto(stream, shard(1), "1");
    first.await(2);
    first.cancel();

    Awaits.await(
        "the shards to be free",
        () -> {
          Collector<ShardRecords> second =
              Collector.of(engine.fanOut.consumer(consumer).stream(HORIZON)).request(2);
          second.await(2);
          return true;
        });
  }
}
