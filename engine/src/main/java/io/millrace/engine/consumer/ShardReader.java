package io.millrace.engine.consumer;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.coordinator.ShardPositions;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.StreamView;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Looks at shards of this process for those who keep checkpoints of them. */
public final class ShardReader implements ShardPositions {

  private final RecordReader reads;
  private final EngineClock clock;

  /** A reader. */
  public ShardReader(RecordReader reads, EngineClock clock) {
    this.reads = reads;
    this.clock = clock;
  }

  @Override
  public CompletionStage<SequenceNumber> latest(StreamView stream, ShardId shardId) {
    return guarded(() -> reads.place(stream.name(), shardId, StartingPosition.latest()))
        .thenApply(
            place ->
                new SequenceNumber(
                    place.createdSeconds(),
                    place.counter() - 1,
                    place.createdSeconds(),
                    shardId.index()));
  }

  @Override
  public CompletionStage<Reach> reach(StreamView stream, ShardId shardId) {
    return guarded(() -> reads.place(stream.name(), shardId, StartingPosition.trimHorizon()))
        .thenCombine(
            guarded(() -> reads.tail(stream.name(), shardId)),
            (place, tail) ->
                () ->
                    new SequenceNumber(
                        place.createdSeconds(),
                        tail.state().latestCounter() - 1,
                        place.createdSeconds(),
                        shardId.index()));
  }

  @Override
  public CompletionStage<Lag> lag(StreamView stream, ShardId shardId, CheckpointPosition finished) {
    if (finished.isShardEnd()) {
      return CompletableFuture.completedStage(Lag.NONE);
    }
    return guarded(
            () -> reads.place(stream.name(), shardId, LeasedShard.startingPosition(finished)))
        .thenCombine(
            guarded(() -> reads.tail(stream.name(), shardId)),
            (place, tail) ->
                tail.backlog(place.counter(), stream.retentionMillis(clock.epochMillis())))
        .thenCompose(counted -> counted)
        .thenApply(backlog -> new Lag(backlog.records(), backlog.millis()));
  }

  /** What is thrown at once comes as a failed stage. */
  private static <T> CompletionStage<T> guarded(Supplier<CompletionStage<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException refused) {
      return CompletableFuture.failedStage(refused);
    }
  }
}
