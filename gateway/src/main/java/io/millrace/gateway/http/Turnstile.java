package io.millrace.gateway.http;

import java.util.ArrayDeque;
import java.util.Queue;

/** Lets only so many in at once; the others stand in a row and come in by turns. Never blocks. */
final class Turnstile {

  private final long places;
  private final Queue<Runnable> row = new ArrayDeque<>();
  private long inside;

  Turnstile(long places) {
    this.places = places;
  }

  /**
   * Comes in.
   *
   * @param begin what is done inside: at once, or on the thread of one that leaves
   */
  void enter(Runnable begin) {
    synchronized (row) {
      if (inside >= places) {
        row.add(begin);
        return;
      }
      inside++;
    }
    begin.run();
  }

  /** Leaves, whether it is done or has failed. */
  void leave() {
    Runnable next;
    synchronized (row) {
      next = row.poll();
      if (next == null) {
        inside--;
        return;
      }
    }
    next.run();
  }
}
