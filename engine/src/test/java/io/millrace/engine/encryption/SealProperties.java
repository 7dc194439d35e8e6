package io.millrace.engine.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.ProducerNotes;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import io.millrace.engine.model.WrappedKey;
import io.millrace.engine.shard.PutEntry;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class SealProperties {

  private static final WrappedKey WRAPPED =
      new WrappedKey("arn:aws:kms:us-east-1:000000000000:key/1", Payload.utf8("wrapped"));
  private static final Seal SEAL = new Seal("shard|orders~1~0");

  private static DataKey key(int seed) {
    byte[] plain = new byte[32];
    new Random(seed).nextBytes(plain);
    return DataKey.of(Payload.wrap(plain), WRAPPED, Long.MAX_VALUE);
  }

  private static Frame frame(byte kind, long event, byte[] body) {
    return Frame.of(kind, event, 3, 1_700_000_000_000L, body);
  }

  @Property
  void whatIsOpenedIsWhatWasSealed(
      @ForAll @ByteRange(min = 1, max = RecordBatch.KIND_NUMBERED - 1) byte kind,
      @ForAll @LongRange(min = 1) long event,
      @ForAll @Size(max = 300) byte[] body) {
    Frame plain = frame(kind, event, body);
    Frame sealed = SEAL.close(plain, key(1));

    Frame stored = Frame.read(sealed.bytes());
    stored.verifyBody();
    Frame opened = SEAL.open(stored, key(1));

    assertThat(stored.isSealed()).isTrue();
    assertThat(stored.header().recordCount()).isEqualTo(plain.header().recordCount());
    assertThat(stored.header().eventNumber()).isEqualTo(event);
    assertThat(stored.header().arrivalMillis()).isEqualTo(plain.header().arrivalMillis());
    assertThat(opened.bytes()).isEqualTo(plain.bytes());
    assertThat(opened.header()).isEqualTo(plain.header());
    assertThat(opened.key()).contains(WRAPPED);
  }

  private static Frame numbered(long sequence, byte[] data) {
    ProducerSequence producer = new ProducerSequence(new ProducerId(5, 6), sequence);
    List<PutEntry> entries =
        List.of(
            new PutEntry(HashKey.MIN, new byte[] {1}, Payload.wrap(data), Optional.of(producer)));
    return RecordBatch.encode(entries, ProducerNotes.of(entries), 7, 3, 1_700_000_000_000L);
  }

  @Property
  void whatProducersNumberedIsReadWithoutTheKey(
      @ForAll @LongRange(min = 0) long sequence, @ForAll @Size(max = 300) byte[] data) {
    Frame plain = numbered(sequence, data);
    Frame stored = Frame.read(SEAL.close(plain, key(1)).bytes());
    stored.verifyBody();

    assertThat(Seal.kindOf(stored)).isEqualTo(RecordBatch.KIND_NUMBERED);
    assertThat(ProducerNotes.read(stored))
        .usingRecursiveComparison()
        .isEqualTo(ProducerNotes.read(plain));
    assertThat(SEAL.open(stored, key(1)).bytes()).isEqualTo(plain.bytes());
  }

  @Property
  void whatProducersNumberedCannotBeChanged(
      @ForAll @LongRange(min = 0) long sequence, @ForAll @IntRange(min = 0, max = 7) int bit) {
    byte[] framed = SEAL.close(numbered(sequence, new byte[20]), key(1)).bytes().clone();
    framed[framed.length - 2 * Integer.BYTES - 1] ^= (byte) (1 << bit);
    Frame changed = numbered(sequence, new byte[20]).with(Frame.SEALED, framed);
    assertThatThrownBy(() -> SEAL.open(changed, key(1))).isInstanceOf(CorruptFrameException.class);
  }

  @Property
  void aBodyThatWasChangedIsNotOpened(
      @ForAll @Size(min = 1, max = 60) byte[] body,
      @ForAll @IntRange(min = 0, max = 10_000) int where,
      @ForAll @IntRange(min = 0, max = 7) int bit) {
    byte[] framed = SEAL.close(frame((byte) 1, 7, body), key(1)).bytes().clone();
    int at = Frame.HEADER_BYTES + where % (framed.length - Frame.HEADER_BYTES);
    framed[at] ^= (byte) (1 << bit);
    assertThatThrownBy(() -> openedOrKeyChanged(rechecked(framed, 7)))
        .isInstanceOf(CorruptFrameException.class);
  }

  /** Whoever changes the key in the row asks for another key. */
  private static void openedOrKeyChanged(Frame frame) {
    if (!Seal.keyOf(frame).equals(WRAPPED)) {
      throw new CorruptFrameException("there is no such key");
    }
    SEAL.open(frame, key(1));
  }

  /** With checksums that fit. */
  private static Frame rechecked(byte[] framed, long event) {
    return frame((byte) 1, event, new byte[0]).with(Frame.SEALED, framed.clone());
  }

  @Property(tries = 20)
  void anEventIsNotOpenedInAnothersPlace(
      @ForAll @LongRange(min = 1, max = 1000) long event,
      @ForAll @LongRange(min = 1, max = 1000) long other) {
    Frame sealed = SEAL.close(frame((byte) 1, event, new byte[] {1, 2, 3}), key(1));
    if (event != other) {
      assertThatThrownBy(() -> SEAL.open(rechecked(sealed.bytes(), other), key(1)))
          .isInstanceOf(CorruptFrameException.class)
          .hasMessageContaining("event " + other);
    }
    assertThatThrownBy(() -> new Seal("shard|orders~1~1").open(sealed, key(1)))
        .isInstanceOf(CorruptFrameException.class);
    assertThatThrownBy(() -> SEAL.open(sealed, key(2))).isInstanceOf(CorruptFrameException.class);
  }

  @Property(tries = 20)
  void timeAndCountsCannotBeChanged(@ForAll @LongRange(min = 0, max = 1L << 40) long arrival) {
    Frame sealed = SEAL.close(frame((byte) 1, 7, new byte[] {1, 2, 3}), key(1));
    Frame later = Frame.of((byte) 1, 7, 3, arrival, new byte[0]);
    assertThatThrownBy(() -> SEAL.open(later.with(Frame.SEALED, sealed.bytes().clone()), key(1)))
        .isInstanceOf(CorruptFrameException.class);
  }

  @Property
  void aBodyOfAnythingIsCorruptAtWorst(@ForAll @Size(max = 60) byte[] body) {
    Frame frame = frame(Frame.SEALED, 7, body);
    assertThatThrownBy(
            () -> {
              Seal.keyOf(frame);
              SEAL.open(frame, key(1));
            })
        .isInstanceOf(CorruptFrameException.class);
  }
}
