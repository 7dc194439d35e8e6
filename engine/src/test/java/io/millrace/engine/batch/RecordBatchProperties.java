package io.millrace.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class RecordBatchProperties {

  @Provide
  Arbitrary<List<TestEntry>> entries() {
    Arbitrary<String> keys =
        Arbitraries.integers()
            .between(1, 0x10ffff)
            .filter(codePoint -> codePoint < 0xd800 || codePoint > 0xdfff)
            .array(int[].class)
            .ofMinSize(1)
            .ofMaxSize(20)
            .map(codePoints -> new String(codePoints, 0, codePoints.length));
    Arbitrary<Payload> data =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(100).map(Payload::of);
    return Combinators.combine(keys, data).as(TestEntry::new).list().ofMinSize(1).ofMaxSize(12);
  }

  @Property
  void recordsComeBackAsTheyWerePut(
      @ForAll("entries") List<TestEntry> entries,
      @ForAll @LongRange(min = 1) long eventNumber,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 2) long recordsBefore,
      @ForAll long arrivalMillis) {
    Frame encoded =
        RecordBatch.encode(entries, ProducerNotes.NONE, eventNumber, recordsBefore, arrivalMillis);

    Frame read = Frame.read(encoded.bytes().clone());
    read.verifyBody();

    assertThat(read.header())
        .isEqualTo(encoded.header())
        .isEqualTo(Frame.readHeader(encoded.bytes()))
        .isEqualTo(
            new Frame.Header(
                RecordBatch.KIND,
                entries.size(),
                eventNumber,
                recordsBefore,
                arrivalMillis,
                read.bytes().length - Frame.HEADER_BYTES));
    assertThat(read.header().recordsThrough()).isEqualTo(recordsBefore + entries.size());
    assertThat(records(read, 0)).isEqualTo(entries);
  }

  @Property
  void visitStartsAtItsIndexAndStopsWhenTold(
      @ForAll("entries") List<TestEntry> entries,
      @ForAll @IntRange(min = 0, max = 15) int from,
      @ForAll @IntRange(min = 1, max = 15) int atMost) {
    Frame frame = RecordBatch.encode(entries, ProducerNotes.NONE, 1, 0, 0);
    List<TestEntry> expected = entries.stream().skip(from).limit(atMost).toList();

    List<TestEntry> visited = new ArrayList<>();
    RecordBatch.of(frame)
        .visit(
            from,
            (index, size, key, data) -> {
              assertThat(index).isEqualTo(from + visited.size());
              assertThat(size).isEqualTo(data.size() + key.getBytes(StandardCharsets.UTF_8).length);
              visited.add(new TestEntry(key, data));
              return visited.size() < atMost;
            });

    assertThat(visited).isEqualTo(expected);
  }

  @Property(tries = 40)
  void everyChangedByteIsDetected(@ForAll("entries") List<TestEntry> entries) {
    byte[] bytes = RecordBatch.encode(entries, ProducerNotes.NONE, 7, 3, 99).bytes();
    for (int at = 0; at < bytes.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) (1 << bit);
        assertThatThrownBy(() -> Frame.read(changed).verifyBody())
            .as("bit %d of byte %d", bit, at)
            .isInstanceOf(CorruptFrameException.class);
      }
    }
  }

  @Property(tries = 40)
  void everyTruncationIsDetected(@ForAll("entries") List<TestEntry> entries) {
    byte[] bytes = RecordBatch.encode(entries, ProducerNotes.NONE, 7, 3, 99).bytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Frame.read(cut).verifyBody())
          .as("cut to %d bytes", length)
          .isInstanceOf(CorruptFrameException.class);
    }
    byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> Frame.read(longer)).isInstanceOf(CorruptFrameException.class);
  }

  @Property(tries = 100)
  void headerIsReadFromAnyLongEnoughPrefix(@ForAll("entries") List<TestEntry> entries) {
    Frame frame = RecordBatch.encode(entries, ProducerNotes.NONE, 7, 3, 99);
    byte[] prefix = java.util.Arrays.copyOf(frame.bytes(), Frame.HEADER_BYTES);

    assertThat(Frame.readHeader(prefix)).isEqualTo(frame.header());
  }

  static List<TestEntry> records(Frame frame, int from) {
    List<TestEntry> records = new ArrayList<>();
    RecordBatch.of(frame)
        .visit(from, (index, size, key, data) -> records.add(new TestEntry(key, data)));
    return records;
  }
}
