package io.millrace.processors.lane;

import java.util.List;
import java.util.Optional;

/**
 * What becomes of a batch after a call.
 *
 * @param finished how many of its first records are finished
 * @param again what is tried again, piece by piece in this order
 * @param pauseNanos how long to wait before that
 * @param givenUp what is given up, after the finished records
 */
record Verdict(int finished, List<Batch> again, long pauseNanos, Optional<Batch> givenUp) {

  static Verdict done(Batch batch) {
    return new Verdict(batch.size(), List.of(), 0, Optional.empty());
  }

  static Verdict again(int finished, long pauseNanos, Batch... pieces) {
    return new Verdict(finished, List.of(pieces), pauseNanos, Optional.empty());
  }

  static Verdict giveUp(int finished, Batch rest) {
    return new Verdict(finished, List.of(), 0, Optional.of(rest));
  }

  /** Whether the call did all that it was to do. */
  boolean isDone() {
    return again.isEmpty() && givenUp.isEmpty();
  }
}
