package io.millrace.engine.tail;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.storage.JournalRow;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Parts of one page on their way from the journal, in order and without a gap. A page is fetched in
 * pieces, so that one is taken apart while the next ones are read: two at a time, once the first
 * has shown how large this shard's events are. One thread at a time.
 */
final class ComingPieces {

  private static final int AT_ONCE = 2;

  /** More is not fetched as one, unless it is a single event. */
  private static final long PIECE_BYTES = 2L << 20;

  /** What is asked for by a number of events, so that it seldom ends early. */
  private static final long LIKELY_BYTES = PIECE_BYTES * 3 / 4;

  /** Pieces are fetched with some room for what is stored beside the data. */
  private static final long SLACK_BYTES = 64 * 1024;

  private final PageSources sources;
  private final boolean isRestKept;
  private final ArrayDeque<Piece> coming = new ArrayDeque<>(AT_ONCE);

  /** Of an event, as those show that came last; 0 before any has come. */
  private long likelyEventBytes;

  private boolean isRegular = true;

  /**
   * Events on their way.
   *
   * @param from the first event asked for
   * @param to the last one, if they are not too large together
   */
  record Piece(long from, long to, CompletionStage<List<JournalRow>> rows) {}

  /**
   * Nothing yet.
   *
   * @param isRestKept whether it is no waste to fetch more than the page has room for
   */
  ComingPieces(PageSources sources, boolean isRestKept) {
    this.sources = sources;
    this.isRestKept = isRestKept;
  }

  /** Looks at events that have come, for the size of those that follow. */
  void learnFrom(Collection<Frame> frames) {
    long bytes = 0;
    for (Frame frame : frames) {
      bytes += frame.header().bodyBytes();
    }
    likelyEventBytes = frames.isEmpty() ? likelyEventBytes : Math.max(1, bytes / frames.size());
  }

  /** Begins to read what the page wants from this event on, as far as it is not on its way. */
  void order(long from, long last, long wantedBytes) {
    if (!coming.isEmpty() && coming.peek().from() != from) {
      // The piece before these ended early, or what it began with was passed over.
      coming.clear();
      isRegular = false;
    }
    long next = coming.isEmpty() ? from : coming.getLast().to() + 1;
    long missing = wantedBytes - (next - from) * likelyEventBytes;
    while (next <= last && missing > 0 && coming.size() < (isRegular ? AT_ONCE : 1)) {
      Piece piece = fetch(next, last, missing);
      coming.add(piece);
      missing -= (piece.to() + 1 - next) * likelyEventBytes;
      next = piece.to() + 1;
    }
  }

  private Piece fetch(long from, long last, long wantedBytes) {
    long to = last;
    if (likelyEventBytes > 0) {
      long likely =
          isRestKept ? LIKELY_BYTES : Math.min(LIKELY_BYTES, wantedBytes + likelyEventBytes - 1);
      to = Math.min(last, from + Math.max(1, likely / likelyEventBytes) - 1);
    }
    long maxBytes = isRestKept ? PIECE_BYTES : Math.min(PIECE_BYTES, wantedBytes + SLACK_BYTES);
    return new Piece(
        from, to, sources.pages().read(sources.persistenceId(), from, to, (int) maxBytes));
  }

  /** Whether the piece that begins with this event is on its way. */
  boolean isNext(long event) {
    return !coming.isEmpty() && coming.peek().from() == event;
  }

  /** The piece that comes next; there is one. */
  Piece take() {
    return coming.remove();
  }
}
