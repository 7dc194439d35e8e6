package io.millrace.engine.tail;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.storage.JournalPages;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds events by arrival time: arrival times never fall within a shard, so a binary search over
 * the headers of its rows does, narrowed first by the sparse index.
 */
final class ArrivalSearch {

  private final String persistenceId;
  private final JournalPages pages;

  ArrivalSearch(String persistenceId, JournalPages pages) {
    this.persistenceId = persistenceId;
    this.pages = pages;
  }

  /**
   * The first readable event that arrived at this time or later, or else the one after the last.
   */
  CompletionStage<Long> firstAtOrAfter(long epochMillis, TailState state) {
    long low = Math.max(state.horizonEvent(), state.index().lastBefore(epochMillis, 0));
    long high =
        Math.max(
            low,
            Math.min(
                state.highWatermark() + 1,
                state.index().firstAtOrAfter(epochMillis, Long.MAX_VALUE)));
    return narrow(epochMillis, low, high);
  }

  /** The answer lies between {@code low} and {@code high}, both inclusive. */
  private CompletionStage<Long> narrow(long epochMillis, long low, long high) {
    if (low >= high) {
      return CompletableFuture.completedStage(low);
    }
    return probe(epochMillis, low, (low + high) >>> 1, high);
  }

  /** Looks at the first event from {@code middle} on whose header can be read. */
  private CompletionStage<Long> probe(long epochMillis, long low, long middle, long high) {
    return pages
        .prefix(persistenceId, middle, high - 1, Frame.HEADER_BYTES)
        .thenCompose(
            row -> {
              if (row.isEmpty()) {
                return narrow(epochMillis, low, (low + high) >>> 1);
              }
              long event = row.get().eventNumber();
              try {
                return Frame.readHeader(row.get().payload()).arrivalMillis() >= epochMillis
                    ? narrow(epochMillis, low, (low + high) >>> 1)
                    : narrow(epochMillis, event + 1, high);
              } catch (CorruptFrameException corrupt) {
                // Its neighbour tells as much; whoever reads the event itself is told of the
                // damage.
                return probe(epochMillis, low, event + 1, high);
              }
            });
  }
}
