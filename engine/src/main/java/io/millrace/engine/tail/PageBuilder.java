package io.millrace.engine.tail;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.IntConsumer;

/** Collects records into one page, event by event, until the page is full. One thread at a time. */
final class PageBuilder {

  private static final long LIKELY_RECORD_BYTES = 4096;

  private final ShardTail.ShardIdentity identity;
  private final int maxRecords;
  private final int maxBytes;
  private final Unread unread;
  private final List<Record> records = new ArrayList<>();
  private long bytes;
  private long nextCounter;
  private long recordsThrough = -1;
  private boolean full;
  private Frame.Header newest;
  private Frame.Header stoppedWithin;

  /**
   * An empty page.
   *
   * @param unread what the page before had no room for, and then what this one has none for
   */
  PageBuilder(
      ShardTail.ShardIdentity identity,
      long fromCounter,
      int maxRecords,
      int maxBytes,
      Unread unread) {
    this.identity = identity;
    this.nextCounter = fromCounter;
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
    this.unread = unread;
  }

  /** What was fetched from the journal and is not in a page yet. */
  Unread unread() {
    return unread;
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

  /**
   * Bytes that are worth fetching after these events, which come next: a page of few records hardly
   * needs all its room. Not above 0 when they fill the page, as far as their headers tell.
   */
  long missingAfter(Collection<Frame> frames) {
    long missingBytes = missingBytes();
    long missingRecords = maxRecords - (long) records.size();
    long passed = SequenceNumber.indexOf(nextCounter);
    for (Frame frame : frames) {
      Frame.Header header = frame.header();
      long left = Math.max(0, header.recordCount() - passed);
      missingBytes -= header.bodyBytes() * left / Math.max(1, header.recordCount());
      missingRecords -= left;
      passed = 0;
    }
    return Math.min(missingBytes, missingRecords * LIKELY_RECORD_BYTES);
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

  /**
   * Takes what fits of the event that comes next; nothing once the page is full.
   *
   * @return whether nothing is left of it
   */
  boolean add(Frame frame) {
    return add(
        frame.header(),
        fromIndex -> DecodedBatch.visit(frame, identity, fromIndex, this::takeIfItFits));
  }

  /** The same, of an event whose records are shared. */
  boolean add(Frame.Header header, DecodedBatch shared) {
    return add(header, fromIndex -> shared.visit(fromIndex, this::takeIfItFits));
  }

  private boolean add(Frame.Header header, IntConsumer visitFrom) {
    if (full) {
      return false;
    }
    newest = header;
    if (RecordBatch.isBatch(header)) {
      visitFrom.accept(SequenceNumber.indexOf(nextCounter));
    }
    if (stoppedWithin == null) {
      nextCounter = SequenceNumber.counter(header.eventNumber() + 1, 0);
      recordsThrough = header.recordsThrough();
    }
    full |= records.size() >= maxRecords || bytes >= maxBytes;
    return stoppedWithin == null;
  }

  private boolean takeIfItFits(int index, int size, Record record) {
    if (records.size() == maxRecords || (!records.isEmpty() && bytes + size > maxBytes)) {
      full = true;
      stoppedWithin = newest;
      nextCounter = SequenceNumber.counter(newest.eventNumber(), index);
      return false;
    }
    bytes += size;
    return records.add(record);
  }

  TailPage build(long millisBehindLatest, boolean atShardEnd) {
    return new TailPage(records, bytes, nextCounter, millisBehindLatest, atShardEnd);
  }
}
