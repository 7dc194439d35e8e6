package io.millrace.engine.tail;

import io.millrace.engine.batch.Frame;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Events that one reader has fetched from the journal and that its page had no room for. A follower
 * keeps them: its next page begins with them, and fetches none of them again. In order, without a
 * gap, verified; the first may have been read in part. Never more than was fetched at a time. One
 * thread at a time.
 */
final class Unread {

  private final ArrayDeque<Frame> frames = new ArrayDeque<>();
  private final boolean isKept;

  private Unread(boolean isKept) {
    this.isKept = isKept;
  }

  /** Of a reader who reads page after page. */
  static Unread kept() {
    return new Unread(true);
  }

  /** Of a single page, with which it goes. */
  static Unread dropped() {
    return new Unread(false);
  }

  /** Whether another page will begin with it: then it is no waste to fetch more than one needs. */
  boolean isKept() {
    return isKept;
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  Optional<Frame> first() {
    return Optional.ofNullable(frames.peek());
  }

  /** All of it, in order. */
  Collection<Frame> frames() {
    return Collections.unmodifiableCollection(frames);
  }

  /** The event after the last one; there is one. */
  long nextEvent() {
    return frames.getLast().header().eventNumber() + 1;
  }

  /** Forgets what lies before an event, and everything if that event is not there. */
  void skipTo(long event) {
    while (!frames.isEmpty() && frames.peek().header().eventNumber() != event) {
      frames.remove();
    }
  }

  /** Has the page take what it has room for: first of what was left, then of these. */
  void pour(List<Frame> more, PageBuilder page) {
    frames.addAll(more);
    while (!frames.isEmpty() && page.add(frames.peek())) {
      frames.remove();
    }
  }

  void clear() {
    frames.clear();
  }
}
