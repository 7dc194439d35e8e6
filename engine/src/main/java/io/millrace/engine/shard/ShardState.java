package io.millrace.engine.shard;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.ProducerNotes;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.shard.ShardEvent.HorizonMoved;
import io.millrace.engine.shard.ShardEvent.RecordsAppended;
import io.millrace.engine.shard.ShardEvent.ShardClosed;
import io.millrace.engine.shard.ShardEvent.ShardOpened;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import io.millrace.engine.tail.SparseIndex;
import io.millrace.engine.tail.TailState;
import java.util.List;
import java.util.OptionalLong;

/** What a shard remembers: a few kilobytes, however much it stores. Immutable. */
public sealed interface ShardState {

  /** The horizon of a shard that was never trimmed: the event after the one that opened it. */
  long FIRST_HORIZON = 2;

  /** Number of the newest event in the shard's journal; 0 before the first. */
  long lastEvent();

  /** The state after this event. Total: no clock, no I/O, no refusal. */
  ShardState apply(ShardEvent event);

  /** A shard of which nothing is stored yet. */
  record Unopened(long lastEvent) implements ShardState {

    static final Unopened NEW = new Unopened(0);

    /**
     * Whether there are events, but not the one that opened the shard: then nothing may be added.
     */
    boolean isDamaged() {
      return lastEvent > 0;
    }

    /** Opens the shard. */
    ShardOpened open(
        ShardIdentity identity, HashKeyRange range, ProducerWindows inherited, long nowMillis) {
      Frame frame =
          Frame.of(
              inherited.isEmpty() ? ShardEventFormat.OPENED : ShardEventFormat.OPENED_AS_HEIR,
              lastEvent + 1,
              0,
              nowMillis,
              ShardEventFormat.opened(identity, range, inherited));
      return new ShardOpened(
          frame, identity.createdSeconds(), identity.shardIndex(), range, inherited);
    }

    @Override
    public ShardState apply(ShardEvent event) {
      if (event instanceof ShardOpened opened) {
        return new Opened(
            new ShardIdentity(opened.createdSeconds(), opened.shardIndex()),
            opened.range(),
            lastEvent + 1,
            0,
            0,
            0,
            opened.frame().header().arrivalMillis(),
            FIRST_HORIZON,
            SparseIndex.EMPTY,
            OptionalLong.empty(),
            opened.inherited());
      }
      return new Unopened(lastEvent + 1);
    }
  }

  /**
   * A shard that exists: it takes records until it is closed, and keeps those it has.
   *
   * @param identity what its sequence numbers carry
   * @param range the hash keys it owns
   * @param lastEvent number of its newest event
   * @param recordCount records it ever stored
   * @param lastRecordEvent number of its newest event that holds records; 0 if there was none
   * @param storedBytes bytes of all events it ever stored
   * @param lastArrivalMillis the newest arrival time it gave
   * @param horizonEvent the oldest event that may be read
   * @param index arrival times of some events
   * @param closedMillis when it was closed, epoch milliseconds; empty while it takes records
   * @param producers what it remembers of the records that producers numbered
   */
  record Opened(
      ShardIdentity identity,
      HashKeyRange range,
      long lastEvent,
      long recordCount,
      long lastRecordEvent,
      long storedBytes,
      long lastArrivalMillis,
      long horizonEvent,
      SparseIndex index,
      OptionalLong closedMillis,
      ProducerWindows producers)
      implements ShardState {

    // questions

    /** What readers may know. */
    public TailState tailState() {
      return new TailState(lastEvent, recordCount, horizonEvent, index, isClosed());
    }

    /** Whether it takes no more records. */
    boolean isClosed() {
      return closedMillis.isPresent();
    }

    /**
     * Whether moving the horizon to this event would free records. A quiet shard has none left, and
     * its own notes of earlier moves are not worth another one.
     */
    boolean wouldFree(long event) {
      return event > horizonEvent && lastRecordEvent >= horizonEvent;
    }

    // decisions

    /** Gives records their event, and with it their numbers and arrival time. */
    RecordsAppended append(List<? extends RecordBatch.Entry> entries, long nowMillis) {
      if (isClosed()) {
        throw new IllegalStateException("a closed shard takes no records");
      }
      ProducerNotes notes = ProducerNotes.of(entries);
      return new RecordsAppended(
          RecordBatch.encode(entries, notes, lastEvent + 1, recordCount, arrival(nowMillis)),
          notes);
    }

    /**
     * Moves the horizon to this event, never back; the caller has seen that all below it has
     * expired.
     */
    HorizonMoved moveHorizon(long event, long nowMillis) {
      long horizon = Math.max(horizonEvent, Math.min(event, lastEvent + 1));
      Frame frame =
          Frame.of(
              ShardEventFormat.HORIZON_MOVED,
              lastEvent + 1,
              recordCount,
              arrival(nowMillis),
              ShardEventFormat.horizonMoved(horizon));
      return new HorizonMoved(frame, horizon);
    }

    /** Ends the shard, which is open, just after its newest record. */
    ShardClosed close(long nowMillis) {
      return new ShardClosed(
          Frame.of(
              ShardEventFormat.CLOSED,
              lastEvent + 1,
              recordCount,
              arrival(nowMillis),
              ShardEventFormat.NOTHING));
    }

    /** Arrival times never fall, even when the wall clock does. */
    private long arrival(long nowMillis) {
      return Math.max(nowMillis, lastArrivalMillis);
    }

    // transitions

    @Override
    public Opened apply(ShardEvent event) {
      if (event instanceof RecordsAppended appended) {
        Frame.Header header = appended.frame().header();
        return advanced(
            appended.frame(),
            closedMillis,
            producers.with(
                identity, header.eventNumber(), header.arrivalMillis(), appended.notes()));
      }
      if (event instanceof HorizonMoved moved) {
        Opened next = advanced(moved.frame());
        return new Opened(
            identity,
            range,
            next.lastEvent,
            next.recordCount,
            next.lastRecordEvent,
            next.storedBytes,
            next.lastArrivalMillis,
            moved.horizonEvent(),
            next.index.from(moved.horizonEvent()),
            closedMillis,
            producers);
      }
      if (event instanceof ShardClosed closed) {
        return advanced(
            closed.frame(), OptionalLong.of(closed.frame().header().arrivalMillis()), producers);
      }
      if (event instanceof ShardOpened opened) {
        return advanced(opened.frame());
      }
      // Damaged: its count and time are unknown; the next event's header sets both right.
      return new Opened(
          identity,
          range,
          lastEvent + 1,
          recordCount,
          lastRecordEvent,
          storedBytes,
          lastArrivalMillis,
          horizonEvent,
          index,
          closedMillis,
          producers);
    }

    private Opened advanced(Frame frame) {
      return advanced(frame, closedMillis, producers);
    }

    private Opened advanced(Frame frame, OptionalLong closed, ProducerWindows remembered) {
      Frame.Header header = frame.header();
      return new Opened(
          identity,
          range,
          header.eventNumber(),
          header.recordsThrough(),
          RecordBatch.isBatch(header) ? header.eventNumber() : lastRecordEvent,
          storedBytes + frame.bytes().length,
          header.arrivalMillis(),
          horizonEvent,
          index.with(header.eventNumber(), header.arrivalMillis()),
          closed,
          remembered);
    }
  }
}
