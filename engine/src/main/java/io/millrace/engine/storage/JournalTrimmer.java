package io.millrace.engine.storage;

import java.util.concurrent.CompletionStage;

/**
 * Deletes stored events. Each call is one small transaction of bounded cost; callers repeat it
 * until it answers 0. Stages complete on a thread of the storage and fail with the database's
 * error; repeating a failed call is safe.
 */
public interface JournalTrimmer {

  /**
   * Deletes the oldest events of an actor that are numbered below {@code below}, at most {@code
   * maxRows} of them. The caller guarantees that a snapshot at or above {@code below - 1} is
   * stored.
   *
   * @return how many were deleted
   */
  CompletionStage<Integer> deleteEvents(String persistenceId, long below, int maxRows);

  /**
   * Deletes the snapshots of an actor that were taken below event {@code below}.
   *
   * @return how many were deleted
   */
  CompletionStage<Integer> deleteSnapshots(String persistenceId, long below);

  /**
   * Deletes what is left of an actor that has stopped for good: first its snapshots, then its
   * events, at most {@code maxRows} rows.
   *
   * @return how many were deleted; 0 when nothing is left
   */
  CompletionStage<Integer> erase(String persistenceId, int maxRows);
}
