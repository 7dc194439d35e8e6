package io.millrace.engine.stream;

import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What a stream's actor can be told: first what callers ask, then what it tells itself. */
public sealed interface StreamCommand {

  /** What a caller asks of an existing stream. Every one may be answered {@code UNKNOWN}. */
  sealed interface Request extends StreamCommand {

    /** Told {@link StreamReply.Done} once it is durable, or a {@link StreamReply.Refused}. */
    ActorRef<StreamReply> replyTo();
  }

  /**
   * Makes records stay longer; the present value is accepted and changes nothing. Refused {@code
   * RESOURCE_IN_USE} unless the stream is ACTIVE, {@code INVALID_ARGUMENT} outside 24 to 8760 or
   * below the present value.
   *
   * @param hours the new retention
   */
  record IncreaseRetention(int hours, ActorRef<StreamReply> replyTo) implements Request {}

  /**
   * Makes records stay shorter and drops older ones at once; the present value is accepted and
   * changes nothing. Refused {@code RESOURCE_IN_USE} unless the stream is ACTIVE, {@code
   * INVALID_ARGUMENT} outside 24 to 8760 or above the present value.
   *
   * @param hours the new retention
   */
  record DecreaseRetention(int hours, ActorRef<StreamReply> replyTo) implements Request {}

  /**
   * Changes the largest record for later puts. Refused {@code RESOURCE_IN_USE} unless the stream is
   * ACTIVE, {@code VALIDATION} outside 1024 to 10240.
   *
   * @param kib the new maximum, KiB
   */
  record ChangeMaxRecordSize(int kib, ActorRef<StreamReply> replyTo) implements Request {}

  /**
   * Starts to delete the stream with all its data. Refused {@code RESOURCE_IN_USE} unless the
   * stream is ACTIVE.
   */
  record DeleteStream(ActorRef<StreamReply> replyTo) implements Request {}

  /**
   * Begins the stream's life, unless it has begun.
   *
   * @param replyTo told once the stream can be seen; empty when nobody waits
   */
  record Begin(Optional<ActorRef<StreamReply>> replyTo) implements StreamCommand {}

  /** The creating delay is over. */
  record OpenShards() implements StreamCommand {}

  /** Every shard has answered that it is open. */
  record ShardsOpened() implements StreamCommand {}

  /** Time for a round of trimming. */
  record TrimShards() implements StreamCommand {}

  /**
   * A round of trimming is over.
   *
   * @param round its number
   * @param failures how many shards failed
   */
  record TrimRoundDone(long round, int failures) implements StreamCommand {}

  /** Every shard has answered that nothing of it is left. */
  record ShardsErased() implements StreamCommand {}

  /** Time to tell the registry again that the stream is gone. */
  record ReportGone() implements StreamCommand {}
}
