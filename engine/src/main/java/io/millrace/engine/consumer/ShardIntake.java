package io.millrace.engine.consumer;

import io.millrace.engine.aggregate.Deaggregator;
import io.millrace.engine.aggregate.UserRecord;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamViews;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;

/**
 * What comes out of a leased shard for user code: the records after its checkpoint, with aggregated
 * ones taken apart, a few batches ahead of their processing.
 */
public final class ShardIntake {

  private static final int BATCHES_AHEAD = 4;

  private final Retrieval retrieval;
  private final StreamViews views;

  /** Records that are retrieved so. */
  public ShardIntake(Retrieval retrieval, StreamViews views) {
    this.retrieval = retrieval;
    this.views = views;
  }

  /**
   * Some records.
   *
   * @param records the records; may be empty
   * @param finished the checkpoint when all of them are finished
   * @param millisBehindLatest age of the first record that is left, milliseconds
   * @param isAtShardEnd whether the shard is closed and nothing comes after them
   */
  record Batch(
      List<UserRecord> records,
      CheckpointPosition finished,
      long millisBehindLatest,
      boolean isAtShardEnd) {}

  /** The batches of a shard. Ends after that of the shard's end; fails like its retrieval. */
  Source<Batch, NotUsed> batches(LeasedShard shard) {
    CheckpointPosition start = shard.startingCheckpoint();
    HashKeyRange range = range(shard);
    return retrieval
        .records(shard.streamName(), shard.shardId(), shard.startingPosition())
        .map(retrieved -> batch(retrieved, start, range))
        .buffer(BATCHES_AHEAD, OverflowStrategy.backpressure());
  }

  private HashKeyRange range(LeasedShard shard) {
    return views
        .find(new StreamName(shard.streamName()))
        .flatMap(stream -> stream.shard(shard.shardId()))
        .map(ShardView::range)
        .orElse(HashKeyRange.FULL);
  }

  private static Batch batch(ShardRecords retrieved, CheckpointPosition start, HashKeyRange range) {
    List<Record> read = retrieved.records();
    List<UserRecord> records = new ArrayList<>(read.size());
    read.forEach(record -> Deaggregator.expand(record, range, records));
    if (beginsWithFinished(read, start)) {
      records.removeIf(user -> finishedBy(user).compareTo(start) <= 0);
    }
    CheckpointPosition finished =
        read.isEmpty()
            ? retrieved.continuation().map(CheckpointPosition::after).orElse(start)
            : CheckpointPosition.after(read.get(read.size() - 1).sequenceNumber());
    return new Batch(
        records,
        finished.compareTo(start) < 0 ? start : finished,
        retrieved.millisBehindLatest(),
        retrieved.isAtShardEnd());
  }

  /** Whether the checkpoint covers some of it: reading begins at a record that it is inside of. */
  private static boolean beginsWithFinished(List<Record> read, CheckpointPosition start) {
    return !read.isEmpty()
        && start
            .sequenceNumber()
            .filter(number -> read.get(0).sequenceNumber().compareTo(number) <= 0)
            .isPresent();
  }

  /** The checkpoint when this record is finished, and all before it. */
  static CheckpointPosition finishedBy(UserRecord record) {
    return record.isAggregated()
        ? CheckpointPosition.after(record.sequenceNumber(), record.subSequenceNumber())
        : CheckpointPosition.after(record.sequenceNumber());
  }
}
