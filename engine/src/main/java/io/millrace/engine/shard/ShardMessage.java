package io.millrace.engine.shard;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.capacity.HotKey;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailClosedException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a shard can be asked, in the order of its life. Every message and reply here may cross to
 * another node, and has a serializer bound to {@link Wire}.
 */
public sealed interface ShardMessage {

  /** Everything that may cross to another node. */
  interface Wire {}

  /** What the rooms of one shard tell each other; never leaves its node. */
  non-sealed interface Internal extends ShardMessage {}

  /** What only an open shard can do: it waits until it is known what the shard is. */
  sealed interface NeedsTail extends ShardMessage {}

  /**
   * Opens a shard for the first time. Repeating it is harmless; a shard that was never opened
   * refuses every other message but {@link Erase}.
   *
   * @param createdSeconds creation time that its sequence numbers carry, epoch seconds
   * @param openedMillis when its stream opens it: no record of it arrives earlier, epoch
   *     milliseconds
   * @param range the hash keys it owns
   * @param inherited what its parents remember of producers, in the form of {@link
   *     ProducerWindowsFormat}
   * @param replyTo told {@link Opened} once that is durable, or a {@link Failed}
   */
  record Open(
      long createdSeconds,
      long openedMillis,
      HashKeyRange range,
      Payload inherited,
      ActorRef<OpenReply> replyTo)
      implements ShardMessage, Wire {}

  /** The answer to {@link Open}. */
  sealed interface OpenReply extends Wire permits Opened, Failed {}

  /** The shard is open and will be so after any restart. */
  record Opened() implements OpenReply {}

  /**
   * Puts records, each on its own: some may be stored while others are throttled.
   *
   * @param entries the records, at least one
   * @param inOrder whether the first refused record has all after it refused, so that a producer
   *     who sends them again keeps its order
   * @param burstBytes capacity of the shard's byte budget: 1 MiB, or the stream's largest record
   * @param orderingCounter counter that the new numbers must exceed: of {@code
   *     SequenceNumberForOrdering}, when it is a number of this shard
   * @param key the master key under which they are stored encrypted; empty to store them in the
   *     clear
   * @param replyTo told {@link PutDone} once every entry has its outcome
   */
  record Put(
      List<PutEntry> entries,
      boolean inOrder,
      int burstBytes,
      OptionalLong orderingCounter,
      Optional<KeyId> key,
      ActorRef<PutDone> replyTo)
      implements ShardMessage, Wire {

    /** A put of records that are stored in the clear. */
    public Put(
        List<PutEntry> entries,
        boolean inOrder,
        int burstBytes,
        OptionalLong orderingCounter,
        ActorRef<PutDone> replyTo) {
      this(entries, inOrder, burstBytes, orderingCounter, Optional.empty(), replyTo);
    }
  }

  /**
   * The answer to {@link Put}.
   *
   * @param outcomes one per entry, in the order of the request
   */
  record PutDone(List<PutOutcome> outcomes) implements Wire {}

  /** What became of one record. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Stored.class, name = "stored"),
    @JsonSubTypes.Type(value = Throttled.class, name = "throttled"),
    @JsonSubTypes.Type(value = Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = Moved.class, name = "moved"),
    @JsonSubTypes.Type(value = KeyRefused.class, name = "key-refused"),
    @JsonSubTypes.Type(value = NotWritten.class, name = "not-written"),
    @JsonSubTypes.Type(value = Unknown.class, name = "unknown"),
    @JsonSubTypes.Type(value = Forgotten.class, name = "forgotten")
  })
  sealed interface PutOutcome extends Wire {}

  /**
   * Durable and readable.
   *
   * @param sequenceNumber its number, which a repeat shares with the first put
   * @param encryptionType whether it is stored encrypted
   */
  record Stored(SequenceNumber sequenceNumber, EncryptionType encryptionType)
      implements PutOutcome {}

  /**
   * Not stored: the budget or the queue of the shard has no room for it.
   *
   * @param shardId the shard
   * @param retryAfterMillis when there may be room again, a hint
   */
  record Throttled(ShardId shardId, long retryAfterMillis) implements PutOutcome {}

  /** Not stored, and trying again does not help: the ordering number lies in the future. */
  record Refused(String why) implements PutOutcome {}

  /**
   * Not stored: the shard is closed or about to be. Its hash keys belong to other shards as soon as
   * the stream says so, and those take the record.
   */
  record Moved() implements PutOutcome {}

  /**
   * Not stored, or not readable now: the master key is not to be had. What is stored is not lost.
   *
   * @param reason why
   * @param why one sentence for people
   */
  record KeyRefused(KeyFailure reason, String why) implements PutOutcome, ReadReply {}

  /** Certainly not stored; trying again is safe. */
  record NotWritten(String why) implements PutOutcome {}

  /** Perhaps stored; trying again may store it twice, unless its producer has numbered it. */
  record Unknown(String why) implements PutOutcome {}

  /** Not stored now; an earlier put of the same producer's sequence may have been. */
  record Forgotten() implements PutOutcome {}

  /**
   * Reads records in order from a position on.
   *
   * @param fromCounter counter of the first record wanted; 0 for the oldest
   * @param maxRecords at most so many
   * @param maxBytes at most so many bytes of data and keys, but always one record
   * @param retentionMillis records that arrived so long ago or longer are not served
   * @param limited whether the read limits of the shard apply
   * @param replyTo told a {@link ReadDone}, a {@link ReadThrottled}, a {@link KeyRefused} or a
   *     {@link Failed}
   */
  record Read(
      long fromCounter,
      int maxRecords,
      int maxBytes,
      long retentionMillis,
      boolean limited,
      ActorRef<ReadReply> replyTo)
      implements NeedsTail, Wire {}

