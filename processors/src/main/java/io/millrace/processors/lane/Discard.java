package io.millrace.processors.lane;

import io.millrace.engine.model.Record;
import java.util.List;
import java.util.Optional;

/**
 * A batch that is given up; its notice says so.
 *
 * @param condition why
 * @param records what it was about, in order; none when the final call of a window is given up
 * @param invocations how many calls reached the function with these records
 * @param lastOutcome how the last call ended; empty where age alone decided
 */
public record Discard(
    Condition condition, List<Record> records, int invocations, Optional<Outcome> lastOutcome) {

  /** Why a batch is given up. */
  public enum Condition {
    /** It has failed as often as it may. */
    RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
    /** Its records are too old, or have expired. */
    RECORD_AGE_EXCEEDED("RecordAgeExceeded");

    private final String apiName;

    Condition(String apiName) {
      this.apiName = apiName;
    }

    /** How a notice calls it. */
    public String apiName() {
      return apiName;
    }
  }
}
