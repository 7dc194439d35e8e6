package io.millrace.engine.consumer;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.util.random.RandomGenerator;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Retrieval by pull: reads as GetRecords does, within the budgets of the shard that all who poll it
 * share. An element holds at most 10,000 records and 10 MiB, and at least one record unless it is
 * that of the shard's end. While there is more to read, one element is read ahead of demand.
 */
public final class PollingRetrieval implements Retrieval {

  private final RecordReader reads;
  private final PollingPace pace;
  private final RandomGenerator random;

  /**
   * Retrieval at this pace.
   *
   * @param random draws the pauses after failures; used by several threads
   */
  public PollingRetrieval(RecordReader reads, PollingPace pace, RandomGenerator random) {
    this.reads = reads;
    this.pace = pace;
    this.random = random;
  }

  @Override
  public Source<ShardRecords, NotUsed> records(
      String streamName, ShardId shardId, StartingPosition from) {
    return Source.fromGraph(
        new PollingSource(
            () -> reads.place(new StreamName(streamName), shardId, from),
            reads::read,
            pace,
            random));
  }
}
