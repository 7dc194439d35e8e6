package io.millrace.engine.tail;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.encryption.Opener;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tail of one shard on the node that owns it: a window of the newest batches, pages of the
 * journal below it, and one hand-over between the two. The shard's gate publishes into it; readers
 * of any thread read from it.
 */
public final class ShardTail implements RecordTail {

  private static final Logger log = LoggerFactory.getLogger(ShardTail.class);

  /**
   * A page is fetched in pieces, so that one is taken apart while the next is read. Beside its page
   * a follower keeps one piece at most.
   */
  private static final long PIECE_BYTES = 2L << 20;

  /** Pieces are fetched with some room for what is stored beside the data. */
  private static final long PIECE_SLACK_BYTES = 64 * 1024;

  /** The log is told of so many corrupt events of one shard, and no more. */
  private static final int MAX_REPORTED = 1000;

  private final String persistenceId;
  private final ShardIdentity identity;
  private final JournalPages pages;
  private final Opener opener;
  private final EngineClock clock;
  private final Window window;
  private final ArrivalSearch search;

  /** Corrupt events that the log has been told of, each once. */
  private final Set<Long> reported = ConcurrentHashMap.newKeySet();

  private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
  private volatile TailState state;
  private volatile boolean erasing;
  private volatile boolean closed;

  /**
   * What the numbers of a shard carry.
   *
   * @param createdSeconds creation time, epoch seconds
   * @param shardIndex index of the shard
   */
  public record ShardIdentity(long createdSeconds, int shardIndex) {}

  /** The tail of a shard that has recovered to {@code state}. */
  public ShardTail(
      String persistenceId,
      ShardIdentity identity,
      TailState state,
      JournalPages pages,
      Opener opener,
      WindowBudget budget,
      EngineClock clock) {
    this.persistenceId = persistenceId;
    this.identity = identity;
    this.pages = pages;
    this.opener = opener;
    this.clock = clock;
    this.state = state;
    this.window = new Window(budget, state.highWatermark() + 1);
    this.search = new ArrivalSearch(persistenceId, pages);
  }

  /**
   * Makes a durable event readable and wakes who waits for it. Called by the gate alone, in the
   * order of the events.
   */
  public void publish(Frame frame, TailState now) {
    window.add(frame);
    advance(now);
  }

  /** Goes on after the shard's actor has recovered anew, perhaps further than was published. */
  public void recovered(TailState now) {
    window.restart(now.highWatermark() + 1);
    advance(now);
  }

  /** From now on stored events may vanish: an event that is missing is gone, not lost. */
  public void erasing() {
    erasing = true;
  }

  /** The shard stops: gives back the window's memory, and tells readers and followers. */
  public void close() {
    closed = true;
    window.restart(state.highWatermark() + 1);
    listeners.forEach(Runnable::run);
  }

  private void advance(TailState now) {
    state = now;
    listeners.forEach(Runnable::run);
  }

  @Override
  public TailState state() {
    return state;
  }

  /** Has this run after each publication, on the publishing thread, until it is removed. */
  void addListener(Runnable listener) {
    listeners.add(listener);
  }

  void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  @Override
  public CompletionStage<TailPage> read(
      long fromCounter, int maxRecords, int maxBytes, long retentionMillis) {
    return read(fromCounter, maxRecords, maxBytes, retentionMillis, Unread.dropped());
  }

  /** The same for a reader who comes again, with what his page before had no room for. */
  CompletionStage<TailPage> read(
      long fromCounter, int maxRecords, int maxBytes, long retentionMillis, Unread unread) {
    if (closed) {
      return CompletableFuture.failedStage(new TailClosedException(persistenceId, erasing));
    }
    TailState now = state;
    long from = Math.max(fromCounter, SequenceNumber.counter(now.horizonEvent(), 0));
    PageBuilder page = new PageBuilder(identity, from, maxRecords, maxBytes, unread);
    return fill(page, now, clock.epochMillis() - retentionMillis);
  }

  @Override
  public CompletionStage<Long> locate(long epochMillis) {
    return firstAtOrAfter(epochMillis, state).thenApply(event -> SequenceNumber.counter(event, 0));
  }

  @Override
  public CompletionStage<Backlog> backlog(long fromCounter, long retentionMillis) {
    if (closed) {
      return CompletableFuture.failedStage(new TailClosedException(persistenceId, erasing));
    }
    long nowMillis = clock.epochMillis();
    return new BacklogCount(
            persistenceId, window, pages, search, state, nowMillis - retentionMillis, nowMillis)
        .from(fromCounter);
  }

  /**
   * The first readable event that arrived at this time or later. Rows may be trimmed under the
   * search, which then ends too early: never below where the horizon is by then.
   */
  private CompletionStage<Long> firstAtOrAfter(long epochMillis, TailState now) {
    return search
        .firstAtOrAfter(epochMillis, now)
        .thenApply(event -> Math.max(event, state.horizonEvent()));
  }

