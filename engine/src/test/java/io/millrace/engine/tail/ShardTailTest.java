package io.millrace.engine.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.ProducerNotes;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.encryption.Opener;
import io.millrace.engine.model.Payload;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import io.millrace.engine.testing.FakeKeyStore;
import io.millrace.engine.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ShardTailTest {

  private static final long HOUR = 3_600_000;

  private final ManualClock clock = new ManualClock();
  private final CompletableFuture<Optional<JournalRow>> header = new CompletableFuture<>();
  private SparseIndex index = SparseIndex.EMPTY;

  /** A journal in which every header takes until the test says so. */
  private final JournalPages pages =
      new JournalPages() {
        @Override
        public CompletionStage<List<JournalRow>> read(
            String persistenceId, long from, long to, int maxBytes) {
          throw new AssertionError("all is in memory");
        }

        @Override
        public CompletionStage<Optional<JournalRow>> prefix(
            String persistenceId, long from, long to, int prefixBytes) {
          return header;
        }
      };

  private final ShardTail tail =
      new ShardTail(
          "shard|orders~1~0",
          new ShardIdentity(1, 0),
          state(1, 0, 2),
          pages,
          new Opener(new FakeKeyStore().dataKeys(clock), "orders~1", "shard|orders~1~0"),
          new WindowBudget(1 << 20),
          clock);

  private TailState state(long lastEvent, long records, long horizon) {
    return new TailState(lastEvent, records, horizon, index, false);
  }

  private void publish(long event, String data) {
    Frame frame =
        RecordBatch.encode(
            List.of(new Entry(data)), ProducerNotes.NONE, event, event - 2, clock.epochMillis());
    index = index.with(event, clock.epochMillis());
    tail.publish(frame, state(event, event - 1, 2));
  }

  private record Entry(String text) implements RecordBatch.Entry {
    @Override
    public byte[] partitionKey() {
      return "key".getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Payload data() {
      return Payload.utf8(text);
    }
  }

  @Test
  void servesNothingExpiredWhenItIsTrimmedWhileItsEndIsSought() {
    publish(2, "expired");
    clock.advance(Duration.ofHours(2));
    publish(3, "kept");

    CompletionStage<TailPage> page = tail.read(0, 10, 1000, HOUR);
    assertThat(page.toCompletableFuture()).isNotDone();
    // The horizon moves, and only then the row goes that the search is looking for.
    tail.publish(
        Frame.of((byte) 3, 4, 2, clock.epochMillis(), new byte[Long.BYTES]), state(4, 2, 3));
    header.complete(Optional.empty());

    assertThat(page.toCompletableFuture().join().records())
        .extracting(record -> record.data().utf8())
        .containsExactly("kept");
  }
}
