package io.millrace.engine.batch;

import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /** Nobody has numbered any. */
  public static final ProducerNotes NONE = new ProducerNotes(List.of(), 0);

  private static final int PRODUCER_BYTES = 2 * Long.BYTES;
  private static final int RECORD_BYTES = 2 * Integer.BYTES + Long.BYTES;
  private static final int COUNTS_BYTES = 2 * Integer.BYTES;

  private final List<ProducerId> producers;

  // of each numbered record
  private final int[] indexes;
  private final int[] producerOf;
  private final long[] sequences;

  /** To be filled. */
  private ProducerNotes(List<ProducerId> producers, int records) {
    this.producers = producers;
    this.indexes = new int[records];
    this.producerOf = new int[records];
    this.sequences = new long[records];
  }

  /** What the producers of these records gave. */
  public static ProducerNotes of(List<? extends RecordBatch.Entry> entries) {
    int records = 0;
    for (RecordBatch.Entry entry : entries) {
      if (entry.producer().isPresent()) {
        records++;
      }
    }
    if (records == 0) {
      return NONE;
    }
    ProducerNotes notes = new ProducerNotes(new ArrayList<>(1), records);
    int next = 0;
    for (int index = 0; index < entries.size(); index++) {
      Optional<ProducerSequence> numbered = entries.get(index).producer();
      if (numbered.isPresent()) {
        notes.indexes[next] = index;
        notes.producerOf[next] = notes.producer(numbered.get().producer(), next);
        notes.sequences[next] = numbered.get().sequence();
        next++;
      }
    }
    return notes;
  }

  /** Where a producer stands among those of the notes; mostly it is that of the record before. */
  private int producer(ProducerId producer, int record) {
    if (record > 0 && producers.get(producerOf[record - 1]).equals(producer)) {
      return producerOf[record - 1];
    }
    int known = producers.indexOf(producer);
    if (known < 0) {
      producers.add(producer);
      return producers.size() - 1;
    }
    return known;
  }

  /** Whether nobody has numbered any. */
  public boolean isEmpty() {
    return indexes.length == 0;
  }

  /** How many records are numbered. */
  public int size() {
    return indexes.length;
  }

  /** How many producers numbered them. */
  public int producers() {
    return producers.size();
  }

  /** One of the producers, from 0. */
  public ProducerId producer(int number) {
    return producers.get(number);
  }

  /** Where the numbered record stands in the batch. */
  public int index(int record) {
    return indexes[record];
  }

  /** Which of the producers numbered it. */
  public int producerOf(int record) {
    return producerOf[record];
  }

  /** The number that it got from its producer. */
  public long sequence(int record) {
    return sequences[record];
  }

  /** How many bytes {@link #write} takes. */
  int bytes() {
    return isEmpty() ? 0 : bytes(producers.size(), size());
  }

  private static int bytes(int producers, int records) {
    return COUNTS_BYTES + producers * PRODUCER_BYTES + records * RECORD_BYTES;
  }

  void write(ByteBuffer buffer) {
    if (isEmpty()) {
      return;
    }
    for (ProducerId producer : producers) {
      buffer.putLong(producer.bornMillis()).putLong(producer.random());
    }
    for (int i = 0; i < indexes.length; i++) {
      buffer.putInt(indexes[i]).putInt(producerOf[i]).putLong(sequences[i]);
    }
    buffer.putInt(producers.size()).putInt(indexes.length);
  }

  /**
   * How many bytes at the end of a body with notes they are.
   *
   * @throws IndexOutOfBoundsException when the body is too short for any
   */
  public static int bytesIn(ByteBuffer body) {
    int countsAt = body.limit() - COUNTS_BYTES;
    return bytes(body.getInt(countsAt), body.getInt(countsAt + Integer.BYTES));
  }

  /** The notes of a frame of kind {@link RecordBatch#KIND_NUMBERED}, sealed or not, verified. */
  public static ProducerNotes read(Frame verified) {
    ByteBuffer body = verified.body();
    int countsAt = body.limit() - COUNTS_BYTES;
    int producers = body.getInt(countsAt);
    ProducerNotes notes =
        new ProducerNotes(new ArrayList<>(producers), body.getInt(countsAt + Integer.BYTES));
    body.position(body.limit() - bytesIn(body));
    for (int i = 0; i < producers; i++) {
      notes.producers.add(new ProducerId(body.getLong(), body.getLong()));
    }
    for (int i = 0; i < notes.size(); i++) {
      notes.indexes[i] = body.getInt();
      notes.producerOf[i] = body.getInt();
      notes.sequences[i] = body.getLong();
    }
    return notes;
  }
}
