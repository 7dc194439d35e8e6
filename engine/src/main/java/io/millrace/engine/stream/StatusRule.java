package io.millrace.engine.stream;

import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.StreamReply.Kind;
import io.millrace.engine.stream.StreamReply.Refused;
import java.util.Optional;

/**
 * What an operation may find a stream in: the operations of the API, by what they have in common.
 */
public enum StatusRule {
  /** PutRecord and PutRecords. */
  PUT(Kind.RESOURCE_NOT_FOUND, null, Kind.RESOURCE_NOT_FOUND),
  /** GetShardIterator and GetRecords; while a stream is deleted, as long as there is data. */
  READ(Kind.RESOURCE_NOT_FOUND, null, null),
  /** Descriptions and listings of streams and of registered consumers, in any status. */
  DESCRIBE(null, null, null),
  /** ListShards, and whatever names a shard to change it. */
  LIST_SHARDS(Kind.RESOURCE_IN_USE, null, null),
  /** RegisterStreamConsumer, DeregisterStreamConsumer and CreateChannel. */
  CHANGE_CONSUMERS(Kind.RESOURCE_IN_USE, null, Kind.RESOURCE_IN_USE),
  /** Whatever changes tags and policies. */
  CHANGE_ATTACHMENTS(Kind.RESOURCE_IN_USE, null, Kind.RESOURCE_IN_USE),
  /** Whatever changes the stream's settings or shards, and DeleteStream. */
  CHANGE(Kind.RESOURCE_IN_USE, Kind.RESOURCE_IN_USE, Kind.RESOURCE_IN_USE);

  private final Kind creating;
  private final Kind updating;
  private final Kind deleting;

  /** Null where it is allowed; in ACTIVE everything is. */
  StatusRule(Kind creating, Kind updating, Kind deleting) {
    this.creating = creating;
    this.updating = updating;
    this.deleting = deleting;
  }

  /** Why a stream in this status refuses the operation; empty when it does not. */
  public Optional<Refused> refusal(StreamName name, StreamStatus status) {
    Kind kind =
        switch (status) {
          case CREATING -> creating;
          case ACTIVE -> null;
          case UPDATING -> updating;
          case DELETING -> deleting;
        };
    if (kind == null) {
      return Optional.empty();
    }
    return Optional.of(
        kind == Kind.RESOURCE_NOT_FOUND
            ? notFound(name)
            : new Refused(
                kind, "Stream %s not ACTIVE, instead in state %s.".formatted(name, status)));
  }

  /** What is said to a caller who would reshard a stream that does so by itself. */
  static Refused onDemand(StreamName name) {
    return new Refused(
        Kind.VALIDATION,
        "Request is invalid. Stream %s is in ON_DEMAND capacity mode, which manages its shards itself."
            .formatted(name));
  }

  /** What is said to a caller who would warm a stream whose shards are the operator's. */
  static Refused provisioned(StreamName name) {
    return new Refused(
        Kind.VALIDATION,
        "Request is invalid. Stream %s is in PROVISIONED capacity mode, which has no warm throughput."
            .formatted(name));
  }

  /** What is said to a caller who would create a stream of a name that one has. */
  static Refused taken(StreamName name) {
    return new Refused(Kind.RESOURCE_IN_USE, "Stream %s already exists.".formatted(name));
  }

  /** What is said of a name that no stream has. */
  public static Refused notFound(StreamName name) {
    return new Refused(Kind.RESOURCE_NOT_FOUND, "Stream %s not found.".formatted(name));
  }
}
