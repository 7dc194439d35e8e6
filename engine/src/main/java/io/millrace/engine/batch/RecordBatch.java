package io.millrace.engine.batch;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerSequence;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The records of one event, in the bytes in which they are stored. Reading slices those bytes;
 * nothing is copied.
 *
 * <p>The body is one record after the other: 2 bytes length of the partition key, 4 bytes length of
 * the data, the UTF-8 bytes of the key, the data. When producers have numbered some of them, what
 * they gave stands behind all records, see {@link ProducerNotes}.
 */
public final class RecordBatch {

  /** The kind of a frame that holds records. */
  public static final byte KIND = 1;

  /** The kind of a frame that holds records of which some are numbered by their producers. */
  public static final byte KIND_NUMBERED = 17;

  private static final int LENGTHS_BYTES = Short.BYTES + Integer.BYTES;

  private final Frame frame;

  private RecordBatch(Frame frame) {
    this.frame = frame;
  }

  /** One record on its way into a batch. */
  public interface Entry {

    /** The UTF-8 bytes of the partition key, 1 to 1024. */
    byte[] partitionKey();

    /** The data. */
    Payload data();

    /** Which of its producer's records it is, if that numbers them. */
    default Optional<ProducerSequence> producer() {
      return Optional.empty();
    }

    /** Bytes of the data and of the key together: what limits charge. */
    default int size() {
      return partitionKey().length + data().size();
    }
  }

  /** Receives the records of a batch, one after the other. */
  @FunctionalInterface
  public interface Visitor {

    /**
     * Takes one record.
     *
     * @param index its index in the batch
     * @param size bytes of its data and of its key together
     * @param partitionKey its partition key
     * @param data its data, a slice
     * @return whether to go on
     */
    boolean record(int index, int size, String partitionKey, Payload data);
  }

  /**
   * Encodes records into a frame: the one copy that their bytes make on the way to the journal.
   *
   * @param notes what their producers gave
   */
  public static Frame encode(
      List<? extends Entry> entries,
      ProducerNotes notes,
      long eventNumber,
      long recordsBefore,
      long arrivalMillis) {
    int length = Frame.HEADER_BYTES;
    for (Entry entry : entries) {
      length = Math.addExact(length, LENGTHS_BYTES + entry.size());
    }
    length = Math.addExact(length, notes.bytes());
    byte[] bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).position(Frame.HEADER_BYTES);
    for (Entry entry : entries) {
      byte[] key = entry.partitionKey();
      Payload data = entry.data();
      buffer.putShort((short) key.length).putInt(data.size()).put(key);
      data.copyTo(bytes, buffer.position());
      buffer.position(buffer.position() + data.size());
    }
    notes.write(buffer);
    byte kind = notes.isEmpty() ? KIND : KIND_NUMBERED;
    return Frame.seal(bytes, kind, entries.size(), eventNumber, recordsBefore, arrivalMillis);
  }

  /** Whether this frame holds records, sealed or not. */
  public static boolean isBatch(Frame.Header header) {
    return header.kind() == KIND || header.kind() == KIND_NUMBERED || header.kind() == Frame.SEALED;
  }

  /** The records of a frame of this kind whose body has been verified, and opened if sealed. */
  public static RecordBatch of(Frame verified) {
    if (verified.isSealed()) {
      throw new IllegalStateException(verified + " is sealed");
    }
    return new RecordBatch(verified);
  }

  /** Shows the visitor the records from {@code fromIndex} on, until it has enough. */
  public void visit(int fromIndex, Visitor visitor) {
    byte[] bytes = frame.bytes();
    ByteBuffer lengths = ByteBuffer.wrap(bytes);
    int at = Frame.HEADER_BYTES;
    int count = frame.header().recordCount();
    for (int i = 0; i < count; i++) {
      int keyBytes = Short.toUnsignedInt(lengths.getShort(at));
      int dataBytes = lengths.getInt(at + Short.BYTES);
      int keyAt = at + LENGTHS_BYTES;
      at = keyAt + keyBytes + dataBytes;
      if (i >= fromIndex) {
        String key = new String(bytes, keyAt, keyBytes, StandardCharsets.UTF_8);
        Payload data = Payload.wrap(bytes, keyAt + keyBytes, dataBytes);
        if (!visitor.record(i, keyBytes + dataBytes, key, data)) {
          return;
        }
      }
    }
  }
}
