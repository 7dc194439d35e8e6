package io.millrace.engine.stream;

import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.stream.StreamEvent.DeletionStarted;
import io.millrace.engine.stream.StreamEvent.MaxRecordSizeChanged;
import io.millrace.engine.stream.StreamEvent.RetentionChanged;
import io.millrace.engine.stream.StreamEvent.StreamActivated;
import io.millrace.engine.stream.StreamEvent.StreamCreated;
import io.millrace.engine.stream.StreamEvent.StreamDeleted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A stream as its events made it.
 *
 * @param name its name
 * @param incarnation the life of that name
 * @param phase how far it has come
 * @param mode its capacity mode
 * @param createdMillis when it was created, epoch milliseconds
 * @param retentionHours how long records stay
 * @param maxRecordKiB the largest record
 * @param expiredMillis records that arrived then or earlier have expired, whatever the retention,
 *     epoch milliseconds
 * @param shards its shards, by id
 */
public record StreamState(
    StreamName name,
    long incarnation,
    Phase phase,
    StreamMode mode,
    long createdMillis,
    int retentionHours,
    int maxRecordKiB,
    long expiredMillis,
    List<ShardView> shards) {

  /** The retention of a new stream, and the shortest there is, in hours. */
  public static final int MIN_RETENTION_HOURS = 24;

  /** The longest retention, in hours. */
  public static final int MAX_RETENTION_HOURS = 8760;

  /** How far a stream has come. */
  public enum Phase {
    /** Named by the registry, and nothing more. */
    UNBORN,
    /** Its first shards are being opened. */
    CREATING,
    /** Ready for everything. */
    ACTIVE,
    /** Its shards are being erased. */
    DELETING,
    /** Nothing is left but its name, which the registry has still to forget. */
    GONE
  }

  public StreamState {
    shards = List.copyOf(shards);
  }

  /** The stream before its first event. */
  static StreamState unborn(StreamName name, long incarnation) {
    return new StreamState(
        name,
        incarnation,
        Phase.UNBORN,
        StreamMode.PROVISIONED,
        0,
        0,
        0,
        Long.MIN_VALUE,
        List.of());
  }

  // Questions.

  /** The status that callers see. */
  StreamStatus status() {
    return switch (phase) {
      case UNBORN, CREATING -> StreamStatus.CREATING;
      case ACTIVE -> StreamStatus.ACTIVE;
      case DELETING, GONE -> StreamStatus.DELETING;
    };
  }

  /** Where one of its shards is found. */
  ShardAddress address(ShardId shardId) {
    return new ShardAddress(name, incarnation, shardId);
  }

  /** How many of its shards count against the account. */
  int openShards() {
    return (int) shards.stream().filter(ShardView::isOpen).count();
  }

  /** What others see of it. */
  StreamView view(String arn) {
    return new StreamView(
        name,
        incarnation,
        arn,
        status(),
        mode,
        createdMillis,
        retentionHours,
        maxRecordKiB * 1024,
        phase == Phase.CREATING || phase == Phase.GONE ? List.of() : shards,
        expiredMillis);
  }

  // Decisions.

  Decision<StreamEvent> begin(StreamParameters parameters, long nowMillis) {
    if (phase != Phase.UNBORN) {
      return Decision.stands();
    }
    return Decision.happens(
        new StreamCreated(
            parameters.mode(),
            nowMillis,
            Math.floorDiv(nowMillis, 1000L),
            HashKeyRange.uniform(parameters.shardCount()),
            MIN_RETENTION_HOURS,
            parameters.maxRecordKiB()));
  }

  Decision<StreamEvent> activate() {
    return phase == Phase.CREATING ? Decision.happens(new StreamActivated()) : Decision.stands();
  }

  Decision<StreamEvent> increaseRetention(int hours, long nowMillis) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    if (hours < retentionHours) {
      return Decision.refuses(
          StreamReply.Kind.INVALID_ARGUMENT,
          "Requested retention period (%d hours) for stream %s can not be shorter than existing retention period (%d hours)."
              .formatted(hours, name, retentionHours));
    }
    return changeRetention(hours, nowMillis);
  }

  Decision<StreamEvent> decreaseRetention(int hours, long nowMillis) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    if (hours > retentionHours) {
      return Decision.refuses(
          StreamReply.Kind.INVALID_ARGUMENT,
          "Requested retention period (%d hours) for stream %s can not be longer than existing retention period (%d hours)."
              .formatted(hours, name, retentionHours));
    }
    return changeRetention(hours, nowMillis);
  }

  Decision<StreamEvent> changeMaxRecordSize(int kib) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    if (kib < StreamParameters.MIN_RECORD_KIB || kib > StreamParameters.MAX_RECORD_KIB) {
      return Decision.refuses(
          StreamReply.Kind.VALIDATION,
          "MaxRecordSizeInKiB must be between %d and %d, not %d."
              .formatted(StreamParameters.MIN_RECORD_KIB, StreamParameters.MAX_RECORD_KIB, kib));
    }
    return kib == maxRecordKiB
        ? Decision.stands()
        : Decision.happens(new MaxRecordSizeChanged(kib));
  }

  Decision<StreamEvent> delete() {
    return phase == Phase.ACTIVE ? Decision.happens(new DeletionStarted()) : notActive();
  }

  Decision<StreamEvent> finishDeletion() {
    return phase == Phase.DELETING ? Decision.happens(new StreamDeleted()) : Decision.stands();
  }

  private Decision<StreamEvent> changeRetention(int hours, long nowMillis) {
    if (hours < MIN_RETENTION_HOURS || hours > MAX_RETENTION_HOURS) {
      return Decision.refuses(
          StreamReply.Kind.INVALID_ARGUMENT,
          "RetentionPeriodHours must be between %d and %d, not %d."
              .formatted(MIN_RETENTION_HOURS, MAX_RETENTION_HOURS, hours));
    }
    return hours == retentionHours
        ? Decision.stands()
        : Decision.happens(new RetentionChanged(hours, nowMillis));
  }

  private Decision<StreamEvent> notActive() {
    return Decision.refuses(StatusRule.CHANGE.refusal(name, status()).orElseThrow());
  }

  // Transitions.

  StreamState apply(StreamEvent event) {
    if (event instanceof StreamCreated created) {
      return new StreamState(
          name,
          incarnation,
          Phase.CREATING,
          created.mode(),
          created.createdMillis(),
          created.retentionHours(),
          created.maxRecordKiB(),
          Long.MIN_VALUE,
          firstShards(created));
    }
    if (event instanceof StreamActivated) {
      return in(Phase.ACTIVE);
    }
    if (event instanceof RetentionChanged changed) {
      return retaining(changed);
    }
    if (event instanceof MaxRecordSizeChanged changed) {
      return new StreamState(
          name,
          incarnation,
          phase,
          mode,
          createdMillis,
          retentionHours,
          changed.kib(),
          expiredMillis,
          shards);
    }
    if (event instanceof DeletionStarted) {
      return in(Phase.DELETING);
    }
    if (event instanceof StreamDeleted) {
      return in(Phase.GONE);
    }
    throw new IllegalStateException("no transition for " + event.getClass().getName());
  }

  private static List<ShardView> firstShards(StreamCreated created) {
    List<ShardView> shards = new ArrayList<>(created.ranges().size());
    for (HashKeyRange range : created.ranges()) {
      shards.add(
          new ShardView(
              new ShardId(shards.size()),
              range,
              created.createdSeconds(),
              created.createdMillis(),
              List.of(),
              OptionalLong.empty()));
    }
    return shards;
  }

  private StreamState retaining(RetentionChanged changed) {
    // What has expired before a longer retention, or by a shorter one, never returns.
    int shorter = Math.min(changed.hours(), retentionHours);
    long expired = changed.changedMillis() - Duration.ofHours(shorter).toMillis();
    return new StreamState(
        name,
        incarnation,
        phase,
        mode,
        createdMillis,
        changed.hours(),
        maxRecordKiB,
        Math.max(expiredMillis, expired),
        shards);
  }

  private StreamState in(Phase next) {
    return new StreamState(
        name,
        incarnation,
        next,
        mode,
        createdMillis,
        retentionHours,
        maxRecordKiB,
        expiredMillis,
        next == Phase.GONE ? List.of() : shards);
  }
}
