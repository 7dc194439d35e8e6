package io.millrace.persistence;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Which parts of a file have been written since it was last synced. Bounded: whoever finds it full
 * syncs before writing on. With a bound of 0 nothing is remembered, and it is never full.
 */
final class UnsyncedWrites {

  /** A part of a file. */
  record Extent(long position, int length) {}

  private final int bound;
  private final Deque<Extent> extents = new ArrayDeque<>();
  private long added;

  UnsyncedWrites(int bound) {
    this.bound = bound;
  }

  synchronized void add(long position, int length) {
    if (bound > 0) {
      extents.add(new Extent(position, length));
      added++;
    }
  }

  synchronized boolean isFull() {
    return bound > 0 && extents.size() >= bound;
  }

  synchronized boolean isEmpty() {
    return extents.isEmpty();
  }

  /** Names the writes up to now. */
  synchronized long mark() {
    return added;
  }

  /** The writes up to a mark are durable. */
  synchronized void removeUpTo(long mark) {
    while (added - extents.size() < mark && !extents.isEmpty()) {
      extents.removeFirst();
    }
  }

  synchronized List<Extent> extents() {
    return List.copyOf(extents);
  }
}