  @Override
  public Source<TailPage, NotUsed> follow(
      long fromCounter, int maxPageRecords, int maxPageBytes, LongSupplier retentionMillis) {
    return Source.fromGraph(
        new TailSource(this, fromCounter, maxPageRecords, maxPageBytes, retentionMillis));
  }

  /** Adds events to the page until it is full or nothing is left. */
  private CompletionStage<TailPage> fill(PageBuilder page, TailState now, long expiredUntil) {
    while (!page.isFull() && page.nextEvent() <= now.highWatermark()) {
      List<Frame> recent = window.from(page.nextEvent(), now.highWatermark(), page.missingBytes());
      if (recent.isEmpty()) {
        return fillFromJournal(page, now, expiredUntil);
      }
      if (page.isEmpty() && hasExpired(recent.get(0), expiredUntil)) {
        return skipExpired(page, now, expiredUntil);
      }
      page.unread().clear();
      if (!opener.areOpen(recent)) {
        return addOpened(recent, page, now, expiredUntil);
      }
      addRecent(recent, page);
    }
    return finish(page, now);
  }

  private void addRecent(List<Frame> recent, PageBuilder page) {
    for (Frame frame : recent) {
      window
          .share(frame, identity)
          .ifPresentOrElse(shared -> page.add(frame.header(), shared), () -> page.add(frame));
    }
  }

  /** Adds events of the window for whose keys the key store must be asked again. */
  private CompletionStage<TailPage> addOpened(
      List<Frame> recent, PageBuilder page, TailState now, long expiredUntil) {
    return opener
        .open(recent)
        .handle(
            (opened, failure) -> {
              if (failure != null) {
                return stopAt(unwrapped(failure), page, now, expiredUntil);
              }
              addRecent(opened, page);
              return fill(page, now, expiredUntil);
            })
        .thenCompose(next -> next);
  }

  private CompletionStage<TailPage> fillFromJournal(
      PageBuilder page, TailState now, long expiredUntil) {
    Unread unread = page.unread();
    unread.skipTo(page.nextEvent());
    if (!opener.areOpen(unread.frames())) {
      // Their keys have been forgotten since: they are fetched again, and the key store is asked.
      unread.clear();
    }
    if (unread.isEmpty()) {
      long wantedBytes = page.missingAfter(List.of());
      return add(fetch(page.nextEvent(), wantedBytes, page, now), page, now, expiredUntil);
    }
    Optional<Piece> next = fetchNext(unread.nextEvent(), unread.frames(), page, now);
    return add(List.of(), next, page, now, expiredUntil);
  }

  /**
   * A part of a page on its way from the journal.
   *
   * @param from the first event asked for
   */
  private record Piece(long from, CompletionStage<List<JournalRow>> rows) {}

  private Piece fetch(long from, long wantedBytes, PageBuilder page, TailState now) {
    long to = Math.min(now.highWatermark(), Math.max(from, window.firstEvent() - 1));
    long maxBytes =
        page.unread().isKept()
            ? PIECE_BYTES
            : Math.min(PIECE_BYTES, wantedBytes + PIECE_SLACK_BYTES);
    return new Piece(from, pages.read(persistenceId, from, to, (int) maxBytes));
  }

  /** Begins to read on where these events end, if they do not fill the page. */
  private Optional<Piece> fetchNext(
      long from, Collection<Frame> frames, PageBuilder page, TailState now) {
    long wantedBytes = page.missingAfter(frames);
    return wantedBytes <= 0 || from > now.highWatermark() || from >= window.firstEvent()
        ? Optional.empty()
        : Optional.of(fetch(from, wantedBytes, page, now));
  }

  /** While one piece is verified and taken apart here, the storage reads the next. */
  private CompletionStage<TailPage> add(
      Piece piece, PageBuilder page, TailState now, long expiredUntil) {
    return piece
        .rows()
        .thenCompose(
            rows -> {
              List<Frame> frames;
              Optional<Piece> next;
              try {
                frames = framed(rows, piece.from());
                next = fetchNext(piece.from() + frames.size(), frames, page, now);
                frames = verified(frames);
              } catch (CorruptFrameException corrupt) {
                return stopAt(corrupt, page, now, expiredUntil);
              }
              if (startsExpired(page, frames, expiredUntil)) {
                return skipExpired(page, now, expiredUntil);
              }
              return opener.areOpen(frames)
                  ? add(frames, next, page, now, expiredUntil)
                  : opener
                      .open(frames)
                      .handle(
                          (opened, failure) ->
                              failure == null
                                  ? add(opened, next, page, now, expiredUntil)
                                  : stopAt(unwrapped(failure), page, now, expiredUntil))
                      .thenCompose(settled -> settled);
            });
  }

  /** Adds what is unread, then these events, then what is on its way. */
  private CompletionStage<TailPage> add(
      List<Frame> frames,
      Optional<Piece> next,
      PageBuilder page,
      TailState now,
      long expiredUntil) {
    if (startsExpired(page, frames, expiredUntil)) {
      return skipExpired(page, now, expiredUntil);
    }
    page.unread().pour(frames, page);
    return next.isPresent() && !page.isFull() && page.nextEvent() == next.get().from()
        ? add(next.get(), page, now, expiredUntil)
        : fill(page, now, expiredUntil);
  }

