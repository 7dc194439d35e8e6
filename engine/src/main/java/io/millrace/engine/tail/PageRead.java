package io.millrace.engine.tail;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.SequenceNumber;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * One page on its way to a reader: filled from the window where that reaches, and below it from the
 * journal, until it is full or nothing is left. One thread at a time.
 */
final class PageRead {

  private static final long NOTHING_EXPIRED = Long.MIN_VALUE;

  private final ShardTail tail;
  private final PageSources sources;
  private final PageBuilder page;
  private final ComingPieces coming;

  /** How far the page may go: as far as the shard had got when it was last asked. */
  private TailState now;

  /** Records that arrived then or earlier are passed over, epoch milliseconds. */
  private long expiredUntil;

  PageRead(
      ShardTail tail, PageSources sources, PageBuilder page, TailState now, long expiredUntil) {
    this.tail = tail;
    this.sources = sources;
    this.page = page;
    this.coming = new ComingPieces(sources, page.unread().isKept());
    this.now = now;
    this.expiredUntil = expiredUntil;
  }

  /** Adds events to the page until it is full or nothing is left. */
  CompletionStage<TailPage> fill() {
    while (!page.isFull() && page.nextEvent() <= now.highWatermark()) {
      List<Frame> recent =
          sources.window().from(page.nextEvent(), now.highWatermark(), page.missingBytes());
      if (recent.isEmpty()) {
        return fillFromJournal();
      }
      if (page.isEmpty() && hasExpired(recent.get(0))) {
        return skipExpired();
      }
      page.unread().clear();
      if (!sources.opener().areOpen(recent)) {
        return addOpened(recent);
      }
      addRecent(recent);
    }
    return finish();
  }

  private void addRecent(List<Frame> recent) {
    for (Frame frame : recent) {
      sources
          .window()
          .share(frame, sources.identity())
          .ifPresentOrElse(shared -> page.add(frame.header(), shared), () -> page.add(frame));
    }
  }

  /** Adds events of the window for whose keys the key store must be asked again. */
  private CompletionStage<TailPage> addOpened(List<Frame> recent) {
    return sources
        .opener()
        .open(recent)
        .handle(
            (opened, failure) -> {
              if (failure != null) {
                return stopAt(unwrapped(failure));
              }
              addRecent(opened);
              return fill();
            })
        .thenCompose(next -> next);
  }

  private CompletionStage<TailPage> fillFromJournal() {
    Unread unread = page.unread();
    unread.skipTo(page.nextEvent());
    if (!sources.opener().areOpen(unread.frames())) {
      // Their keys have been forgotten since: they are fetched again, and the key store is asked.
      unread.clear();
    }
    if (unread.isEmpty()) {
      long from = page.nextEvent();
      long last = Math.min(now.highWatermark(), Math.max(from, sources.window().firstEvent() - 1));
      coming.order(from, last, page.missingAfter(List.of()));
      return addNext();
    }
    orderAfter(unread.frames(), unread.nextEvent());
    return add(List.of());
  }

  /** Begins to read on where these events end, if they do not fill the page. */
  private void orderAfter(Collection<Frame> frames, long from) {
    coming.learnFrom(frames);
    long last = Math.min(now.highWatermark(), sources.window().firstEvent() - 1);
    coming.order(from, last, page.missingAfter(frames));
  }

  /** While one piece is verified and taken apart here, the storage reads the next ones. */
  private CompletionStage<TailPage> addNext() {
    long from = page.nextEvent();
    return coming
        .take()
        .rows()
        .thenCompose(
            rows -> {
              List<Frame> frames;
              try {
                frames = StoredFrames.of(rows, from);
                orderAfter(frames, from + frames.size());
                frames = StoredFrames.verified(frames);
              } catch (CorruptFrameException corrupt) {
                return stopAt(corrupt);
              }
              if (startsExpired(frames)) {
                return skipExpired();
              }
              return sources.opener().areOpen(frames)
                  ? add(frames)
                  : sources
                      .opener()
                      .open(frames)
                      .handle(
                          (opened, failure) ->
                              failure == null ? add(opened) : stopAt(unwrapped(failure)))
                      .thenCompose(settled -> settled);
            });
  }

