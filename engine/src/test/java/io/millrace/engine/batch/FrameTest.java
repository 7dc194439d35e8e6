package io.millrace.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class FrameTest {

  @Test
  void recordOfNoBytesIsARecord() {
    Frame frame =
        RecordBatch.encode(List.of(new TestEntry("k", Payload.EMPTY)), ProducerNotes.NONE, 1, 0, 5);

    assertThat(RecordBatchProperties.records(frame, 0))
        .containsExactly(new TestEntry("k", Payload.EMPTY));
  }

  @Test
  void longestPartitionKeyComesBack() {
    String key = new String(Character.toChars(0x1f4a7)).repeat(256);
    TestEntry entry = new TestEntry(key, Payload.utf8("data"));
    assertThat(entry.partitionKey()).hasSize(1024);

    Frame frame = RecordBatch.encode(List.of(entry, entry), ProducerNotes.NONE, 1, 0, 5);

    assertThat(RecordBatchProperties.records(frame, 0)).containsExactly(entry, entry);
  }

  @Test
  void largestRecordComesBackWithoutACopy() {
    byte[] data = new byte[10 << 20];
    new Random(1).nextBytes(data);
    Frame frame =
        RecordBatch.encode(
            List.of(new TestEntry("k", Payload.wrap(data))), ProducerNotes.NONE, 1, 0, 5);
    Frame read = Frame.read(frame.bytes());
    read.verifyBody();

    RecordBatch.of(read)
        .visit(
            0,
            (index, size, key, payload) -> {
              assertThat(payload).isEqualTo(Payload.wrap(data));
              assertThat(payload.asByteBuffer().remaining()).isEqualTo(data.length);
              // A slice of the stored bytes: a change of them shows through.
              read.bytes()[read.bytes().length - 1] ^= 1;
              assertThat(payload).isNotEqualTo(Payload.wrap(data));
              return true;
            });
  }

  @Test
  void frameOfAnotherKindHoldsItsBodyAndNoRecords() {
    byte[] body = {1, 2, 3};
    Frame frame = Frame.of((byte) 9, 4, 17, 1234, body);

    Frame read = Frame.read(frame.bytes());
    read.verifyBody();

    assertThat(read.header()).isEqualTo(new Frame.Header((byte) 9, 0, 4, 17, 1234, 3));
    assertThat(RecordBatch.isBatch(read.header())).isFalse();
    ByteBuffer view = read.body();
    byte[] copy = new byte[view.remaining()];
    view.get(copy);
    assertThat(copy).isEqualTo(body);
    assertThat(view.isReadOnly()).isTrue();
  }

  @Test
  void damagedBodyLeavesTheHeaderReadable() {
    byte[] bytes = Frame.of((byte) 9, 4, 17, 1234, new byte[] {1, 2, 3}).bytes();
    bytes[Frame.HEADER_BYTES] ^= 1;

    assertThatCode(() -> Frame.read(bytes)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Frame.read(bytes).verifyBody())
        .isInstanceOf(CorruptFrameException.class)
        .hasMessageContaining("event 4");
  }

  @Test
  void versionThatIsNotKnownIsRefusedByName() {
    byte[] bytes = Frame.of((byte) 9, 4, 17, 1234, new byte[0]).bytes();
    bytes[2] = 2;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 40);
    ByteBuffer.wrap(bytes).putInt(40, (int) crc.getValue());

    assertThatThrownBy(() -> Frame.read(bytes))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("newer release");
  }

  @Test
  void emptyArrayIsNoFrame() {
    assertThatThrownBy(() -> Frame.read(new byte[0]))
        .isInstanceOf(CorruptFrameException.class)
        .hasMessageContaining("0 bytes");
  }

  @Test
  void zerosAreNoFrame() {
    // CRC-32C of zeros is not 0, so a row of zeros does not pass.
    assertThatThrownBy(() -> Frame.read(new byte[Frame.HEADER_BYTES]))
        .isInstanceOf(CorruptFrameException.class);
  }

  @Test
  void sealingTouchesOnlyTheHeader() {
    byte[] bytes = new byte[Frame.HEADER_BYTES + 4];
    Arrays.fill(bytes, Frame.HEADER_BYTES, bytes.length, (byte) 7);

    Frame frame = Frame.seal(bytes, (byte) 3, 0, 1, 0, 0);

    assertThat(frame.bytes()).isSameAs(bytes).endsWith(new byte[] {7, 7, 7, 7});
  }
}
