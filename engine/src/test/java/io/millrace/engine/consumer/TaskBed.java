package io.millrace.engine.consumer;

import io.millrace.engine.api.ChildShard;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.LocalStreamViews;
import io.millrace.testkit.Awaits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** A leased shard for tasks, without a coordinator: records as the test says, and no clock. */
final class TaskBed implements LeasedShard {

  static final ShardId SHARD = new ShardId(0);

  private final CheckpointPosition start;
  final List<CheckpointPosition> stored = new CopyOnWriteArrayList<>();
  volatile boolean isLost;

  TaskBed(CheckpointPosition start) {
    this.start = start;
  }

  static SequenceNumber number(int n) {
    return new SequenceNumber(1, SequenceNumber.counter(2 + n, 0), 1, 0);
  }

  static CheckpointPosition after(int n) {
    return CheckpointPosition.after(number(n));
  }

  static Record record(int n, Payload data) {
    return new Record(number(n), Instant.EPOCH, data, "key");
  }

  /** The numbers from 0, as batches of this size. */
  static List<ShardRecords> batches(int count, int size) {
    List<ShardRecords> batches = new ArrayList<>();
    for (int from = 0; from < count; from += size) {
      List<Record> records = new ArrayList<>();
      for (int n = from; n < Math.min(count, from + size); n++) {
        records.add(record(n, Payload.utf8("r" + n)));
      }
      batches.add(batch(records));
    }
    return batches;
  }

  static ShardRecords batch(List<Record> records) {
    return new ShardRecords(
        SHARD,
        records,
        Optional.of(records.get(records.size() - 1).sequenceNumber()),
        0,
        List.of());
  }

  /** The end of the shard. */
  static ShardRecords end() {
    return new ShardRecords(
        SHARD,
        List.of(),
        Optional.empty(),
        0,
        List.of(new ChildShard(new ShardId(1), List.of(SHARD), HashKeyRange.FULL)));
  }

  /** These batches, and then nothing more while the shard is open. */
  static ShardIntake open(List<ShardRecords> batches) {
    return intake(Source.from(batches).concat(Source.maybe()));
  }

  /** These batches, and then the shard's end. */
  static ShardIntake closed(List<ShardRecords> batches) {
    return intake(Source.from(batches).concat(Source.single(end())));
  }

  private static ShardIntake intake(Source<ShardRecords, NotUsed> source) {
    return new ShardIntake((stream, shard, from) -> source, new LocalStreamViews());
  }

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(Awaits.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failure.getCause());
    } catch (TimeoutException | InterruptedException late) {
      throw new AssertionError("no answer", late);
    }
  }

  @Override
  public String streamName() {
    return "orders";
  }

  @Override
  public ShardId shardId() {
    return SHARD;
  }

  @Override
  public long epoch() {
    return 1;
  }

  @Override
  public CheckpointPosition startingCheckpoint() {
    return start;
  }

  @Override
  public Optional<Payload> startingState() {
    return Optional.empty();
  }

  @Override
  public Optional<PreparedCheckpoint> pendingCheckpoint() {
    return Optional.empty();
  }

  @Override
  public CompletionStage<Void> checkpoint(CheckpointPosition position, Payload stateOrNull) {
    if (isLost) {
      return CompletableFuture.failedStage(new ShutdownException("told to by a test"));
    }
    stored.add(position);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Void> prepareCheckpoint(CheckpointPosition position, Payload state) {
    return CompletableFuture.completedStage(null);
  }
}
