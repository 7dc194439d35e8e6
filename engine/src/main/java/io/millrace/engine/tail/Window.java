package io.millrace.engine.tail;

import io.millrace.engine.batch.Frame;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest committed events of one shard in memory, without gaps: readers near the end share them
 * and never touch the database. Bounded by the budget it shares with other windows. Safe for any
 * thread.
 */
final class Window {

  private final WindowBudget budget;
  private Frame[] ring = new Frame[16];
  private int head;
  private int size;
  private long bytes;
  private long nextEvent;

  /** An empty window that will take {@code nextEvent} first. */
  Window(WindowBudget budget, long nextEvent) {
    this.budget = budget;
    this.nextEvent = nextEvent;
  }

  /** Adds the next event. */
  void add(Frame frame) {
    synchronized (this) {
      if (frame.header().eventNumber() != nextEvent) {
        throw new IllegalStateException(
            "event " + frame.header().eventNumber() + " is not next, " + nextEvent + " is");
      }
      if (size == ring.length) {
        grow();
      }
      ring[(head + size++) & (ring.length - 1)] = frame;
      bytes += frame.bytes().length;
      nextEvent++;
    }
    budget.added(this, frame.bytes().length);
  }

  /**
   * The events from {@code event} on that the window holds, up to and including {@code lastEvent}
   * and until their bytes reach {@code maxBytes}; at least one. Empty when {@code event} is too old
   * for the window or not there yet.
   */
  synchronized List<Frame> from(long event, long lastEvent, long maxBytes) {
    List<Frame> frames = new ArrayList<>();
    long taken = 0;
    for (long next = event;
        next >= firstEvent() && next < nextEvent && next <= lastEvent && taken < maxBytes;
        next++) {
      Frame frame = ring[(head + (int) (next - firstEvent())) & (ring.length - 1)];
      frames.add(frame);
      taken += frame.bytes().length;
    }
    return frames;
  }

  /** The oldest event that the window holds; the next one to come if it is empty. */
  synchronized long firstEvent() {
    return nextEvent - size;
  }

  /** Forgets everything; {@code next} will be the next event. */
  void restart(long next) {
    long freed;
    synchronized (this) {
      freed = bytes;
      ring = new Frame[16];
      head = 0;
      size = 0;
      bytes = 0;
      nextEvent = next;
    }
    budget.released(this, freed);
  }

  /** Drops the oldest event, if there is one; called by the budget, which counts what was freed. */
  synchronized int evictOldest() {
    if (size == 0) {
      return 0;
    }
    int freed = ring[head].bytes().length;
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    size--;
    bytes -= freed;
    return freed;
  }

  private void grow() {
    Frame[] larger = new Frame[ring.length * 2];
    for (int i = 0; i < size; i++) {
      larger[i] = ring[(head + i) & (ring.length - 1)];
    }
    ring = larger;
    head = 0;
  }
}
