package io.millrace.processors.lane;

import io.millrace.engine.model.Payload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** How a call of a function ended. */
public sealed interface Outcome {

  /**
   * The function returned.
   *
   * @param failures item identifiers of the records that it says failed, as it gave them: an
   *     element may be null or no sequence number at all. Empty: all succeeded
   * @param state the state of the window that it returned, a JSON object; empty where it gave none
   */
  record Answered(List<String> failures, Optional<Payload> state) implements Outcome {

    public Answered {
      failures = Collections.unmodifiableList(new ArrayList<>(failures));
    }
  }

  /**
   * The function failed: the call counts as an attempt.
   *
   * @param kind how
   * @param message what is known about it
   */
  record Failed(Kind kind, String message) implements Outcome {}

  /** How a function failed. */
  enum Kind {
    /** It threw. */
    ERROR,
    /** It did not return in time. */
    TIMEOUT,
    /** It returned what nobody can read. */
    INVALID_RESPONSE
  }

  /**
   * The function was not reached, because of a throttle or a fault that is not its own: the call
   * does not count.
   *
   * @param why as a sentence
   */
  record NotReached(String why) implements Outcome {}

  /** Every record succeeded. */
  static Outcome success() {
    return new Answered(List.of(), Optional.empty());
  }
}
