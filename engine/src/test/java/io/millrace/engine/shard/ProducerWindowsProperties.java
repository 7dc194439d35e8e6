package io.millrace.engine.shard;

import static io.millrace.engine.shard.ShardStateTest.IDENTITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.batch.ProducerNotes;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What shards remember of producers, against a model that forgets nothing. */
class ProducerWindowsProperties {

  private static final long START = 1_767_225_600_000L;

  /** A shard, and all that was ever stored in it or its ancestors. */
  private static final class Model {
    final ShardIdentity identity;
    final Map<ProducerSequence, SequenceNumber> stored;
    ProducerWindows windows;
    long event = 1;

    Model(int index, ProducerWindows windows, Map<ProducerSequence, SequenceNumber> stored) {
      this.identity = new ShardIdentity(1_767_225_600L + index, index);
      this.windows = windows;
      this.stored = new HashMap<>(stored);
    }

    void put(List<ProducerSequence> sequences, long nowMillis) {
      event++;
      List<ProducerSequence> taken = new ArrayList<>();
      for (ProducerSequence sequence : sequences) {
        Optional<SequenceNumber> found = windows.find(sequence);
        SequenceNumber first = stored.get(sequence);
        if (found.isPresent()) {
          assertThat(found.get()).as("answer to the repeat of %s", sequence).isEqualTo(first);
        } else if (!windows.mayHaveForgotten(sequence)) {
          assertThat(first).as("first put of %s, which is taken for new", sequence).isNull();
          long counter = SequenceNumber.counter(event, taken.size());
          taken.add(sequence);
          stored.put(
              sequence,
              new SequenceNumber(
                  identity.createdSeconds(),
                  counter,
                  Math.floorDiv(nowMillis, 1000L),
                  identity.shardIndex()));
        }
      }
      windows = windows.with(identity, event, nowMillis, notes(taken));
    }
  }

  @Property(tries = 25)
  void nothingIsTakenForNewTwice(@ForAll long seed) {
    Random random = new Random(seed);
    int producers = random.nextBoolean() ? 3 : 300;
    int largestBatch = random.nextBoolean() ? 5 : 1500;
    Map<Integer, ProducerId> ids = new HashMap<>();
    Map<Integer, Long> next = new HashMap<>();
    List<ProducerSequence> all = new ArrayList<>();
    List<Model> open = new ArrayList<>(List.of(new Model(0, ProducerWindows.NONE, Map.of())));
    int shards = 1;
    long now = START;
    for (int step = 0; step < 250; step++) {
      now += random.nextInt(40) == 0 ? random.nextLong(ProducerWindows.SILENCE_MILLIS) : 50;
      int choice = random.nextInt(20);
      if (choice == 0) {
        Model parent = open.remove(random.nextInt(open.size()));
        open.add(new Model(shards++, stored(parent.windows), parent.stored));
        open.add(new Model(shards++, stored(parent.windows), parent.stored));
      } else if (choice == 1 && open.size() > 1) {
        Model one = open.remove(random.nextInt(open.size()));
        Model other = open.remove(random.nextInt(open.size()));
        Map<ProducerSequence, SequenceNumber> both = new HashMap<>(one.stored);
        both.putAll(other.stored);
        open.add(new Model(shards++, stored(one.windows.and(other.windows)), both));
      } else {
        List<ProducerSequence> batch = new ArrayList<>();
        int count = 1 + random.nextInt(largestBatch);
        int producer = random.nextInt(producers);
        long birth = now - random.nextInt(1000);
        ProducerId id = ids.computeIfAbsent(producer, first -> ProducerId.born(birth, random));
        for (int i = 0; i < count; i++) {
          if (random.nextInt(3) == 0 && !all.isEmpty()) {
            batch.add(all.get(random.nextInt(all.size())));
          } else {
            long sequence = next.merge(producer, 1L + random.nextInt(2), Long::sum);
            batch.add(new ProducerSequence(id, sequence));
            all.add(batch.get(batch.size() - 1));
          }
        }
        Model shard = open.get(Math.floorMod(producer, open.size()));
        // A record has its place: only who shares all that its shard stored may see its repeat.
        batch.removeIf(
            sequence ->
                open.stream()
                    .anyMatch(
                        other ->
                            other.stored.containsKey(sequence)
                                && !shard.stored.containsKey(sequence)));
        shard.put(batch.stream().distinct().toList(), now);
        assertBounded(shard.windows);
      }
      Model one = open.get(random.nextInt(open.size()));
      one.windows = stored(one.windows);
    }
  }

  /** The same, read back from its stored form. */
  private static ProducerWindows stored(ProducerWindows windows) {
    var bytes = ProducerWindowsFormat.write(windows);
    ProducerWindows read = ProducerWindowsFormat.read(bytes);
    assertThat(ProducerWindowsFormat.write(read)).isEqualTo(bytes);
    return read;
  }

