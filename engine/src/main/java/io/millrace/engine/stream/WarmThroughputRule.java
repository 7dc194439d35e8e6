package io.millrace.engine.stream;

import io.millrace.engine.stream.StreamReply.Kind;
import io.millrace.engine.stream.StreamReply.Refused;
import java.util.Optional;

/**
 * What warm throughput the on-demand streams of an account may have now.
 *
 * @param isCommitted whether the account is committed to a minimum throughput
 * @param maxMiBps the most, MiB/s
 */
record WarmThroughputRule(boolean isCommitted, int maxMiBps) {

  /** The most that the service gives a stream: 10 GiB/s. */
  private static final int SERVICE_MAX_MIBPS = 10 * 1024;

  /** The rule for streams of so many shards at most, each of which takes 1 MiB/s. */
  static WarmThroughputRule of(boolean isCommitted, int maxShards) {
    return new WarmThroughputRule(isCommitted, Math.min(SERVICE_MAX_MIBPS, maxShards));
  }

  /** Why a stream may not have so much; empty if it may. */
  Optional<Refused> refusal(int miBps) {
    if (!isCommitted) {
      return Optional.of(
          new Refused(
              Kind.INVALID_ARGUMENT,
              "Warm throughput needs the minimum throughput billing commitment of the account."));
    }
    return miBps > maxMiBps
        ? Optional.of(
            new Refused(
                Kind.LIMIT_EXCEEDED,
                "The warm throughput of a stream is at most %d MiB/s, not %d."
                    .formatted(maxMiBps, miBps)))
        : Optional.empty();
  }

  /** How much of what a stream has been given counts: without the commitment, nothing. */
  int counted(int miBps) {
    return isCommitted ? miBps : 0;
  }
}
