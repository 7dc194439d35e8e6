package io.millrace.engine.tail;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of one event, taken apart once for all who read them while they are new. Their data
 * are slices of the frame. Immutable.
 */
final class DecodedBatch {

  /** What a record weighs beside its bytes and its key: its objects, about. */
  private static final int RECORD_BYTES = 200;

  private final List<Record> records;
  private final int[] sizes;
  private final int bytes;

  /** Receives the records of an event, one after the other. */
  @FunctionalInterface
  interface Visitor {

    /**
     * Takes one record.
     *
     * @param index its index in the event
     * @param size bytes of its data and of its key together
     * @param record the record
     * @return whether to go on
     */
    boolean record(int index, int size, Record record);
  }

  private DecodedBatch(List<Record> records, int[] sizes, int bytes) {
    this.records = records;
    this.sizes = sizes;
    this.bytes = bytes;
  }

  /** Takes an event of records apart whose body has been verified. */
  static DecodedBatch of(Frame frame, ShardIdentity identity) {
    List<Record> records = new ArrayList<>(frame.header().recordCount());
    int[] sizes = new int[frame.header().recordCount()];
    visit(
        frame,
        identity,
        0,
        (index, size, record) -> {
          sizes[index] = size;
          return records.add(record);
        });
    int bytes = 0;
    for (Record record : records) {
      bytes += RECORD_BYTES + record.partitionKey().length();
    }
    return new DecodedBatch(records, sizes, bytes);
  }

  /** Shows the visitor the records of a frame from {@code fromIndex} on, and keeps none. */
  static void visit(Frame frame, ShardIdentity identity, int fromIndex, Visitor visitor) {
    Frame.Header header = frame.header();
    Instant arrival = Instant.ofEpochMilli(header.arrivalMillis());
    long putSeconds = arrival.getEpochSecond();
    EncryptionType encryption = frame.key().isPresent() ? EncryptionType.KMS : EncryptionType.NONE;
    RecordBatch.of(frame)
        .visit(
            fromIndex,
            (index, size, key, data) ->
                visitor.record(
                    index,
                    size,
                    new Record(
                        new SequenceNumber(
                            identity.createdSeconds(),
                            SequenceNumber.counter(header.eventNumber(), index),
                            putSeconds,
                            identity.shardIndex()),
                        arrival,
                        data,
                        key,
                        encryption)));
  }

  /** Shows the visitor the records from {@code fromIndex} on, until it has enough. */
  void visit(int fromIndex, Visitor visitor) {
    for (int i = fromIndex; i < records.size(); i++) {
      if (!visitor.record(i, sizes[i], records.get(i))) {
        return;
      }
    }
  }

  /** What it weighs beside its frame. */
  int bytes() {
    return bytes;
  }
}
