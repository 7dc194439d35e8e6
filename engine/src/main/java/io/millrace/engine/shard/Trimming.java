package io.millrace.engine.shard;

import io.millrace.engine.storage.JournalTrimmer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Frees the storage of one shard in small transactions, one after the other. */
final class Trimming {

  private final String persistenceId;
  private final JournalTrimmer trimmer;
  private final int stepEvents;

  Trimming(String persistenceId, JournalTrimmer trimmer, int stepEvents) {
    this.persistenceId = persistenceId;
    this.trimmer = trimmer;
    this.stepEvents = stepEvents;
  }

  /**
   * Deletes events below the horizon, but none that recovery from the snapshot would replay, and
   * the snapshots before it.
   *
   * @param horizonEvent the oldest event that may be read
   * @param snapshotEvent newest event of a snapshot that is stored; 0 if none is known
   * @return how many events were deleted
   */
  CompletionStage<Long> free(long horizonEvent, long snapshotEvent) {
    if (snapshotEvent == 0) {
      return CompletableFuture.completedStage(0L);
    }
    long below = Math.min(horizonEvent, snapshotEvent + 1);
    return trimmer
        .deleteSnapshots(persistenceId, snapshotEvent)
        .thenCompose(ignored -> deleteEvents(below, 0));
  }

  private CompletionStage<Long> deleteEvents(long below, long deletedBefore) {
    return trimmer
        .deleteEvents(persistenceId, below, stepEvents)
        .thenCompose(
            deleted ->
                deleted == 0
                    ? CompletableFuture.completedStage(deletedBefore)
                    : deleteEvents(below, deletedBefore + deleted));
  }

  /** Deletes everything; the shard's actor has stopped. */
  CompletionStage<Long> erase(long deletedBefore) {
    return trimmer
        .erase(persistenceId, stepEvents)
        .thenCompose(
            deleted ->
                deleted == 0
                    ? CompletableFuture.completedStage(deletedBefore)
                    : erase(deletedBefore + deleted));
  }
}
