package io.millrace.engine.batch;

import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which records of a batch their producers have numbered, and how. Stored at the end of the body,
 * so that readers of records never meet it, and whoever wants it finds it from the end.
 *
 * <pre>
 * bytes
 *       for each producer: 8 bytes when it was born, 8 random
 *       for each numbered record, by index:
 *  4      index in the batch
 *  4      which of the producers, from 0
 *  8      sequence
 *  4    producers
 *  4    numbered records
 * </pre>
 *
 * Immutable.
 */
public final class ProducerNotes {

  private static final ProducerNotes NONE = new ProducerNotes(List.of(), List.of(), new int[0]);
  private static final int PRODUCER_BYTES = 2 * Long.BYTES;
  private static final int RECORD_BYTES = 2 * Integer.BYTES + Long.BYTES;
  private static final int COUNTS_BYTES = 2 * Integer.BYTES;

  private final List<NumberedRecord> records;
  private final List<ProducerId> producers;

  /** Which of the producers numbered each of the records. */
  private final int[] producerOf;

  private ProducerNotes(
      List<NumberedRecord> records, List<ProducerId> producers, int[] producerOf) {
    this.records = records;
    this.producers = producers;
    this.producerOf = producerOf;
  }

  /** The numbered ones among these records. */
  public static List<NumberedRecord> numbered(List<? extends RecordBatch.Entry> entries) {
    List<NumberedRecord> numbered = List.of();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).producer().isPresent()) {
        if (numbered.isEmpty()) {
          numbered = new ArrayList<>(entries.size() - i);
        }
        numbered.add(new NumberedRecord(i, entries.get(i).producer().get()));
      }
    }
    return numbered;
  }

  static ProducerNotes of(List<? extends RecordBatch.Entry> entries) {
    List<NumberedRecord> records = numbered(entries);
    if (records.isEmpty()) {
      return NONE;
    }
    Map<ProducerId, Integer> producers = new LinkedHashMap<>();
    int[] producerOf = new int[records.size()];
    ProducerId last = null;
    for (int i = 0; i < producerOf.length; i++) {
      ProducerId producer = records.get(i).sequence().producer();
      if (producer.equals(last)) {
        producerOf[i] = producerOf[i - 1];
      } else {
        producerOf[i] = producers.computeIfAbsent(producer, first -> producers.size());
        last = producer;
      }
    }
    return new ProducerNotes(records, List.copyOf(producers.keySet()), producerOf);
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  /** How many bytes {@link #write} takes. */
  int bytes() {
    return isEmpty()
        ? 0
        : producers.size() * PRODUCER_BYTES + records.size() * RECORD_BYTES + COUNTS_BYTES;
  }

  void write(ByteBuffer buffer) {
    if (isEmpty()) {
      return;
    }
    for (ProducerId producer : producers) {
      buffer.putLong(producer.bornMillis()).putLong(producer.random());
    }
    for (int i = 0; i < producerOf.length; i++) {
      NumberedRecord record = records.get(i);
      buffer.putInt(record.index()).putInt(producerOf[i]).putLong(record.sequence().sequence());
    }
    buffer.putInt(producers.size()).putInt(records.size());
  }

  /**
   * How many bytes at the end of a body with notes they are.
   *
   * @throws IndexOutOfBoundsException when the body is too short for any
   */
  public static int bytesIn(ByteBuffer body) {
    int countsAt = body.limit() - COUNTS_BYTES;
    return COUNTS_BYTES
        + body.getInt(countsAt) * PRODUCER_BYTES
        + body.getInt(countsAt + Integer.BYTES) * RECORD_BYTES;
  }

  /**
   * The numbered records of a frame of kind {@link RecordBatch#KIND_NUMBERED}, sealed or not,
   * verified.
   */
  public static List<NumberedRecord> read(Frame verified) {
    ByteBuffer body = verified.body();
    int countsAt = body.limit() - COUNTS_BYTES;
    ProducerId[] producers = new ProducerId[body.getInt(countsAt)];
    int count = body.getInt(countsAt + Integer.BYTES);
    body.position(body.limit() - bytesIn(body));
    for (int i = 0; i < producers.length; i++) {
      producers[i] = new ProducerId(body.getLong(), body.getLong());
    }
    List<NumberedRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int index = body.getInt();
      ProducerId producer = producers[body.getInt()];
      records.add(new NumberedRecord(index, new ProducerSequence(producer, body.getLong())));
    }
    return records;
  }
}
