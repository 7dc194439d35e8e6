package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.ManualClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is held for a subscriber who asked for one element and then for nothing, counted in what the
 * storage gave out. The engine keeps no recent records here: whatever anybody holds was read.
 */
class StalledSubscriberTest {

  private static final StartingPosition HORIZON = StartingPosition.trimHorizon();
  private static final int MIB = 1 << 20;

  /** What is fetched at a time, and kept beside the elements as far as it was not used. */
  private static final int PIECE_BYTES = 2 * MIB;

  private static final int RECORD_BYTES = MIB / 4;

  /** What is stored beside the data and the key of a record that is alone in its event. */
  private static final int EVENT_OVERHEAD_BYTES = 50;

  private static final int HISTORY = 100;

  private final InMemoryStore store = InMemoryStore.fresh();
  private final TestEngine engine =
      TestEngine.on(
          MeteredStorageProvider.in(store.config()),
          new ManualClock(),
          "millrace.window-bytes = 0");
  private final String stream = engine.create(1);
  private final List<SequenceNumber> put = new ArrayList<>();

  /** Who is pushed to, how large his elements are, and how many of them are read for him. */
  private enum Subscriber {
    /** The element that was delivered, and one ahead. */
    OF_A_SHARD(2 * MIB, 2) {
      @Override
      RecordPublisher publisher(TestEngine engine, String stream) {
        return engine.fanOut.shard(stream, TestEngine.SHARD_0, HORIZON);
      }
    },

    /** One more, whose turn is next. */
    OF_A_STREAM(2 * MIB, 3) {
      @Override
      RecordPublisher publisher(TestEngine engine, String stream) {
        return engine.fanOut.stream(stream, HORIZON);
      }
    },

    /** Two more, on their way from one subscription to those that follow it. */
    REGISTERED(MIB, 4) {
      @Override
      RecordPublisher publisher(TestEngine engine, String stream) {
        return engine
            .fanOut
            .consumer(engine.register(stream, "audit"))
            .shard(TestEngine.SHARD_0, HORIZON);
      }
    };

    private final long elementBytes;
    private final int elements;

    Subscriber(long elementBytes, int elements) {
      this.elementBytes = elementBytes;
      this.elements = elements;
    }

    abstract RecordPublisher publisher(TestEngine engine, String stream);

    long boundBytes() {
      return elements * elementBytes + PIECE_BYTES;
    }
  }

  @AfterEach
  void close() {
    engine.close();
    store.forget();
  }

  private void put(int records) {
    for (int i = 0; i < records; i++) {
      put.add(engine.putBytes(stream, RECORD_BYTES));
    }
  }

  private static List<SequenceNumber> readAll(
      Collector<ShardRecords> reader, List<SequenceNumber> seen, int records) {
    while (seen.size() < records) {
      seen.addAll(numbers(reader.next()));
    }
    return seen;
  }

  private static List<SequenceNumber> numbers(ShardRecords element) {
    return element.records().stream().map(Record::sequenceNumber).toList();
  }

  @ParameterizedTest
  @EnumSource
  void holdsAFewElementsWhileTheWriterAndOthersGoOn(Subscriber subscriber) {
    put(HISTORY);
    long before = MeteredStorageProvider.bytesRead();
    Collector<ShardRecords> stalled = Collector.of(subscriber.publisher(engine, stream));
    List<SequenceNumber> seen = new ArrayList<>(numbers(stalled.next()));

    put(HISTORY);
    Collector<ShardRecords> other = Collector.of(Subscriber.OF_A_SHARD.publisher(engine, stream));
    assertThat(readAll(other, new ArrayList<>(), put.size())).isEqualTo(put);
    // The other one was given each event once.
    long othersBytes = (long) put.size() * (RECORD_BYTES + EVENT_OVERHEAD_BYTES);
    long heldBytes = MeteredStorageProvider.bytesRead() - before - othersBytes;
    assertThat(heldBytes).isBetween((long) RECORD_BYTES, subscriber.boundBytes());

    assertThat(readAll(stalled, seen, put.size())).isEqualTo(put);
    long bytes = MeteredStorageProvider.bytesRead() - before;
    assertThat(bytes).isEqualTo(2 * othersBytes);
    stalled.cancel();
    other.cancel();
  }
}
