package io.millrace.processors.lane;

import io.millrace.engine.model.Record;
import java.util.List;

/**
 * Records of one lane that are processed by one call, in order, and what has been tried with them.
 *
 * @param pending the records; none in the final call of a window
 * @param failures calls that failed and count as attempts
 * @param throttles calls in a row that did not reach the function
 * @param invocations calls that reached the function, with these records or with more
 */
record Batch(List<PendingRecord> pending, int failures, int throttles, int invocations) {

  static final Batch EMPTY = new Batch(List.of(), 0, 0, 0);

  static Batch of(List<PendingRecord> pending) {
    return new Batch(List.copyOf(pending), 0, 0, 0);
  }

  int size() {
    return pending.size();
  }

  List<Record> records() {
    return pending.stream().map(PendingRecord::record).toList();
  }

  /** The first so many records, with the same history. */
  Batch first(int count) {
    return new Batch(pending.subList(0, count), failures, throttles, invocations);
  }

  /** All but the first so many records, with the same history. */
  Batch without(int count) {
    return new Batch(pending.subList(count, size()), failures, throttles, invocations);
  }

  /** The same after a call that reached the function. */
  Batch invoked() {
    return new Batch(pending, failures, 0, invocations + 1);
  }

  /** The same after a call that counts as a failed attempt. */
  Batch failed() {
    return new Batch(pending, failures + 1, throttles, invocations);
  }

  /** The same after a call that did not reach the function. */
  Batch throttled() {
    return new Batch(pending, failures, throttles + 1, invocations);
  }
}
