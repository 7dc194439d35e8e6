package io.millrace.engine.tail;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.encryption.Opener;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.storage.JournalPages;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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

  /** The log is told of so many corrupt events of one shard, and no more. */
  private static final int MAX_REPORTED = 1000;

  private final String persistenceId;
  private final EngineClock clock;
  private final Window window;
  private final PageSources sources;

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
    this.clock = clock;
    this.state = state;
    this.window = new Window(budget, state.highWatermark() + 1);
    this.sources =
        new PageSources(
            persistenceId,
            identity,
            window,
            pages,
            new ArrivalSearch(persistenceId, pages),
            opener,
            clock);
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

  boolean isErasing() {
    return erasing;
  }

  /** Tells the log of an event that cannot be read. */
  void report(long event, CorruptFrameException corrupt) {
    if (reported.size() < MAX_REPORTED && reported.add(event)) {
      log.error("{}: {}", persistenceId, corrupt.getMessage());
    }
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
    PageBuilder page = new PageBuilder(sources.identity(), from, maxRecords, maxBytes, unread);
    return new PageRead(this, sources, page, now, clock.epochMillis() - retentionMillis).fill();
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
    return new BacklogCount(sources, state, nowMillis - retentionMillis, nowMillis)
        .from(fromCounter);
  }

  /**
   * The first readable event that arrived at this time or later. Rows may be trimmed under the
   * search, which then ends too early: never below where the horizon is by then.
   */
  CompletionStage<Long> firstAtOrAfter(long epochMillis, TailState now) {
    return sources
        .search()
        .firstAtOrAfter(epochMillis, now)
        .thenApply(event -> Math.max(event, state.horizonEvent()));
  }

  @Override
  public Source<TailPage, NotUsed> follow(
      long fromCounter, int maxPageRecords, int maxPageBytes, LongSupplier retentionMillis) {
    return Source.fromGraph(
        new TailSource(this, fromCounter, maxPageRecords, maxPageBytes, retentionMillis));
  }
}
