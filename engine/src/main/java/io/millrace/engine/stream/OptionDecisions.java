package io.millrace.engine.stream;

import io.millrace.engine.capacity.RollingQuota;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.stream.StreamEvent.DistributionChanged;
import io.millrace.engine.stream.StreamEvent.EncryptionStarted;
import io.millrace.engine.stream.StreamEvent.EncryptionStopped;
import io.millrace.engine.stream.StreamEvent.MaxRecordSizeChanged;
import io.millrace.engine.stream.StreamEvent.MonitoringChanged;
import io.millrace.engine.stream.StreamEvent.RetentionChanged;
import io.millrace.engine.stream.StreamReply.Kind;
import java.util.Optional;
import java.util.Set;

/**
 * What a stream decides when its options are to change. Each is decided by the stream as it is now;
 * the present value is accepted, and nothing happens.
 */
record OptionDecisions(StreamState stream) {

  Decision<StreamEvent> increaseRetention(int hours, long nowMillis) {
    if (!stream.isActive()) {
      return stream.notActive();
    }
    if (hours < stream.options().retentionHours()) {
      return Decision.refuses(
          Kind.INVALID_ARGUMENT,
          "Requested retention period (%d hours) for stream %s can not be shorter than existing retention period (%d hours)."
              .formatted(hours, stream.name(), stream.options().retentionHours()));
    }
    return changeRetention(hours, nowMillis);
  }

  Decision<StreamEvent> decreaseRetention(int hours, long nowMillis) {
    if (!stream.isActive()) {
      return stream.notActive();
    }
    if (hours > stream.options().retentionHours()) {
      return Decision.refuses(
          Kind.INVALID_ARGUMENT,
          "Requested retention period (%d hours) for stream %s can not be longer than existing retention period (%d hours)."
              .formatted(hours, stream.name(), stream.options().retentionHours()));
    }
    return changeRetention(hours, nowMillis);
  }

  Decision<StreamEvent> changeMaxRecordSize(int kib) {
    if (!stream.isActive()) {
      return stream.notActive();
    }
    if (kib < StreamParameters.MIN_RECORD_KIB || kib > StreamParameters.MAX_RECORD_KIB) {
      return Decision.refuses(
          Kind.VALIDATION,
          "MaxRecordSizeInKiB must be between %d and %d, not %d."
              .formatted(StreamParameters.MIN_RECORD_KIB, StreamParameters.MAX_RECORD_KIB, kib));
    }
    return kib == stream.options().maxRecordKiB()
        ? Decision.stands()
        : Decision.happens(new MaxRecordSizeChanged(kib));
  }

  Decision<StreamEvent> startEncryption(KeyId key, long nowMillis) {
    if (!stream.isActive()) {
      return stream.notActive();
    }
    if (stream.options().encryption().key().equals(Optional.of(key))) {
      return Decision.stands();
    }
    return stream.options().encryption().starts().remaining(nowMillis) == 0
        ? tooManyCalls("StartStreamEncryption", stream.options().encryption().starts())
        : Decision.happens(new EncryptionStarted(key, nowMillis));
  }

  /** Asks nothing of the key itself: one that is lost must not keep a stream encrypted. */
  Decision<StreamEvent> stopEncryption(KeyId key, Account account, long nowMillis) {
    if (!stream.isActive()) {
      return stream.notActive();
    }
    Optional<KeyId> current = stream.options().encryption().key();
    if (current.isEmpty()) {
      return Decision.refuses(
          Kind.INVALID_ARGUMENT, "Stream %s is not encrypted.".formatted(stream.name()));
    }
    if (!current.get().names(key, account)) {
      return Decision.refuses(
          Kind.INVALID_ARGUMENT,
          "Stream %s is encrypted under key %s, not %s."
              .formatted(stream.name(), current.get(), key));
    }
    return stream.options().encryption().stops().remaining(nowMillis) == 0
        ? tooManyCalls("StopStreamEncryption", stream.options().encryption().stops())
        : Decision.happens(new EncryptionStopped(nowMillis));
  }

  private static Decision<StreamEvent> tooManyCalls(String operation, RollingQuota quota) {
    return Decision.refuses(
        Kind.LIMIT_EXCEEDED,
        "%s can be called %d times for a stream in 24 hours.".formatted(operation, quota.limit()));
  }

  /** Counts these of each shard from now on, and nothing else. */
  Decision<StreamEvent> monitor(Set<MetricsName> metrics) {
    if (!stream.isActive()) {
      return stream.notActive();
    }
    return metrics.equals(stream.options().shardLevelMetrics())
        ? Decision.stands()
        : Decision.happens(new MonitoringChanged(metrics));
  }

  Decision<StreamEvent> changeDistribution(RecordDistributionStrategy strategy) {
    if (!stream.isActive()) {
      return stream.notActive();
    }
    if (strategy == RecordDistributionStrategy.AUTO
        && stream.options().mode() == StreamMode.PROVISIONED) {
      return Decision.refuses(
          Kind.INVALID_ARGUMENT,
          "Stream %s is in PROVISIONED capacity mode, whose producers choose the shards."
              .formatted(stream.name()));
    }
    return strategy == stream.options().distribution()
        ? Decision.stands()
        : Decision.happens(new DistributionChanged(strategy));
  }

  private Decision<StreamEvent> changeRetention(int hours, long nowMillis) {
    if (hours < StreamState.MIN_RETENTION_HOURS || hours > StreamState.MAX_RETENTION_HOURS) {
      return Decision.refuses(
          Kind.INVALID_ARGUMENT,
          "RetentionPeriodHours must be between %d and %d, not %d."
              .formatted(StreamState.MIN_RETENTION_HOURS, StreamState.MAX_RETENTION_HOURS, hours));
    }
    return hours == stream.options().retentionHours()
        ? Decision.stands()
        : Decision.happens(new RetentionChanged(hours, nowMillis));
  }
}
