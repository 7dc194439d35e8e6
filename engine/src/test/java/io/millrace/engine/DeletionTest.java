package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.api.CorruptRecordException;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Payload;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.InMemoryStore.Hold;
import io.millrace.engine.testing.StorageStep;
import io.millrace.testkit.Awaits;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a reader is told of a stream whose events are being deleted. */
class DeletionTest {

  private static final List<String> SHARDS =
      List.of("shardId-000000000000", "shardId-000000000001");

  private final InMemoryStore store = InMemoryStore.fresh();

  @AfterEach
  void forget() {
    store.forget();
  }

  /** Opens an engine that erases the shards of a stream one after the other. */
  private Millrace open() {
    return Millrace.open(
        ConfigFactory.parseString("millrace { limits.mode = off, streams.open-parallelism = 1 }")
            .withFallback(store.config()));
  }

  private static Throwable failureToRead(Millrace millrace, String shard) {
    StreamClient client = millrace.client();
    String iterator =
        Awaits.get(client.getShardIterator(GetShardIteratorRequest.trimHorizon("orders", shard)))
            .shardIterator();
    return Awaits.failureOf(client.getRecords(GetRecordsRequest.of(iterator)));
  }

  private void storeOneRecordInEachShard() {
    try (Millrace millrace = open()) {
      StreamClient client = millrace.client();
      Awaits.get(client.createStream("orders", 2));
      Awaits.get(millrace.awaitActive("orders"));
      PutRecordsRequestEntry entry = PutRecordsRequestEntry.of("key", Payload.utf8("data"));
      PutRecordsRequest request =
          PutRecordsRequest.of(
              "orders",
              entry.withExplicitHashKey(HashKey.MIN.toString()),
              entry.withExplicitHashKey(HashKey.MAX.toString()));
      assertThat(Awaits.get(client.putRecords(request)).failedRecordCount()).isZero();
    }
  }

  @Test
  void eventsThatADeletionTakesAreNotThereRatherThanCorrupt() {
    storeOneRecordInEachShard();
    // An engine that ends in the midst of a deletion leaves the newest events behind.
    store.loseEvent("shard|orders~1~0", 1);
    store.loseEvent("shard|orders~1~1", 1);
    try (Millrace millrace = open();
        Hold hold = store.hold(StorageStep.ERASE)) {
      for (String shard : SHARDS) {
        assertThat(failureToRead(millrace, shard)).isInstanceOf(CorruptRecordException.class);
      }
      Awaits.get(millrace.client().deleteStream(DeleteStreamRequest.of("orders")));
      hold.awaitReached();

      for (String shard : SHARDS) {
        assertThat(failureToRead(millrace, shard)).isInstanceOf(ResourceNotFoundException.class);
      }
      assertThat(hold.arrivals()).isEqualTo(1);
    }
  }
}
