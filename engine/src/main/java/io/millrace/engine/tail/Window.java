package io.millrace.engine.tail;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The newest committed events of one shard in memory, without gaps: readers near the end share them
 * and never touch the database. The very newest are also taken apart once for all who read them.
 * Bounded by the budget it shares with other windows. Safe for any thread.
 */
final class Window {

  /** Readers who follow the shard share the records of so many events at its end. */
  static final int LIVE_EVENTS = 64;

  private final WindowBudget budget;
  private Place[] ring = new Place[16];
  private int head;
  private int size;
  private long bytes;
  private long nextEvent;

  /** An event, and its records once somebody has asked for them. */
  private static final class Place {

    private final Frame frame;

    /** Guarded by this place. */
    private DecodedBatch decoded;

    /** What the records have been charged; guarded by the window. */
    private int charged;

    Place(Frame frame) {
      this.frame = frame;
    }

    int bytes() {
      return frame.bytes().length + charged;
    }
  }

  /** An empty window that will take {@code nextEvent} first. */
  Window(WindowBudget budget, long nextEvent) {
    this.budget = budget;
    this.nextEvent = nextEvent;
  }

  /** Adds the next event. */
  void add(Frame frame) {
    int added = frame.bytes().length;
    synchronized (this) {
      if (frame.header().eventNumber() != nextEvent) {
        throw new IllegalStateException(
            "event " + frame.header().eventNumber() + " is not next, " + nextEvent + " is");
      }
      if (size == ring.length) {
        grow();
      }
      ring[(head + size++) & (ring.length - 1)] = new Place(frame);
      nextEvent++;
      added -= forgetRecords(nextEvent - 1 - LIVE_EVENTS);
      bytes += added;
    }
    budget.added(this, added);
  }

  /** An event is not among the newest any more; says what that frees. */
  private int forgetRecords(long event) {
    if (event < firstEvent()) {
      return 0;
    }
    Place old = place(event);
    int freed = old.charged;
    if (freed > 0) {
      ring[index(event)] = new Place(old.frame);
    }
    return freed;
  }

  /**
   * The records of an event, the same ones for every reader; empty when the event is not among the
   * newest any more, or has no records.
   */
  Optional<DecodedBatch> share(Frame frame, ShardIdentity identity) {
    if (!RecordBatch.isBatch(frame.header())) {
      return Optional.empty();
    }
    Place place;
    synchronized (this) {
      if (!isLive(frame)) {
        return Optional.empty();
      }
      place = place(frame.header().eventNumber());
    }
    DecodedBatch decoded;
    synchronized (place) {
      if (place.decoded != null) {
        return Optional.of(place.decoded);
      }
      decoded = DecodedBatch.of(frame, identity);
      place.decoded = decoded;
    }
    charge(place, decoded);
    return Optional.of(decoded);
  }

  private void charge(Place place, DecodedBatch decoded) {
    synchronized (this) {
      if (!isLive(place.frame)) {
        // It goes with its place, or is old enough to go before its place does.
        synchronized (place) {
          place.decoded = null;
        }
        return;
      }
      place.charged = decoded.bytes();
      bytes += decoded.bytes();
    }
    budget.grew(decoded.bytes());
  }

  private boolean isLive(Frame frame) {
    long event = frame.header().eventNumber();
    return event >= firstEvent()
        && event < nextEvent
        && event >= nextEvent - LIVE_EVENTS
        && place(event).frame == frame;
  }

  private Place place(long event) {
    return ring[index(event)];
  }

  private int index(long event) {
    return (head + (int) (event - firstEvent())) & (ring.length - 1);
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
      Frame frame = place(next).frame;
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
      ring = new Place[16];
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
    int freed = ring[head].bytes();
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    size--;
    bytes -= freed;
    return freed;
  }

  private void grow() {
    Place[] larger = new Place[ring.length * 2];
    for (int i = 0; i < size; i++) {
      larger[i] = ring[(head + i) & (ring.length - 1)];
    }
    ring = larger;
    head = 0;
  }
}
