package io.millrace.engine.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalRow;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ArrivalSearchProperties {

  /** Rows of a journal, whose headers alone are read. */
  private static final class Rows implements JournalPages {
    final TreeMap<Long, byte[]> rows = new TreeMap<>();
    int reads;

    @Override
    public CompletionStage<List<JournalRow>> read(
        String persistenceId, long from, long to, int maxBytes) {
      throw new AssertionError("a search reads no bodies");
    }

    @Override
    public CompletionStage<Optional<JournalRow>> prefix(
        String persistenceId, long from, long to, int prefixBytes) {
      reads++;
      Map.Entry<Long, byte[]> row = rows.ceilingEntry(from);
      return CompletableFuture.completedStage(
          row == null || row.getKey() > to
              ? Optional.empty()
              : Optional.of(
                  new JournalRow(row.getKey(), Arrays.copyOf(row.getValue(), prefixBytes))));
    }
  }

  @Property(tries = 1000)
  void findsWhatLookingAtEveryEventFinds(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 700) int events,
      @ForAll boolean trimmed,
      @ForAll boolean indexed) {
    Random random = new Random(seed);
    long[] arrivals = arrivals(random, events);
    long horizon = trimmed ? 1 + random.nextInt(events + 1) : 1;
    Rows pages = rows(arrivals);
    // What lies below the horizon may be gone, in part or whole.
    pages.rows.headMap(1 + (long) random.nextInt((int) horizon)).clear();
    long time = arrivals[random.nextInt(events)] + random.nextInt(3) - 1;

    long found = search(pages, time, state(arrivals, horizon, indexed));

    long expected = horizon;
    while (expected <= events && arrivals[(int) expected - 1] < time) {
      expected++;
    }
    assertThat(found).isEqualTo(expected);
    assertThat(pages.reads).isLessThanOrEqualTo(11);
  }

  @Property(tries = 1000)
  void corruptHeadersHideNoEventThatArrivedInTime(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int events,
      @ForAll @IntRange(min = 1, max = 60) int corrupt,
      @ForAll boolean indexed) {
    Random random = new Random(seed);
    long[] arrivals = arrivals(random, events);
    Rows pages = rows(arrivals);
    boolean[] damaged = new boolean[events];
    int start = random.nextInt(events);
    boolean together = random.nextBoolean();
    for (int i = 0; i < corrupt; i++) {
      int at = together ? Math.min(events - 1, start + i) : random.nextInt(events);
      damaged[at] = true;
      pages.rows.get(at + 1L)[random.nextInt(Frame.HEADER_BYTES)] ^= 1;
    }
    // Two flips may undo each other.
    for (int i = 0; i < events; i++) {
      if (damaged[i]) {
        pages.rows.get(i + 1L)[Frame.HEADER_BYTES - 1] = (byte) ~crcEnd(arrivals, i);
      }
    }
    long time = arrivals[random.nextInt(events)] + random.nextInt(3) - 1;

    long found = search(pages, time, state(arrivals, 1, indexed));

    // No readable event at or after the time lies below what was found, and what was found lies
    // at most as far on as the first such event.
    for (int event = 1; event <= events; event++) {
      if (!damaged[event - 1] && arrivals[event - 1] >= time) {
        assertThat(found).isLessThanOrEqualTo(event);
        break;
      }
    }
    // Every readable event below what was found arrived before the time.
    for (long event = 1; event < found; event++) {
      assertThat(damaged[(int) event - 1] || arrivals[(int) event - 1] < time).isTrue();
    }
    // Everything from there on that can be read arrived in time.
    for (long event = found; event <= events; event++) {
      assertThat(damaged[(int) event - 1] || arrivals[(int) event - 1] >= time).isTrue();
    }
  }

  private static byte crcEnd(long[] arrivals, int index) {
    byte[] bytes = frame(index + 1L, arrivals[index]).bytes();
    return bytes[Frame.HEADER_BYTES - 1];
  }

  private static long search(Rows pages, long time, TailState state) {
    return new ArrivalSearch("shard|a~1~0", pages)
        .firstAtOrAfter(time, state)
        .toCompletableFuture()
        .join();
  }

  private static TailState state(long[] arrivals, long horizon, boolean indexed) {
    SparseIndex index = SparseIndex.EMPTY;
    for (int i = 0; indexed && i < arrivals.length; i++) {
      index = index.with(i + 1L, arrivals[i]);
    }
    return new TailState(arrivals.length, 0, horizon, index.from(horizon), false);
  }

  private static Rows rows(long[] arrivals) {
    Rows pages = new Rows();
    for (int i = 0; i < arrivals.length; i++) {
      pages.rows.put(i + 1L, frame(i + 1L, arrivals[i]).bytes());
    }
    return pages;
  }

  private static Frame frame(long event, long arrival) {
    return Frame.of((byte) 9, event, 0, arrival, new byte[3]);
  }

  private static long[] arrivals(Random random, int events) {
    long[] arrivals = new long[events];
    long now = 1_000;
    for (int i = 0; i < events; i++) {
      now += random.nextInt(4) == 0 ? random.nextInt(50) : 0;
      arrivals[i] = now;
    }
    return arrivals;
  }
}