  /** Adds what is unread, then these events, then what is on its way. */
  private CompletionStage<TailPage> add(List<Frame> frames) {
    if (startsExpired(frames)) {
      return skipExpired();
    }
    page.unread().pour(frames, page);
    return !page.isFull() && coming.isNext(page.nextEvent()) ? addNext() : fill();
  }

  private boolean startsExpired(List<Frame> frames) {
    Frame first = page.unread().first().orElseGet(() -> frames.get(0));
    return page.isEmpty() && hasExpired(first);
  }

  private static RuntimeException unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? (RuntimeException) failure.getCause()
        : (RuntimeException) failure;
  }

  /** Settles a page whose next event cannot be read. */
  private CompletionStage<TailPage> stopAt(RuntimeException unreadable) {
    if (!page.isEmpty()) {
      // What precedes the bad event is served; the next read starts at the bad one and reports it.
      return finish();
    }
    if (tail.isErasing()) {
      throw new TailClosedException(sources.persistenceId(), true);
    }
    TailState latest = tail.state();
    if (latest.horizonEvent() > page.nextEvent()) {
      // It was trimmed while we were reading.
      page.skipTo(SequenceNumber.counter(latest.horizonEvent(), 0));
      now = latest;
      return fill();
    }
    if (!(unreadable instanceof CorruptFrameException corrupt)) {
      throw unreadable;
    }
    tail.report(page.nextEvent(), corrupt);
    throw new CorruptFrameException(sources.persistenceId() + ": " + corrupt.getMessage());
  }

  private boolean hasExpired(Frame frame) {
    return frame.header().arrivalMillis() <= expiredUntil;
  }

  private CompletionStage<TailPage> skipExpired() {
    return tail.firstAtOrAfter(expiredUntil + 1, now)
        .thenCompose(
            event -> {
              page.skipTo(SequenceNumber.counter(event, 0));
              expiredUntil = NOTHING_EXPIRED;
              return fill();
            });
  }

  /** Settles how far behind the page is; only rarely must the next event's header be fetched. */
  private CompletionStage<TailPage> finish() {
    boolean nothingLeft = page.nextEvent() > now.highWatermark();
    if (nothingLeft || page.recordsThrough() == now.recordCount()) {
      return CompletableFuture.completedStage(page.build(0, nothingLeft && now.closed()));
    }
    if (page.stoppedWithin() != null) {
      return CompletableFuture.completedStage(page.build(age(page.stoppedWithin()), false));
    }
    Optional<Frame.Header> next =
        page.unread().first().map(Frame::header).filter(RecordBatch::isBatch);
    if (next.isPresent()) {
      return CompletableFuture.completedStage(page.build(age(next.get()), false));
    }
    return ageOfNextRecord(page.nextEvent(), age(page.newest()))
        .thenApply(age -> page.build(age, false));
  }

  /**
   * The age of the first record from this event on.
   *
   * @param atMost what to say of an event whose header is corrupt
   */
  private CompletionStage<Long> ageOfNextRecord(long event, long atMost) {
    for (long next = event; next <= now.highWatermark(); next++) {
      List<Frame> recent = sources.window().from(next, now.highWatermark(), 1);
      if (recent.isEmpty()) {
        return ageFromJournal(next, atMost);
      }
      if (RecordBatch.isBatch(recent.get(0).header())) {
        return CompletableFuture.completedStage(age(recent.get(0).header()));
      }
    }
    return CompletableFuture.completedStage(0L);
  }

  private CompletionStage<Long> ageFromJournal(long event, long atMost) {
    return sources
        .pages()
        .prefix(sources.persistenceId(), event, now.highWatermark(), Frame.HEADER_BYTES)
        .thenCompose(
            row -> {
              if (row.isEmpty()) {
                return CompletableFuture.completedStage(0L);
              }
              Frame.Header header;
              try {
                header = Frame.readHeader(row.get().payload());
              } catch (CorruptFrameException corrupt) {
                return CompletableFuture.completedStage(atMost);
              }
              return RecordBatch.isBatch(header)
                  ? CompletableFuture.completedStage(age(header))
                  : ageOfNextRecord(row.get().eventNumber() + 1, atMost);
            });
  }

  private long age(Frame.Header header) {
    return Math.max(0, sources.clock().epochMillis() - header.arrivalMillis());
  }
}
