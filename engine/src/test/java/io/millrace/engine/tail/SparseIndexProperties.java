package io.millrace.engine.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class SparseIndexProperties {

  /** Steps of the clock between one event and the next. */
  @Provide
  Arbitrary<List<Integer>> steps() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, Arbitraries.just(0)),
            net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(1, 3)),
            net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(100, 10_000)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(1500);
  }

  @Property(tries = 150)
  void narrowsToWhereTheTimeIs(
      @ForAll("steps") List<Integer> steps,
      @ForAll @IntRange(min = 0, max = 1600) int horizon,
      @ForAll @IntRange(min = 0, max = 1500) int near,
      @ForAll @IntRange(min = -2, max = 2) int beside) {
    long[] arrivals = arrivals(steps);
    SparseIndex index = indexOf(arrivals).from(horizon);
    long time = arrivals[Math.min(near, arrivals.length - 1)] + beside;

    long low = index.lastBefore(time, 0);
    long high = index.firstAtOrAfter(time, Long.MAX_VALUE);

    // The first event at or after the time, by looking at every one: event n arrived at n - 1.
    int first = 0;
    while (first < arrivals.length && arrivals[first] < time) {
      first++;
    }
    long answer = first + 1L;
    assertThat(low).isLessThan(answer);
    if (answer >= horizon) {
      assertThat(high).isGreaterThanOrEqualTo(answer);
    }
    assertThat(low == 0 || low >= horizon).isTrue();
    if (horizon == 0 && low > 0 && high < Long.MAX_VALUE) {
      assertThat(high - low).isEqualTo(index.stride());
    }
  }

  @Property(tries = 60)
  void staysBoundedAndEvenlySpread(@ForAll @IntRange(min = 1, max = 20_000) int events) {
    SparseIndex index = SparseIndex.EMPTY;
    for (int event = 1; event <= events; event++) {
      index = index.with(event, event * 10L);
    }

    long[] noted = index.events();
    assertThat(noted).hasSizeLessThanOrEqualTo(256).hasSize(index.arrivals().length);
    assertThat(noted.length).isGreaterThanOrEqualTo(Math.min(events, 128));
    for (int i = 0; i < noted.length; i++) {
      assertThat(noted[i]).isEqualTo((i + 1L) * index.stride());
      assertThat(index.arrivals()[i]).isEqualTo(noted[i] * 10);
    }
  }

  @Property(tries = 60)
  void isTheSameWhenItIsRestored(@ForAll("steps") List<Integer> steps) {
    SparseIndex index = indexOf(arrivals(steps));
    SparseIndex restored = SparseIndex.restore(index.stride(), index.events(), index.arrivals());
    long last = arrivals(steps)[steps.size() - 1];

    SparseIndex goesOn = index;
    SparseIndex restoredGoesOn = restored;
    for (int event = steps.size() + 1; event < steps.size() + 600; event++) {
      goesOn = goesOn.with(event, last);
      restoredGoesOn = restoredGoesOn.with(event, last);
    }

    assertThat(restoredGoesOn.stride()).isEqualTo(goesOn.stride());
    assertThat(restoredGoesOn.events()).isEqualTo(goesOn.events());
    assertThat(restoredGoesOn.arrivals()).isEqualTo(goesOn.arrivals());
  }

  @Property(tries = 60)
  void eventsThatAreNotOfferedDoNoHarm(
      @ForAll("steps") List<Integer> steps, @ForAll @IntRange(min = 1, max = 7) int keepEvery) {
    long[] arrivals = arrivals(steps);
    SparseIndex index = SparseIndex.EMPTY;
    List<Long> offered = new ArrayList<>();
    for (int event = keepEvery; event <= arrivals.length; event += keepEvery) {
      index = index.with(event, arrivals[event - 1]);
      offered.add((long) event);
    }

    assertThat(index.events()).hasSizeLessThanOrEqualTo(256);
    for (long event : index.events()) {
      assertThat(offered).contains(event);
    }
  }

  @Property(tries = 60)
  void instancesNeverChange(@ForAll("steps") List<Integer> steps) {
    long[] arrivals = arrivals(steps);
    SparseIndex half = SparseIndex.EMPTY;
    int middle = arrivals.length / 2;
    for (int i = 0; i < middle; i++) {
      half = half.with(i + 1L, arrivals[i]);
    }
    long[] before = half.events();
    SparseIndex later = half;
    for (int i = middle; i < arrivals.length; i++) {
      later = later.with(i + 1L, arrivals[i]);
    }
    later.events()[0] = -1;
    half.from(5);

    assertThat(half.events()).isEqualTo(before);
    assertThat(later.events()[0]).isPositive();
  }

  private static long[] arrivals(List<Integer> steps) {
    long[] arrivals = new long[steps.size()];
    long now = 1_000_000;
    for (int i = 0; i < arrivals.length; i++) {
      now += steps.get(i);
      arrivals[i] = now;
    }
    return arrivals;
  }

  private static SparseIndex indexOf(long[] arrivals) {
    SparseIndex index = SparseIndex.EMPTY;
    for (int i = 0; i < arrivals.length; i++) {
      index = index.with(i + 1L, arrivals[i]);
    }
    return index;
  }
}
