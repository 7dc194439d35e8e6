package io.millrace.engine.consumer;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.coordinator.ShardPositions;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.StreamView;
import io.millrace.engine.tail.RecordTail;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Looks at shards of this process for those who keep checkpoints of them. */
public final class ShardReader implements ShardPositions {

  private static final int PAGE_BYTES = 1 << 20;

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
  public CompletionStage<Lag> lag(StreamView stream, ShardId shardId, CheckpointPosition finished) {
    if (finished.isShardEnd()) {
      return CompletableFuture.completedStage(Lag.NONE);
    }
    return guarded(
            () -> reads.place(stream.name(), shardId, LeasedShard.startingPosition(finished)))
        .thenCombine(
            guarded(() -> reads.tail(stream.name(), shardId)),
            (place, tail) -> count(stream, tail, place.counter(), Lag.NONE))
        .thenCompose(counted -> counted);
  }

  private CompletionStage<Lag> count(
      StreamView stream, RecordTail tail, long fromCounter, Lag sofar) {
    long now = clock.epochMillis();
    int left = (int) (Lag.MAX_COUNTED - sofar.records());
    if (left == 0) {
      return CompletableFuture.completedStage(sofar);
    }
    return tail.read(fromCounter, left, PAGE_BYTES, stream.retentionMillis(now))
        .thenCompose(
            page -> {
              if (page.records().isEmpty()) {
                return CompletableFuture.completedStage(sofar);
              }
              Record first = page.records().get(0);
              long age = Math.max(0, now - first.approximateArrivalTimestamp().toEpochMilli());
              return count(
                  stream,
                  tail,
                  page.nextCounter(),
                  new Lag(
                      sofar.records() + page.records().size(),
                      sofar.records() == 0 ? age : sofar.millis()));
            });
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
