package io.millrace.processors.lane;

import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.lane.Outcome.Answered;
import io.millrace.processors.lane.Outcome.NotReached;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What becomes of a batch after a call, and when it is too old for another.
 *
 * @param options the mapping's
 */
record RetryRule(MappingOptions options) {

  /** The verdict on a batch after a call that ended so. */
  Verdict judge(Batch batch, Outcome outcome) {
    if (outcome instanceof NotReached) {
      Batch throttled = batch.throttled();
      return Verdict.again(0, Backoff.afterNanos(throttled.throttles()), throttled);
    }
    Batch tried = batch.invoked();
    if (outcome instanceof Answered answer) {
      if (answer.failures().isEmpty() || !options.reportBatchItemFailures()) {
        return Verdict.done(tried);
      }
      int lowest = lowestFailure(tried, answer.failures()).orElse(0);
      return lowest > 0 ? afterPartialSuccess(tried, lowest) : afterFailure(tried);
    }
    return afterFailure(tried);
  }

  /**
   * The index of the first record that the function lists; empty when one identifier is null, empty
   * or of no record of the batch, which makes the whole batch a failure.
   */
  private static OptionalInt lowestFailure(Batch batch, List<String> identifiers) {
    Map<String, Integer> indexes = new HashMap<>();
    for (int i = 0; i < batch.size(); i++) {
      indexes.put(batch.pending().get(i).record().sequenceNumber().toString(), i);
    }
    int lowest = batch.size();
    for (String identifier : identifiers) {
      Integer index = indexes.get(identifier);
      if (index == null) {
        return OptionalInt.empty();
      }
      lowest = Math.min(lowest, index);
    }
    return OptionalInt.of(lowest);
  }

  private Verdict afterPartialSuccess(Batch batch, int lowest) {
    Batch rest = batch.without(lowest);
    return options.bisectBatchOnFunctionError()
        ? Verdict.again(lowest, 0, rest)
        : countAttempt(lowest, rest);
  }

  private Verdict afterFailure(Batch batch) {
    if (options.bisectBatchOnFunctionError() && batch.size() > 1) {
      int half = batch.size() / 2;
      return Verdict.again(0, 0, batch.first(half), batch.without(half));
    }
    return countAttempt(0, batch);
  }

  private Verdict countAttempt(int finished, Batch rest) {
    Batch failed = rest.failed();
    int retries = options.maximumRetryAttempts();
    return retries != MappingOptions.UNLIMITED && failed.failures() > retries
        ? Verdict.giveUp(finished, failed)
        : Verdict.again(finished, Backoff.afterNanos(failed.failures()), failed);
  }

  /** How many of the first records of a batch are too old to be tried. */
  int tooOld(Batch batch, Moment now) {
    long oldest = oldestArrivalMillis(now);
    int count = 0;
    while (count < batch.size() && batch.pending().get(count).arrivalMillis() < oldest) {
      count++;
    }
    return count;
  }

  /** Records that arrived earlier are given up: the limit of age, or the stream's retention. */
  long oldestArrivalMillis(Moment now) {
    int seconds = options.maximumRecordAgeInSeconds();
    return seconds == MappingOptions.UNLIMITED
        ? now.horizonMillis()
        : Math.max(now.horizonMillis(), now.epochMillis() - seconds * 1000L);
  }
}
