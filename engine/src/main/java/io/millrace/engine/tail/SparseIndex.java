package io.millrace.engine.tail;

import java.util.Arrays;

/**
 * Arrival times of some events of a shard, at most {@value #CAPACITY} of them: it narrows the
 * search for a time to a few rows. When it is full every other entry goes, and from then on only
 * half as many are noted. Immutable.
 */
public final class SparseIndex {

  /** The index of a shard without events. */
  public static final SparseIndex EMPTY = new SparseIndex(1, new long[0], new long[0]);

  private static final int CAPACITY = 256;

  private final int stride;
  private final long[] events;
  private final long[] arrivals;

  private SparseIndex(int stride, long[] events, long[] arrivals) {
    this.stride = stride;
    this.events = events;
    this.arrivals = arrivals;
  }

  /** An index as {@link #stride}, {@link #events} and {@link #arrivals} showed it. */
  public static SparseIndex restore(int stride, long[] events, long[] arrivals) {
    return new SparseIndex(stride, events.clone(), arrivals.clone());
  }

  /** Notes an event, if its turn has come. Events are offered in order. */
  public SparseIndex with(long event, long arrivalMillis) {
    if (event % stride != 0) {
      return this;
    }
    if (events.length == CAPACITY) {
      return thinned().with(event, arrivalMillis);
    }
    int size = events.length;
    long[] moreEvents = Arrays.copyOf(events, size + 1);
    long[] moreArrivals = Arrays.copyOf(arrivals, size + 1);
    moreEvents[size] = event;
    moreArrivals[size] = arrivalMillis;
    return new SparseIndex(stride, moreEvents, moreArrivals);
  }

  /** Forgets the events below this one. */
  public SparseIndex from(long event) {
    int keep = lowerBound(events, event);
    return keep == 0
        ? this
        : new SparseIndex(
            stride,
            Arrays.copyOfRange(events, keep, events.length),
            Arrays.copyOfRange(arrivals, keep, arrivals.length));
  }

  /** The largest noted event that arrived before this time, or else {@code orElse}. */
  public long lastBefore(long epochMillis, long orElse) {
    int at = lowerBound(arrivals, epochMillis) - 1;
    return at < 0 ? orElse : events[at];
  }

  /** The smallest noted event that arrived at this time or later, or else {@code orElse}. */
  public long firstAtOrAfter(long epochMillis, long orElse) {
    int at = lowerBound(arrivals, epochMillis);
    return at == arrivals.length ? orElse : events[at];
  }

  /** Every how many events one is noted. */
  public int stride() {
    return stride;
  }

  /** The noted events, ascending. */
  public long[] events() {
    return events.clone();
  }

  /** Their arrival times, epoch milliseconds. */
  public long[] arrivals() {
    return arrivals.clone();
  }

  private SparseIndex thinned() {
    int doubled = stride * 2;
    int size = 0;
    long[] fewerEvents = new long[events.length];
    long[] fewerArrivals = new long[events.length];
    for (int i = 0; i < events.length; i++) {
      if (events[i] % doubled == 0) {
        fewerEvents[size] = events[i];
        fewerArrivals[size++] = arrivals[i];
      }
    }
    return new SparseIndex(
        doubled, Arrays.copyOf(fewerEvents, size), Arrays.copyOf(fewerArrivals, size));
  }

  /** Index of the first value that is not below {@code bound}. */
  private static int lowerBound(long[] ascending, long bound) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
