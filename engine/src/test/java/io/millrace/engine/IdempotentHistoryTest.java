package io.millrace.engine;

import static io.millrace.engine.StreamClientContract.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.InMemoryStore.StorageFailed;
import io.millrace.engine.testing.ManualClock;
import io.millrace.engine.testing.StorageStep;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random histories of a producer who repeats his puts, while writes fail before and after they are
 * stored, the engine restarts, and shards split and merge: each record is there exactly once, under
 * the number that every put of it was answered.
 */
@ExtendWith(Seeds.class)
class IdempotentHistoryTest {

  private static final Config SETTINGS =
      ConfigFactory.parseString(
          """
          millrace {
            limits.mode = off
            streams.min-backoff = 1ms
            streams.max-backoff = 5ms
            shard.restart-backoff = 1ms
            shard.max-restart-backoff = 5ms
          }
          pekko.loglevel = OFF
          pekko.stdout-loglevel = OFF
          """);

  private final InMemoryStore store = InMemoryStore.fresh();
  private final ManualClock clock = new ManualClock();
  private Millrace engine;
  private ProducerId producer;
  private int next;
  private final Map<Integer, SequenceNumber> answers = new HashMap<>();

  @RepeatedTest(6)
  void eachRecordIsThereOnce(Seed seed) {
    Random random = seed.random("history");
    open();
    producer = engine.newProducer();
    get(engine.client().createStream("orders", 2));
    get(engine.awaitActive("orders"));
    try {
      for (int step = 0; step < 150; step++) {
        clock.advance(Duration.ofMillis(random.nextInt(500)));
        step(random);
      }
      putUntilAnswered(0, next);
      assertEachIsThereOnce();
    } finally {
      engine.close();
      store.forget();
    }
  }

  private void open() {
    engine = Millrace.open(SETTINGS.withFallback(store.config()), clock);
  }

  private void step(Random random) {
    switch (random.nextInt(12)) {
      case 0 -> {
        engine.close();
        open();
      }
      case 1 -> split(random);
      case 2 -> merge(random);
      case 3, 4 -> store.fail(StorageStep.ACKNOWLEDGE, "shard|", new StorageFailed());
      case 5 -> store.fail(StorageStep.WRITE, "shard|", new StorageFailed());
      default -> {
        List<CompletableFuture<?>> puts = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
          puts.add(put(some(random)));
        }
        CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)).join();
      }
    }
  }

  /** Records some of which are new. */
  private List<Integer> some(Random random) {
    List<Integer> some = new ArrayList<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      some.add(next > 0 && random.nextBoolean() ? random.nextInt(next) : next++);
    }
    return some;
  }

  private CompletableFuture<?> put(List<Integer> sequences) {
    List<PutRecordsRequestEntry> entries = sequences.stream().map(this::entry).toList();
    return engine
        .client()
        .putRecords(PutRecordsRequest.of("orders", entries))
        .thenAccept(
            response -> {
              for (int i = 0; i < sequences.size(); i++) {
                answered(sequences.get(i), response.records().get(i));
              }
            })
        .toCompletableFuture();
  }

  private PutRecordsRequestEntry entry(int sequence) {
    return PutRecordsRequestEntry.of("key " + sequence % 16, Payload.utf8("record " + sequence))
        .withProducer(producer, sequence);
  }

  private synchronized void answered(int sequence, PutRecordsResultEntry result) {
    if (result.isStored()) {
      SequenceNumber first = answers.putIfAbsent(sequence, result.sequenceNumber());
      if (first != null) {
        assertThat(result.sequenceNumber()).as("answer to %d", sequence).isEqualTo(first);
      }
    }
  }

  private void putUntilAnswered(int from, int to) {
    for (int sequence = from; sequence < to; sequence++) {
      do {
        put(List.of(sequence)).join();
      } while (!answers.containsKey(sequence));
    }
  }

  private List<Shard> openShards() {
    return get(engine.client().listShards(ListShardsRequest.of("orders"))).shards().stream()
        .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
        .sorted(Comparator.comparing(shard -> shard.hashKeyRange().starting()))
        .toList();
  }

  private void split(Random random) {
    List<Shard> open = openShards();
    Shard shard = open.get(random.nextInt(open.size()));
    get(
        engine
            .client()
            .splitShard(
                SplitShardRequest.of(
                    "orders",
                    shard.shardId().toString(),
                    shard.hashKeyRange().midpoint().toString())));
    awaitActiveWhilePutting(random);
  }

  private void merge(Random random) {
    List<Shard> open = openShards();
    if (open.size() > 1) {
      int at = random.nextInt(open.size() - 1);
      get(
          engine
              .client()
              .mergeShards(
                  MergeShardsRequest.of(
                      "orders",
                      open.get(at).shardId().toString(),
                      open.get(at + 1).shardId().toString())));
      awaitActiveWhilePutting(random);
    }
  }

  private void awaitActiveWhilePutting(Random random) {
    CompletableFuture<?> put = put(some(random));
    get(engine.awaitActive("orders"));
    put.join();
  }

  private void assertEachIsThereOnce() {
    List<Record> records = Lineage.read(engine.client(), "orders").records();
    Map<String, SequenceNumber> read = new HashMap<>();
    for (Record record : records) {
      assertThat(read.put(record.data().utf8(), record.sequenceNumber()))
          .as("second %s", record.data().utf8())
          .isNull();
    }
    Map<String, SequenceNumber> answered = new HashMap<>();
    answers.forEach((sequence, number) -> answered.put("record " + sequence, number));
    assertThat(read).isEqualTo(answered);
  }
}
