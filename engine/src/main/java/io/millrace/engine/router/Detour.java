package io.millrace.engine.router;

import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamView;
import io.millrace.engine.stream.StreamViews;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where records wait whose shard has closed, until the stream says who has their hash keys now: the
 * few milliseconds of one step of a reshard. Bounded in bytes; who finds it full is throttled. Safe
 * for any thread.
 */
final class Detour {

  /** Bytes of data and keys that may wait, over all streams. */
  static final long MAX_BYTES = 64L << 20;

  private final StreamViews views;
  private final Duration patience;
  private final AtomicLong waitingBytes = new AtomicLong();

  /**
   * A detour.
   *
   * @param patience how long records wait at most
   */
  Detour(StreamViews views, Duration patience) {
    this.views = views;
    this.patience = patience;
  }

  /** Takes room for records; whoever gets it must {@link #leave}. */
  boolean enter(List<PutRecordsRequestEntry> records) {
    long bytes = bytes(records);
    if (waitingBytes.addAndGet(bytes) > MAX_BYTES) {
      waitingBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void leave(List<PutRecordsRequestEntry> records) {
    waitingBytes.addAndGet(-bytes(records));
  }

  /**
   * The stream once this shard of it is closed; empty when the stream goes first. Fails when
   * patience ends.
   */
  CompletionStage<Optional<StreamView>> past(StreamView stream, ShardId closing) {
    CompletableFuture<Optional<StreamView>> later =
        views
            .await(stream.name(), view -> !takesPuts(view, stream) || !isOpen(view, closing))
            .toCompletableFuture();
    return later
        .copy()
        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((view, failure) -> later.cancel(false))
        .thenApply(found -> found.filter(view -> takesPuts(view, stream)));
  }

  private static boolean takesPuts(StreamView view, StreamView stream) {
    return view.incarnation() == stream.incarnation() && view.status() != StreamStatus.DELETING;
  }

  private static boolean isOpen(StreamView view, ShardId shardId) {
    return view.shard(shardId).filter(ShardView::isOpen).isPresent();
  }

  private static long bytes(List<PutRecordsRequestEntry> records) {
    long bytes = 0;
    for (PutRecordsRequestEntry record : records) {
      String key = record.partitionKey();
      bytes += record.data().size() + (key == null ? 0 : key.length());
    }
    return bytes;
  }
}
