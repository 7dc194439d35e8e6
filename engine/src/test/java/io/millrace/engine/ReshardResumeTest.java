package io.millrace.engine;

import static io.millrace.engine.StreamClientContract.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.UpdateShardCountRequest;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.ManualClock;
import io.millrace.testkit.Awaits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reshards whose storage fails, or whose engine ends, at each single thing that the storage does
 * for them: every one that was begun is finished, and no record is lost or doubled.
 */
class ReshardResumeTest {

  /** The puts of these run while the shards change. */
  private static final List<String> KEYS = List.of("a", "b", "c", "d");

  /** A reshard of a stream with three shards. */
  private enum Reshard {
    SPLIT(4) {
      @Override
      CompletionStage<?> of(StreamClient client, String stream) {
        String middle = HashKeyRange.uniform(3).get(1).midpoint().toString();
        return client.splitShard(SplitShardRequest.of(stream, shard(1), middle));
      }
    },
    MERGE(2) {
      @Override
      CompletionStage<?> of(StreamClient client, String stream) {
        return client.mergeShards(MergeShardsRequest.of(stream, shard(1), shard(2)));
      }
    },
    /** With shards that are open for a moment only. */
    SHRINK(2) {
      @Override
      CompletionStage<?> of(StreamClient client, String stream) {
        return client.updateShardCount(UpdateShardCountRequest.of(stream, 2));
      }
    },
    GROW(5) {
      @Override
      CompletionStage<?> of(StreamClient client, String stream) {
        return client.updateShardCount(UpdateShardCountRequest.of(stream, 5));
      }
    };

    private final int openAfterwards;

    Reshard(int openAfterwards) {
      this.openAfterwards = openAfterwards;
    }

    abstract CompletionStage<?> of(StreamClient client, String stream);

    private static String shard(int index) {
      return new ShardId(index).toString();
    }
  }

  private static final Config SETTINGS =
      ConfigFactory.parseString(
          """
          millrace {
            limits.mode = off
            answer-timeout = 5s
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
  private Millrace engine = open();

  private Millrace open() {
    return Millrace.open(SETTINGS.withFallback(store.config()), clock);
  }

  @AfterEach
  void close() {
    engine.close();
    store.forget();
  }

  /** A stream that is resharded once. */
  private final class Subject {

    private final String name;
    private final Map<String, CompletableFuture<String>> puts = new LinkedHashMap<>();

    Subject(String name) {
      this.name = name;
      get(engine.client().createStream(name, 3));
      get(engine.awaitActive(name));
      putUnderEachKey("before");
      awaitPuts();
      assertThat(puts.values()).allMatch(put -> put.join().equals("stored"));
    }

    final void putUnderEachKey(String when) {
      KEYS.forEach(key -> put(key, key + " " + when));
    }

    private String put(String key, String data) {
      CompletableFuture<String> outcome =
          engine
              .client()
              .putRecord(name, key, Payload.utf8(data))
              .handle((stored, failure) -> failure == null ? "stored" : outcome(failure))
              .toCompletableFuture();
      puts.put(data, outcome);
      return data;
    }

    private static String outcome(Throwable failure) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      return ((MillraceException) cause).outcome().toString();
    }

    final void awaitPuts() {
      puts.values().forEach(Awaits::get);
    }

    /** After it: ACTIVE by itself, whole, and ready for more. */
    void verify(Reshard reshard, boolean certainlyResharded) {
      get(engine.awaitActive(name));
      int open =
          get(engine.client().describeStreamSummary(DescribeStreamSummaryRequest.of(name)))
              .streamDescriptionSummary()
              .openShardCount();
      assertThat(open)
          .isIn(
              certainlyResharded
                  ? List.of(reshard.openAfterwards)
                  : List.of(3, reshard.openAfterwards));
      for (String key : KEYS) {
        // A shard whose write failed may still be recovering.
        Awaits.await(
            "a put after all that to be stored",
            () -> Awaits.get(puts.get(put(key, key + " after"))).equals("stored"));
      }

      Lineage lineage = Lineage.read(engine.client(), name);

      assertThat(lineage.open()).hasSize(open);
      Map<String, List<String>> read = new LinkedHashMap<>();
      for (Record record : lineage.records()) {
        read.computeIfAbsent(record.partitionKey(), key -> new ArrayList<>())
            .add(record.data().utf8());
      }
      for (String key : KEYS) {
        List<String> expected =
            puts.keySet().stream()
                .filter(data -> data.startsWith(key))
                .filter(data -> isThere(data, read.get(key)))
                .toList();
        assertThat(read.get(key)).isEqualTo(expected);
      }
    }

    /** Whether it must be there; where nobody knows, whether it is. */
    private boolean isThere(String data, List<String> read) {
      return switch (puts.get(data).join()) {
        case "stored" -> true;
        case "UNKNOWN" -> read.contains(data);
        default -> false;
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void isFinishedThoughTheStorageFailsOnce(Reshard reshard) {
    boolean failed = true;
    for (int steps = 0; failed; steps++) {
      Subject stream = new Subject("stream-" + steps);
      store.failAfter(steps);
      boolean accepted = false;
      try {
        var call = reshard.of(engine.client(), stream.name);
        stream.putUnderEachKey("during");
        get(call);
        accepted = true;
      } catch (MillraceException refused) {
        // It may have begun all the same.
      }
      stream.awaitPuts();
      get(engine.awaitActive(stream.name));
      failed = !store.isFaultAhead();
      store.forgetFaultAhead();
      stream.verify(reshard, accepted);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isFinishedByTheNextEngineWhereverThisOneEnds(Reshard reshard) {
    boolean ended = true;
    for (int steps = 0; ended; steps++) {
      Subject stream = new Subject("stream-" + steps);
      store.breakAfter(steps);
      CompletableFuture<?> call = reshard.of(engine.client(), stream.name).toCompletableFuture();
      stream.putUnderEachKey("during");
      Awaits.await(
          "the storage to break, or the reshard to be done without",
          () ->
              !store.isFaultAhead()
                  || (call.isDone()
                      && engine.awaitActive(stream.name).toCompletableFuture().isDone()));
      ended = !store.isFaultAhead();
      boolean accepted = call.isDone() && !call.isCompletedExceptionally();
      engine.close();
      store.forgetFaultAhead();
      store.setAvailable(true);
      clock.advance(Duration.ofSeconds(1));
      engine = open();
      stream.verify(reshard, accepted);
    }
  }
}
