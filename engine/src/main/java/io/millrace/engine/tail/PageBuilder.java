package io.millrace.engine.tail;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Collects records into one page, event by event, until the page is full. One thread at a time. */
final class PageBuilder {

  private static final long LIKELY_RECORD_BYTES = 4096;

  private final ShardTail.ShardIdentity identity;
  private final int maxRecords;
  private final int maxBytes;
  private final List<Record> records = new ArrayList<>();
  private long bytes;
  private long nextCounter;
  private long recordsThrough = -1;
  private boolean full;
  private Frame.Header newest;
  private Frame.Header stoppedWithin;

  PageBuilder(ShardTail.ShardIdentity identity, long fromCounter, int maxRecords, int maxBytes) {
    this.identity = identity;
    this.nextCounter = fromCounter;
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  boolean isFull() {
    return full;
  }

  /** The event that comes next. */
  long nextEvent() {
    return SequenceNumber.eventNumberOf(nextCounter);
  }

  /** Room left, at least 1. */
  int missingBytes() {
    return (int) Math.max(1, maxBytes - bytes);
  }

  /** Bytes that are worth fetching at once: a page of few records hardly needs all its room. */
  long likelyBytes() {
    return Math.min(missingBytes(), (maxRecords - (long) records.size()) * LIKELY_RECORD_BYTES);
  }

  /** Records up to the end of the last event that was taken whole; -1 if there was none. */
  long recordsThrough() {
    return stoppedWithin == null ? recordsThrough : -1;
  }

  /** The last event that something was taken of. */
  Frame.Header newest() {
    return newest;
  }

  /** The event in whose midst the page became full; null if it ended between events. */
  Frame.Header stoppedWithin() {
    return stoppedWithin;
  }

  /** Moves the position forward; nothing was collected yet. */
  void skipTo(long counter) {
    nextCounter = Math.max(nextCounter, counter);
  }

  /** Takes what fits of the event that comes next; ignored once the page is full. */
  void add(Frame frame) {
    if (full) {
      return;
    }
    Frame.Header header = frame.header();
    newest = header;
    if (RecordBatch.isBatch(header)) {
      Instant arrival = Instant.ofEpochMilli(header.arrivalMillis());
      long putSeconds = arrival.getEpochSecond();
      RecordBatch.of(frame)
          .visit(
              SequenceNumber.indexOf(nextCounter),
              (index, size, key, data) ->
                  hasRoomFor(size, header, index)
                      && records.add(
                          new Record(
                              new SequenceNumber(
                                  identity.createdSeconds(),
                                  SequenceNumber.counter(header.eventNumber(), index),
                                  putSeconds,
                                  identity.shardIndex()),
                              arrival,
                              data,
                              key)));
    }
    if (stoppedWithin == null) {
      nextCounter = SequenceNumber.counter(header.eventNumber() + 1, 0);
      recordsThrough = header.recordsThrough();
    }
    full |= records.size() >= maxRecords || bytes >= maxBytes;
  }

  private boolean hasRoomFor(int size, Frame.Header header, int index) {
    if (records.size() == maxRecords || (!records.isEmpty() && bytes + size > maxBytes)) {
      full = true;
      stoppedWithin = header;
      nextCounter = SequenceNumber.counter(header.eventNumber(), index);
      return false;
    }
    bytes += size;
    return true;
  }

  TailPage build(long millisBehindLatest, boolean atShardEnd) {
    return new TailPage(records, bytes, nextCounter, millisBehindLatest, atShardEnd);
  }
}
