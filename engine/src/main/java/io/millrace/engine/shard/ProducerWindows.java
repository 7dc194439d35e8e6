package io.millrace.engine.shard;

import io.millrace.engine.batch.ProducerNotes;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ProducerWindow.Run;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a shard remembers of the records that producers numbered, so that a repeat is answered like
 * the first put, and never stored a second time. Bounded: the last {@link ProducerWindow#SEQUENCES}
 * sequences of a producer; the last {@value #PRODUCERS} producers; {@value #ALL_SEQUENCES}
 * sequences in all, of which whole producers go, the longest silent one first; and no producer that
 * was silent for 24 hours when another one put.
 *
 * <p>What is forgotten leaves a trace: of a producer, its largest sequence that was dropped; of
 * dropped producers, when the youngest of them was born. A put that may have been among them is
 * never taken for a new one. Immutable.
 */
public final class ProducerWindows {

  /** Nothing was ever numbered. */
  public static final ProducerWindows NONE = new ProducerWindows(-1, Map.of());

  static final int PRODUCERS = 128;
  static final int ALL_SEQUENCES = 4 * ProducerWindow.MOST_SEQUENCES;
  static final long SILENCE_MILLIS = 24L * 60 * 60 * 1000;

  private final long youngestForgottenMillis;

  /** The longest silent one first. */
  private final Map<ProducerId, ProducerWindow> windows;

  ProducerWindows(long youngestForgottenMillis, Map<ProducerId, ProducerWindow> windows) {
    this.youngestForgottenMillis = youngestForgottenMillis;
    this.windows = Collections.unmodifiableMap(windows);
  }

  // questions

  /** Whether nothing is, or was ever, remembered. */
  public boolean isEmpty() {
    return windows.isEmpty() && youngestForgottenMillis < 0;
  }

  /** When the youngest of the producers that were dropped was born; -1 if none was. */
  long youngestForgottenMillis() {
    return youngestForgottenMillis;
  }

  /** What is remembered, the longest silent producer first. */
  Map<ProducerId, ProducerWindow> windows() {
    return windows;
  }

  /** The number that the record got when it was first put under this sequence. */
  Optional<SequenceNumber> find(ProducerSequence sequence) {
    ProducerWindow window = windows.get(sequence.producer());
    return window == null ? Optional.empty() : window.find(sequence.sequence());
  }

  /** Whether a sequence that is not found may have been stored all the same. */
  boolean mayHaveForgotten(ProducerSequence sequence) {
    ProducerWindow window = windows.get(sequence.producer());
    return window == null
        ? sequence.producer().bornMillis() <= youngestForgottenMillis
        : sequence.sequence() <= window.forgotten();
  }

  /**
   * The largest sequence of this producer that is stored, or may be; -1 if none is, {@link
   * Long#MAX_VALUE} if nobody can tell.
   */
  long largest(ProducerId producer) {
    ProducerWindow window = windows.get(producer);
    if (window == null) {
      return producer.bornMillis() <= youngestForgottenMillis ? Long.MAX_VALUE : -1;
    }
    return window.largest();
  }

  // transitions

  /**
   * With records that were stored now.
   *
   * @param shard the shard that stored them
   * @param event the event that holds them
   * @param atMillis when, epoch milliseconds
   * @param notes what their producers gave
   */
  ProducerWindows with(ShardIdentity shard, long event, long atMillis, ProducerNotes notes) {
    if (notes.isEmpty()) {
      return this;
    }
    int[] sizes = new int[notes.producers()];
    for (int record = 0; record < notes.size(); record++) {
      sizes[notes.producerOf(record)]++;
    }
    Map<ProducerId, ProducerWindow> next = new LinkedHashMap<>(windows);
    for (int producer = 0; producer < sizes.length; producer++) {
      Run run = run(shard, event, atMillis, notes, producer, sizes[producer]);
      ProducerWindow before = next.remove(notes.producer(producer));
      next.put(
          notes.producer(producer),
          (before == null ? ProducerWindow.EMPTY : before).with(run, atMillis));
    }
    return new ProducerWindows(youngestForgottenMillis, next).bounded(atMillis);
  }

  private static Run run(
      ShardIdentity shard, long event, long atMillis, ProducerNotes notes, int producer, int size) {
    long[] sequences = new long[size];
    long[] counters = new long[size];
    long[] putSeconds = new long[size];
    int next = 0;
    for (int record = 0; next < size; record++) {
      if (notes.producerOf(record) == producer) {
        sequences[next] = notes.sequence(record);
        counters[next] = SequenceNumber.counter(event, notes.index(record));
        next++;
      }
    }
    Arrays.fill(putSeconds, Math.floorDiv(atMillis, 1000L));
    return Run.of(shard, sequences, counters, putSeconds);
  }

  /** What two shards remember, for the one that takes the place of both. */
  public ProducerWindows and(ProducerWindows other) {
    Map<ProducerId, ProducerWindow> union = new LinkedHashMap<>();
    windows.forEach((producer, window) -> union.put(producer, other.seenBeside(producer, window)));
    other.windows.forEach(
        (producer, window) ->
            union.merge(producer, seenBeside(producer, window), ProducerWindow::and));
    Map<ProducerId, ProducerWindow> bySilence = new LinkedHashMap<>();
    union.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> entry.getValue().lastMillis()))
        .forEach(entry -> bySilence.put(entry.getKey(), entry.getValue()));
    long newest =
        union.values().stream().mapToLong(ProducerWindow::lastMillis).max().orElse(Long.MIN_VALUE);
    return new ProducerWindows(
            Math.max(youngestForgottenMillis, other.youngestForgottenMillis), bySilence)
        .bounded(newest);
  }

  /** What another shard remembers of a producer that this one may have dropped. */
  private ProducerWindow seenBeside(ProducerId producer, ProducerWindow window) {
    boolean mayHaveDropped =
        !windows.containsKey(producer) && producer.bornMillis() <= youngestForgottenMillis;
    return mayHaveDropped ? window.complete() : window;
  }

  private ProducerWindows bounded(long nowMillis) {
    int producers = windows.size();
    int sequences = 0;
    for (ProducerWindow window : windows.values()) {
      sequences += window.size();
    }
    long youngest = youngestForgottenMillis;
    List<ProducerId> dropped = new ArrayList<>();
    for (Map.Entry<ProducerId, ProducerWindow> oldest : windows.entrySet()) {
      boolean isSilent = nowMillis - oldest.getValue().lastMillis() >= SILENCE_MILLIS;
      if (!isSilent && producers <= PRODUCERS && sequences <= ALL_SEQUENCES) {
        break;
      }
      dropped.add(oldest.getKey());
      youngest = Math.max(youngest, oldest.getKey().bornMillis());
      producers--;
      sequences -= oldest.getValue().size();
    }
    if (dropped.isEmpty()) {
      return this;
    }
    Map<ProducerId, ProducerWindow> kept = new LinkedHashMap<>(windows);
    dropped.forEach(kept::remove);
    return new ProducerWindows(youngest, kept);
  }
}
