package io.millrace.fanout;

import io.millrace.engine.consumer.WorkerSettings;
import java.util.BitSet;

/**
 * Tells the subscriptions of a publisher apart: the first has the worker id of the settings, each
 * that lives beside others has a number behind it, the smallest that is free. So the same ids come
 * back after a restart, and with them at once the shards they had. Safe for any thread.
 */
final class WorkerNames {

  private final WorkerSettings first;
  private final BitSet taken = new BitSet();

  WorkerNames(WorkerSettings first) {
    this.first = first;
  }

  /** A number that nobody has, from 0; for as long as it is not given back. */
  synchronized int take() {
    int number = taken.nextClearBit(0);
    taken.set(number);
    return number;
  }

  /** This number is free again. */
  synchronized void giveBack(int number) {
    taken.clear(number);
  }

  /** The settings of the worker with this number. */
  WorkerSettings settings(int number) {
    return number == 0 ? first : first.withWorkerId(first.workerId() + "-" + (number + 1));
  }
}
