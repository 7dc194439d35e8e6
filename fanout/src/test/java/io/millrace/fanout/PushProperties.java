package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.ManualClock;
import io.millrace.testkit.Awaits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Random schedules of puts, reshards, demand, cancels, failures and restarts: whoever reads gets
 * every record once, in the order of its shard, parents first, and no more than was asked for.
 */
class PushProperties {

  private static final StartingPosition HORIZON = StartingPosition.trimHorizon();
  private static final String SETTINGS = "millrace.fan-out { max-records = 3, max-bytes = 60 }";

  private static InMemoryStore store;
  private static TestEngine engine;

  @BeforeContainer
  static void open() {
    store = InMemoryStore.fresh();
    engine = TestEngine.on(store.config(), new ManualClock(), SETTINGS);
  }

  @AfterContainer
  static void close() {
    engine.close();
    store.forget();
  }

  /** A stream and what has been put into it. */
  private static final class Schedule {

    final Random random;
    final String stream;
    final Map<ShardId, List<SequenceNumber>> put = new HashMap<>();
    int puts;

    Schedule(Random random) {
      this.random = random;
      this.stream = engine.create(1 + random.nextInt(3));
    }

    void put() {
      for (int i = random.nextInt(4); i >= 0; i--) {
        String data = "x".repeat(random.nextInt(40)) + puts++;
        PutRecordResponse done = engine.put(stream, "key " + random.nextInt(50), data);
        put.computeIfAbsent(done.shardId(), first -> new ArrayList<>()).add(done.sequenceNumber());
      }
    }

    void reshard() {
      List<ShardView> open =
          engine.view(stream).shards().stream().filter(ShardView::isOpen).toList();
      ShardView one = open.get(random.nextInt(open.size()));
      for (ShardView other : open) {
        if (one.range().isFollowedBy(other.range()) && random.nextBoolean()) {
          engine.merge(stream, one.shardId(), other.shardId());
          return;
        }
      }
      if (open.size() < 6) {
        engine.split(stream, one.shardId());
      }
    }

    /** Holds what somebody got of the whole stream against what was put. */
    void holdsFor(List<ShardRecords> elements) {
      Map<ShardId, List<SequenceNumber>> got = new HashMap<>();
      Set<ShardId> ended = new HashSet<>();
      Map<ShardId, ShardView> shards =
          engine.view(stream).shards().stream()
              .collect(Collectors.toMap(ShardView::shardId, shard -> shard));
      for (ShardRecords element : elements) {
        ShardId shardId = element.shardId();
        assertThat(ended).containsAll(shards.get(shardId).parents()).doesNotContain(shardId);
        assertThat(element.records()).hasSizeLessThanOrEqualTo(3);
        for (Record record : element.records()) {
          got.computeIfAbsent(shardId, first -> new ArrayList<>()).add(record.sequenceNumber());
        }
        if (element.isAtShardEnd()) {
          ended.add(shardId);
        }
      }
      assertThat(got).isEqualTo(put);
    }

    int records() {
      return put.values().stream().mapToInt(List::size).sum();
    }
  }

  private static int records(List<ShardRecords> elements) {
    return elements.stream().mapToInt(element -> element.records().size()).sum();
  }

  @Property(tries = 40)
  void everySubscriptionSeesEachRecordOnceAndInOrder(@ForAll long seed) {
    Random random = new Random(seed);
    Schedule schedule = new Schedule(random);
    List<Collector<ShardRecords>> readers = new ArrayList<>();
    for (int step = 0; step < 25; step++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> schedule.put();
        case 3 -> {
          if (random.nextInt(3) == 0) {
            schedule.reshard();
          }
        }
        case 4 -> readers.add(subscribe(schedule, random.nextBoolean(), readers.size()));
        case 5 -> {
          if (!readers.isEmpty() && random.nextInt(3) == 0) {
            readers.get(random.nextInt(readers.size())).cancel();
          }
        }
        case 6 -> fail(schedule);
        default -> {
          if (!readers.isEmpty()) {
            Collector<ShardRecords> reader = readers.get(random.nextInt(readers.size()));
            reader.request(1 + random.nextInt(4));
          }
        }
      }
    }
    readers.add(subscribe(schedule, true, readers.size()));

    for (Collector<ShardRecords> reader : readers) {
      if (!reader.isCancelled()) {
        reader.request(Long.MAX_VALUE);
        Awaits.await("all records", () -> records(reader.elements()) >= schedule.records());
        assertThat(reader.isLive()).isTrue();
        schedule.holdsFor(reader.elements());
        reader.cancel();
      }
    }
  }

  private static Collector<ShardRecords> subscribe(
      Schedule schedule, boolean registered, int name) {
    String stream = schedule.stream;
    return Collector.of(
        registered
            ? engine.fanOut.consumer(engine.register(stream, "reader-" + name)).stream(HORIZON)
            : engine.fanOut.stream(stream, HORIZON));
  }

  /** A subscriber that throws at its first element. */
  private static void fail(Schedule schedule) {
    Source.fromPublisher(engine.fanOut.stream(schedule.stream, HORIZON))
        .map(
            element -> {
              throw new IllegalStateException("a subscriber's own fault");
            })
        .runWith(Sink.ignore(), engine.millrace.system());
  }

  /** Reads some, closes the engine at any moment, goes on from where each shard was. */
  @Property(tries = 8)
  void readingGoesOnAfterARestart(@ForAll long seed) {
    Random random = new Random(seed);
    Schedule schedule = new Schedule(random);
    Map<ShardId, List<SequenceNumber>> got = new HashMap<>();
    Map<ShardId, StartingPosition> positions = new HashMap<>();
    for (int life = 0; life < 3; life++) {
      schedule.put();
      if (random.nextBoolean()) {
        schedule.reshard();
        schedule.put();
      }
      boolean isLast = life == 2;
      for (ShardView shard : engine.view(schedule.stream).shards()) {
        ShardId shardId = shard.shardId();
        Collector<ShardRecords> reader =
            Collector.of(
                engine.fanOut.shard(
                    schedule.stream, shardId, positions.getOrDefault(shardId, HORIZON)));
        List<SequenceNumber> numbers = got.computeIfAbsent(shardId, first -> new ArrayList<>());
        int wanted = schedule.put.getOrDefault(shardId, List.of()).size();
        while (numbers.size() < wanted && (isLast || random.nextInt(4) > 0)) {
          ShardRecords element = reader.next();
          element.records().forEach(record -> numbers.add(record.sequenceNumber()));
          element
              .continuation()
              .ifPresent(
                  number -> positions.put(shardId, StartingPosition.afterSequenceNumber(number)));
        }
        reader.cancel();
      }
      if (!isLast) {
        engine.close();
        engine = TestEngine.on(store.config(), engine.clock, SETTINGS);
      }
    }
    got.values().removeIf(List::isEmpty);
    assertThat(got).isEqualTo(schedule.put);
  }
}