  /** The answer to {@link Read}. */
  sealed interface ReadReply extends Wire permits ReadDone, ReadThrottled, KeyRefused, Failed {}

  /**
   * Records, and where to go on.
   *
   * @param records the records, perhaps none
   * @param nextCounter counter from which the next read goes on
   * @param millisBehindLatest age of the first record not yet read; 0 when there is none
   * @param atShardEnd whether the shard is closed and nothing is left to read
   */
  record ReadDone(
      List<Record> records, long nextCounter, long millisBehindLatest, boolean atShardEnd)
      implements ReadReply {}

  /** The shard's read limits have no room for this call; nothing was read or charged. */
  record ReadThrottled() implements ReadReply {}

  /** Asks for the position just after the newest record. */
  record LocateLatest(ActorRef<LocateReply> replyTo) implements NeedsTail, Wire {}

  /**
   * Asks for the first record that arrived at this time or later, or else the position after the
   * newest one.
   *
   * @param epochMillis the time
   * @param replyTo told {@link Located} or {@link Failed}
   */
  record LocateTime(long epochMillis, ActorRef<LocateReply> replyTo) implements NeedsTail, Wire {}

  /** The answer to {@link LocateLatest} and {@link LocateTime}. */
  sealed interface LocateReply extends Wire permits Located, Failed {}

  /**
   * A position.
   *
   * @param counter counter from which to read
   */
  record Located(long counter) implements LocateReply {}

  /**
   * Asks for the tail of the shard itself. Only within one process: the answer is a live object.
   *
   * @param replyTo told {@link Attached} or {@link Failed}
   */
  record AttachTail(ActorRef<AttachReply> replyTo) implements NeedsTail {}

  /** The answer to {@link AttachTail}. */
  sealed interface AttachReply permits Attached, Failed {}

  /** The tail of the shard, live as long as the engine is open. */
  record Attached(RecordTail tail) implements AttachReply {}

  /**
   * Moves the trim horizon past every record that has expired and frees what lies below it, in
   * steps.
   *
   * @param retentionMillis records that arrived so long ago or longer have expired
   * @param replyTo told {@link Trimmed} when this round is done, or {@link Failed}
   */
  record Trim(long retentionMillis, ActorRef<TrimReply> replyTo) implements NeedsTail, Wire {}

  /** The answer to {@link Trim}. */
  sealed interface TrimReply extends Wire permits Trimmed, Failed {}

  /**
   * A round of trimming is done.
   *
   * @param deletedEvents how many stored events were deleted
   */
  record Trimmed(long deletedEvents) implements TrimReply {}

  /**
   * Asks what the shard has accepted since it was last asked, or since it started on this node.
   *
   * @param replyTo told {@link Accepted} at once
   */
  record ReportTraffic(ActorRef<TrafficReply> replyTo) implements ShardMessage, Wire {}

  /** The answer to {@link ReportTraffic}. */
  sealed interface TrafficReply extends Wire permits Accepted, Failed {}

  /**
   * What the shard has accepted.
   *
   * @param shardId the shard
   * @param bytes data and partition keys
   * @param records how many
   * @param heaviest the hash key that stands out, if any does
   */
  record Accepted(ShardId shardId, long bytes, long records, Optional<HotKey> heaviest)
      implements TrafficReply {}

  /**
   * Closes the shard: it takes no further put, writes those it has taken, and ends. Its records
   * stay readable. Repeating it is harmless.
   *
   * @param replyTo told {@link Closed} once that is durable, or {@link Failed}; after that it may
   *     still take puts
   */
  record Close(ActorRef<CloseReply> replyTo) implements NeedsTail, Wire {}

  /** The answer to {@link Close}. */
  sealed interface CloseReply extends Wire permits Closed, Failed {}

  /**
   * The shard is closed for good.
   *
   * @param shardId the shard
   * @param closedMillis since when, epoch milliseconds; no record of it arrived later
   * @param producers what it remembers of producers, for its children, in the form of {@link
   *     ProducerWindowsFormat}
   */
  record Closed(ShardId shardId, long closedMillis, Payload producers) implements CloseReply {}

  /**
   * Stops the shard for good and deletes all it stored. Repeating it is harmless.
   *
   * @param replyTo told {@link Erased} when nothing is left, or {@link Failed}
   */
  record Erase(ActorRef<EraseReply> replyTo) implements ShardMessage, Wire {}

  /** The answer to {@link Erase}. */
  sealed interface EraseReply extends Wire permits Erased, Failed {}

  /** Nothing of the shard is left. */
  record Erased() implements EraseReply {}

  /**
   * The shard cannot do it now.
   *
   * @param kind what that means for the caller
   * @param why one sentence for people
   */
  record Failed(Kind kind, String why)
      implements OpenReply,
          ReadReply,
          LocateReply,
          AttachReply,
          TrimReply,
          TrafficReply,
          CloseReply,
          EraseReply {

    /** What a failure of the storage, or of what it stores, tells a reader. */
    public static Failed reading(Throwable failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof CorruptFrameException) {
          return new Failed(Kind.CORRUPT, cause.getMessage());
        }
        if (cause instanceof TailClosedException closed) {
          return new Failed(
              closed.isErased() ? Kind.NOT_THERE : Kind.UNAVAILABLE, closed.getMessage());
        }
      }
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      return new Failed(Kind.UNAVAILABLE, "the storage does not answer: " + cause);
    }

    /** What a failure means for the caller. */
    public enum Kind {
      /** The storage does not answer, or the shard is recovering. Trying again helps. */
      UNAVAILABLE,
      /** Stored bytes failed their checksum or are missing. Trying again does not help. */
      CORRUPT,
      /** The shard was never opened, or has been erased. */
      NOT_THERE
    }
  }
}
