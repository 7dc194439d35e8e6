package io.millrace.examples;

import io.millrace.engine.aggregate.UserRecord;
import io.millrace.engine.consumer.ShardRecordProcessor;
import java.util.List;
import java.util.function.Consumer;

/** Counts the events of a shard, and checkpoints each batch when it is counted. */
final class CountingProcessor implements ShardRecordProcessor {

  private final Consumer<List<Earthquake>> counted;

  /**
   * A processor.
   *
   * @param counted returns when it has stored the count of these events; may be called with events
   *     that it has counted already
   */
  CountingProcessor(Consumer<List<Earthquake>> counted) {
    this.counted = counted;
  }

  @Override
  public void initialize(Initialization initialization) {}

  @Override
  public void processRecords(Records records) {
    counted.accept(records.records().stream().map(UserRecord::data).map(Earthquake::of).toList());
    records.checkpointer().checkpoint();
  }

  @Override
  public void leaseLost() {}

  @Override
  public void shardEnded(Checkpointer checkpointer) {
    checkpointer.checkpoint();
  }

  @Override
  public void shutdownRequested(Checkpointer checkpointer) {
    checkpointer.checkpoint();
  }
}