  private static boolean startsExpired(PageBuilder page, List<Frame> frames, long expiredUntil) {
    Frame first = page.unread().first().orElseGet(() -> frames.get(0));
    return page.isEmpty() && hasExpired(first, expiredUntil);
  }

  private static RuntimeException unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? (RuntimeException) failure.getCause()
        : (RuntimeException) failure;
  }

  /** Settles a page whose next event cannot be read. */
  private CompletionStage<TailPage> stopAt(
      RuntimeException unreadable, PageBuilder page, TailState now, long expiredUntil) {
    if (!page.isEmpty()) {
      // What precedes the bad event is served; the next read starts at the bad one and reports it.
      return finish(page, now);
    }
    if (erasing) {
      throw new TailClosedException(persistenceId, true);
    }
    TailState latest = state;
    if (latest.horizonEvent() > page.nextEvent()) {
      // It was trimmed while we were reading.
      page.skipTo(SequenceNumber.counter(latest.horizonEvent(), 0));
      return fill(page, latest, expiredUntil);
    }
    if (!(unreadable instanceof CorruptFrameException)) {
      throw unreadable;
    }
    if (reported.size() < MAX_REPORTED && reported.add(page.nextEvent())) {
      log.error("{}: {}", persistenceId, unreadable.getMessage());
    }
    throw new CorruptFrameException(persistenceId + ": " + unreadable.getMessage());
  }

  private static boolean hasExpired(Frame frame, long expiredUntil) {
    return frame.header().arrivalMillis() <= expiredUntil;
  }

  private CompletionStage<TailPage> skipExpired(
      PageBuilder page, TailState now, long expiredUntil) {
    return firstAtOrAfter(expiredUntil + 1, now)
        .thenCompose(
            event -> {
              page.skipTo(SequenceNumber.counter(event, 0));
              return fill(page, now, Long.MIN_VALUE);
            });
  }

  /** Settles how far behind the page is; only rarely must the next event's header be fetched. */
  private CompletionStage<TailPage> finish(PageBuilder page, TailState now) {
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
    return ageOfNextRecord(page.nextEvent(), now, age(page.newest()))
        .thenApply(age -> page.build(age, false));
  }

  /**
   * The age of the first record from this event on.
   *
   * @param atMost what to say of an event whose header is corrupt
   */
  private CompletionStage<Long> ageOfNextRecord(long event, TailState now, long atMost) {
    for (long next = event; next <= now.highWatermark(); next++) {
      List<Frame> recent = window.from(next, now.highWatermark(), 1);
      if (recent.isEmpty()) {
        return ageFromJournal(next, now, atMost);
      }
      if (RecordBatch.isBatch(recent.get(0).header())) {
        return CompletableFuture.completedStage(age(recent.get(0).header()));
      }
    }
    return CompletableFuture.completedStage(0L);
  }

  private CompletionStage<Long> ageFromJournal(long event, TailState now, long atMost) {
    return pages
        .prefix(persistenceId, event, now.highWatermark(), Frame.HEADER_BYTES)
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
                  : ageOfNextRecord(row.get().eventNumber() + 1, now, atMost);
            });
  }

  private long age(Frame.Header header) {
    return Math.max(0, clock.epochMillis() - header.arrivalMillis());
  }

  /**
   * Frames of these rows, in order and without a gap, headers verified, up to the first that is
   * bad.
   *
   * @throws CorruptFrameException when the first is
   */
  private static List<Frame> framed(List<JournalRow> rows, long from) {
    if (rows.isEmpty()) {
      throw new CorruptFrameException("event " + from + " is missing");
    }
    List<Frame> frames = new ArrayList<>(rows.size());
    try {
      for (JournalRow row : rows) {
        Frame frame = Frame.read(row.payload());
        long expected = from + frames.size();
        if (row.eventNumber() != expected || frame.header().eventNumber() != expected) {
          throw new CorruptFrameException("event " + expected + " is missing");
        }
        frames.add(frame);
      }
    } catch (CorruptFrameException corrupt) {
      if (frames.isEmpty()) {
        throw new CorruptFrameException("event " + from + ": " + corrupt.getMessage());
      }
      // What precedes the bad event comes first.
    }
    return frames;
  }

  /**
   * These frames up to the first whose body is bad.
   *
   * @throws CorruptFrameException when the first is
   */
  private static List<Frame> verified(List<Frame> frames) {
    for (int i = 0; i < frames.size(); i++) {
      try {
        frames.get(i).verifyBody();
      } catch (CorruptFrameException corrupt) {
        if (i == 0) {
          throw new CorruptFrameException(
              "event " + frames.get(0).header().eventNumber() + ": " + corrupt.getMessage());
        }
        return frames.subList(0, i);
      }
    }
    return frames;
  }
}
