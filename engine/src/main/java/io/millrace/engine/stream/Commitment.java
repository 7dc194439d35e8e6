package io.millrace.engine.stream;

import io.millrace.engine.model.MinimumThroughputBillingCommitmentOutputStatus;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The account's commitment to a minimum throughput. How it stands follows from the time at which
 * that is asked.
 *
 * @param startedMillis when it started last, epoch milliseconds; empty if it never did
 * @param endMillis when it ends or ended, epoch milliseconds; empty while no end is in sight
 */
public record Commitment(OptionalLong startedMillis, OptionalLong endMillis) {

  /** How long it lasts at least. */
  static final Duration SHORTEST = Duration.ofHours(24);

  /** That of an account which never committed itself. */
  static final Commitment NONE = new Commitment(OptionalLong.empty(), OptionalLong.empty());

  static Commitment startedAt(long millis) {
    return new Commitment(OptionalLong.of(millis), OptionalLong.empty());
  }

  Commitment endingAt(long millis) {
    return new Commitment(startedMillis, OptionalLong.of(millis));
  }

  Commitment withoutEnd() {
    return new Commitment(startedMillis, OptionalLong.empty());
  }

  MinimumThroughputBillingCommitmentOutputStatus status(long nowMillis) {
    if (startedMillis.isEmpty()) {
      return MinimumThroughputBillingCommitmentOutputStatus.DISABLED;
    }
    if (endMillis.isEmpty()) {
      return MinimumThroughputBillingCommitmentOutputStatus.ENABLED;
    }
    return nowMillis < endMillis.getAsLong()
        ? MinimumThroughputBillingCommitmentOutputStatus.ENABLED_UNTIL_EARLIEST_ALLOWED_END
        : MinimumThroughputBillingCommitmentOutputStatus.DISABLED;
  }

  /** Whether the account is committed now. */
  boolean isOn(long nowMillis) {
    return status(nowMillis) != MinimumThroughputBillingCommitmentOutputStatus.DISABLED;
  }

  /** When it may end, epoch milliseconds; of one that has started. */
  long earliestEndMillis() {
    return startedMillis.getAsLong() + SHORTEST.toMillis();
  }
}
