package io.millrace.engine.shard;

import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * What a shard remembers of one producer: the last of its sequences that were stored, in the order
 * in which they were, and what they were answered. Immutable; a new one shares all but the newest
 * run with the one it came from.
 *
 * @param forgotten the largest sequence that was dropped; -1 if none was. Of a sequence up to it
 *     that is not here, nobody knows.
 * @param lastMillis when the producer last stored a record, epoch milliseconds
 * @param runs its sequences, the oldest first
 */
record ProducerWindow(long forgotten, long lastMillis, List<Run> runs) {

  /** So many sequences of a producer are remembered, the newest. */
  static final int SEQUENCES = 4096;

  /** The most sequences of a run. */
  private static final int RUN = 256;

  /** The oldest go a run at a time, so there may be more than are promised. */
  static final int MOST_SEQUENCES = SEQUENCES + RUN;

  /** A run that is shorter is copied into a longer one by the next that comes. */
  private static final int SHORT_RUN = RUN / 4;

  static final ProducerWindow EMPTY = new ProducerWindow(-1, Long.MIN_VALUE, List.of());

  ProducerWindow {
    runs = List.copyOf(runs);
  }

  /**
   * Some sequences and the numbers of their records.
   *
   * @param shard the shard that stored them, this one or an ancestor
   * @param sequences the producer's sequences, at least one
   * @param counters for each, the counter of the record's number
   * @param putSeconds for each, the time in the record's number
   * @param smallest the smallest of the sequences
   * @param largest the largest of them
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  record Run(
      ShardIdentity shard,
      long[] sequences,
      long[] counters,
      long[] putSeconds,
      long smallest,
      long largest) {

    static Run of(ShardIdentity shard, long[] sequences, long[] counters, long[] putSeconds) {
      long smallest = Long.MAX_VALUE;
      long largest = -1;
      for (long sequence : sequences) {
        smallest = Math.min(smallest, sequence);
        largest = Math.max(largest, sequence);
      }
      return new Run(shard, sequences, counters, putSeconds, smallest, largest);
    }

    int size() {
      return sequences.length;
    }

    private Optional<SequenceNumber> find(long sequence) {
      if (sequence < smallest || sequence > largest) {
        return Optional.empty();
      }
      for (int i = 0; i < sequences.length; i++) {
        if (sequences[i] == sequence) {
          return Optional.of(
              new SequenceNumber(
                  shard.createdSeconds(), counters[i], putSeconds[i], shard.shardIndex()));
        }
      }
      return Optional.empty();
    }

    private boolean takes(Run more) {
      return size() < SHORT_RUN && size() + more.size() <= RUN && shard.equals(more.shard);
    }

    private Run and(Run more) {
      return new Run(
          shard,
          joined(sequences, more.sequences),
          joined(counters, more.counters),
          joined(putSeconds, more.putSeconds),
          Math.min(smallest, more.smallest),
          Math.max(largest, more.largest));
    }

    private static long[] joined(long[] first, long[] second) {
      long[] joined = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, joined, first.length, second.length);
      return joined;
    }

    private Run between(int from, int to) {
      return of(
          shard,
          Arrays.copyOfRange(sequences, from, to),
          Arrays.copyOfRange(counters, from, to),
          Arrays.copyOfRange(putSeconds, from, to));
    }

    private Run only(LongPredicate kept) {
      int[] at = IntStream.range(0, size()).filter(i -> kept.test(sequences[i])).toArray();
      return of(shard, picked(sequences, at), picked(counters, at), picked(putSeconds, at));
    }

    private static long[] picked(long[] from, int[] at) {
      return Arrays.stream(at).mapToLong(i -> from[i]).toArray();
    }
  }

  // questions

  int size() {
    int size = 0;
    for (Run run : runs) {
      size += run.size();
    }
    return size;
  }

  /** No sequence above it was stored. */
  long largest() {
    long largest = forgotten;
    for (Run run : runs) {
      largest = Math.max(largest, run.largest);
    }
    return largest;
  }

  /** What the first put of a sequence was answered; the newest are found first. */
  Optional<SequenceNumber> find(long sequence) {
    for (int i = runs.size() - 1; i >= 0; i--) {
      Optional<SequenceNumber> found = runs.get(i).find(sequence);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  // transitions

  /** With these sequences, stored now; the oldest go. */
  ProducerWindow with(Run stored, long atMillis) {
    List<Run> next = new ArrayList<>(runs);
    for (int from = 0; from < stored.size(); from += RUN) {
      Run part =
          stored.size() <= RUN ? stored : stored.between(from, Math.min(from + RUN, stored.size()));
      Run newest = next.isEmpty() ? null : next.get(next.size() - 1);
      if (newest != null && newest.takes(part)) {
        next.set(next.size() - 1, newest.and(part));
      } else {
        next.add(part);
      }
    }
    return new ProducerWindow(forgotten, Math.max(lastMillis, atMillis), next).withoutOldest();
  }

  private ProducerWindow withoutOldest() {
    int excess = size() - SEQUENCES;
    long dropped = forgotten;
    int whole = 0;
    while (excess >= runs.get(whole).size()) {
      excess -= runs.get(whole).size();
      dropped = Math.max(dropped, runs.get(whole).largest);
      whole++;
    }
    return whole == 0
        ? this
        : new ProducerWindow(dropped, lastMillis, runs.subList(whole, runs.size()));
  }

  /** The same, of a producer whose further sequences nobody can tell from forgotten ones. */
  ProducerWindow complete() {
    return new ProducerWindow(Long.MAX_VALUE, lastMillis, runs);
  }

  /** What two shards remember of a producer, each sequence once; the smallest go. */
  ProducerWindow and(ProducerWindow other) {
    Set<Long> own = new HashSet<>();
    runs.forEach(run -> Arrays.stream(run.sequences).forEach(own::add));
    List<Run> all = new ArrayList<>(runs);
    other.runs.stream()
        .map(run -> run.only(sequence -> !own.contains(sequence)))
        .filter(run -> run.size() > 0)
        .forEach(all::add);
    return new ProducerWindow(
            Math.max(forgotten, other.forgotten), Math.max(lastMillis, other.lastMillis), all)
        .withoutSmallest();
  }

  private ProducerWindow withoutSmallest() {
    int excess = size() - SEQUENCES;
    if (excess <= 0) {
      return this;
    }
    long[] sorted =
        runs.stream().flatMapToLong(run -> Arrays.stream(run.sequences)).sorted().toArray();
    long dropped = sorted[excess - 1];
    return new ProducerWindow(
        Math.max(forgotten, dropped),
        lastMillis,
        runs.stream()
            .map(run -> run.only(sequence -> sequence > dropped))
            .filter(run -> run.size() > 0)
            .toList());
  }
}
