package io.millrace.engine.tail;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.model.SequenceNumber;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Counts what is left of a shard after a position. Each header says how many records came before
 * its event, so the first header from the position on tells it, however much is left.
 *
 * @param sources where the headers are
 * @param now how far the shard has got
 * @param expiredUntil records that arrived at this time or earlier do not count, epoch milliseconds
 * @param nowMillis the present, epoch milliseconds
 */
record BacklogCount(PageSources sources, TailState now, long expiredUntil, long nowMillis) {

  /** What is left from this position on. */
  CompletionStage<Backlog> from(long counter) {
    long event = SequenceNumber.eventNumberOf(counter);
    return event < now.horizonEvent()
        ? from(now.horizonEvent(), 0)
        : from(event, SequenceNumber.indexOf(counter));
  }

  private CompletionStage<Backlog> from(long event, int index) {
    if (event > now.highWatermark()) {
      return CompletableFuture.completedStage(Backlog.NONE);
    }
    List<Frame> recent = sources.window().from(event, now.highWatermark(), 1);
    return recent.isEmpty() ? fromJournal(event, index) : from(recent.get(0).header(), index);
  }

  private CompletionStage<Backlog> fromJournal(long event, int index) {
    return sources
        .pages()
        .prefix(sources.persistenceId(), event, now.highWatermark(), Frame.HEADER_BYTES)
        .thenCompose(
            row -> {
              if (row.isEmpty()) {
                return CompletableFuture.completedStage(Backlog.NONE);
              }
              try {
                Frame.Header header = Frame.readHeader(row.get().payload());
                return from(header, header.eventNumber() == event ? index : 0);
              } catch (CorruptFrameException corrupt) {
                // What it held cannot be read, and does not count.
                return from(row.get().eventNumber() + 1, 0);
              }
            });
  }

  private CompletionStage<Backlog> from(Frame.Header first, int index) {
    if (first.arrivalMillis() <= expiredUntil) {
      return sources
          .search()
          .firstAtOrAfter(expiredUntil + 1, now)
          .thenCompose(event -> from(Math.max(event, first.eventNumber() + 1), 0));
    }
    if (index >= first.recordCount()) {
      return from(first.eventNumber() + 1, 0);
    }
    long records = now.recordCount() - first.recordsBefore() - index;
    return CompletableFuture.completedStage(
        new Backlog(records, Math.max(0, nowMillis - first.arrivalMillis())));
  }
}