  private static void assertBounded(ProducerWindows windows) {
    assertThat(windows.windows()).hasSizeLessThanOrEqualTo(ProducerWindows.PRODUCERS);
    int sequences = 0;
    for (ProducerWindow window : windows.windows().values()) {
      assertThat(window.size()).isLessThanOrEqualTo(ProducerWindow.MOST_SEQUENCES);
      sequences += window.size();
    }
    assertThat(sequences).isLessThanOrEqualTo(ProducerWindows.ALL_SEQUENCES);
    assertThat(ProducerWindowsFormat.write(windows).size()).isLessThan(512 << 10);
  }

  private static ProducerNotes records(ProducerId producer, long from, int count) {
    return notes(
        LongStream.range(from, from + count)
            .mapToObj(sequence -> new ProducerSequence(producer, sequence))
            .toList());
  }

  private static ProducerNotes notes(List<ProducerSequence> sequences) {
    return ProducerNotes.of(
        sequences.stream()
            .map(
                sequence ->
                    new PutEntry(HashKey.MIN, new byte[0], Payload.EMPTY, Optional.of(sequence)))
            .toList());
  }

  @Example
  void theLastOfAProducerAreRemembered() {
    ProducerId producer = new ProducerId(START, 1);
    ProducerWindows windows = ProducerWindows.NONE;
    int batch = 100;
    int batches = 2 * ProducerWindow.SEQUENCES / batch;
    for (int i = 0; i < batches; i++) {
      windows = windows.with(IDENTITY, 2 + i, START, records(producer, (long) i * batch, batch));
    }
    long last = (long) batches * batch - 1;
    long oldest = last - ProducerWindow.SEQUENCES + 1;

    assertThat(windows.find(new ProducerSequence(producer, last))).isPresent();
    assertThat(windows.find(new ProducerSequence(producer, oldest))).isPresent();
    long forgotten = last - ProducerWindow.MOST_SEQUENCES;
    assertThat(windows.find(new ProducerSequence(producer, forgotten))).isEmpty();
    assertThat(windows.mayHaveForgotten(new ProducerSequence(producer, forgotten))).isTrue();
    assertThat(windows.mayHaveForgotten(new ProducerSequence(producer, last + 1))).isFalse();
  }

  @Example
  void ofManyProducersTheLongestSilentIsForgottenAndTheYoungerAreWelcome() {
    ProducerWindows windows = ProducerWindows.NONE;
    for (int i = 0; i <= ProducerWindows.PRODUCERS; i++) {
      windows =
          windows.with(IDENTITY, 2 + i, START + i, records(new ProducerId(START + i, i), 0, 1));
    }
    ProducerId first = new ProducerId(START, 0);

    assertThat(windows.find(new ProducerSequence(first, 0))).isEmpty();
    assertThat(windows.mayHaveForgotten(new ProducerSequence(first, 0))).isTrue();
    assertThat(windows.find(new ProducerSequence(new ProducerId(START + 1, 1), 0))).isPresent();
    assertThat(windows.mayHaveForgotten(new ProducerSequence(new ProducerId(START, 9), 0)))
        .isTrue();
    assertThat(windows.mayHaveForgotten(new ProducerSequence(new ProducerId(START + 1, 9), 0)))
        .isFalse();
  }

  @Example
  void producerThatWasSilentForADayIsForgotten() {
    ProducerId silent = new ProducerId(START, 1);
    ProducerId other = new ProducerId(START, 2);
    ProducerWindows windows = ProducerWindows.NONE.with(IDENTITY, 2, START, records(silent, 0, 1));
    long almost = START + ProducerWindows.SILENCE_MILLIS - 1;
    windows = windows.with(IDENTITY, 3, almost, records(other, 0, 1));
    assertThat(windows.find(new ProducerSequence(silent, 0))).isPresent();

    windows = windows.with(IDENTITY, 4, almost + 1, records(other, 1, 1));

    assertThat(windows.find(new ProducerSequence(silent, 0))).isEmpty();
    assertThat(windows.mayHaveForgotten(new ProducerSequence(silent, 0))).isTrue();
  }

  @Example
  void whatOneParentMayHaveDroppedIsNotNewToTheChild() {
    ProducerId producer = new ProducerId(START, 1);
    ProducerWindows knows = ProducerWindows.NONE.with(IDENTITY, 2, START, records(producer, 0, 1));
    ProducerWindows dropped = new ProducerWindows(START, new LinkedHashMap<>());

    for (ProducerWindows child : List.of(knows.and(dropped), dropped.and(knows))) {
      assertThat(child.find(new ProducerSequence(producer, 0))).isPresent();
      assertThat(child.mayHaveForgotten(new ProducerSequence(producer, 1))).isTrue();
    }
  }

  @Example
  void nothingRememberedTakesNoBytes() {
    assertThat(ProducerWindowsFormat.write(ProducerWindows.NONE).size()).isZero();
    assertThat(stored(ProducerWindows.NONE).isEmpty()).isTrue();
  }
}
