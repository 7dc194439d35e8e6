package io.millrace.gateway.http;

import java.util.concurrent.atomic.AtomicLong;

/** A number of places, taken and given back. Safe for any thread. */
final class Room {

  private final long places;
  private final AtomicLong taken = new AtomicLong();

  Room(long places) {
    this.places = places;
  }

  /** Takes so many places if they are free. */
  boolean take(long wanted) {
    if (taken.addAndGet(wanted) <= places) {
      return true;
    }
    taken.addAndGet(-wanted);
    return false;
  }

  /** Takes so many places, free or not. */
  void occupy(long needed) {
    taken.addAndGet(needed);
  }

  void giveBack(long returned) {
    taken.addAndGet(-returned);
  }

  boolean isEmpty() {
    return taken.get() == 0;
  }
}
