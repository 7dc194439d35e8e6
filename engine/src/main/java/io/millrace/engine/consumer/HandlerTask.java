package io.millrace.engine.consumer;

import io.millrace.engine.aggregate.UserRecord;
import io.millrace.engine.consumer.ShardIntake.Batch;
import io.millrace.engine.metrics.LeaseMeter;
import io.millrace.engine.model.CheckpointPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Has a function handle the records of a shard, several at a time, and checkpoints what is finished
 * without a gap.
 */
public final class HandlerTask implements ShardTask {

  private final ShardIntake intake;
  private final HandlerSettings settings;
  private final Function<UserRecord, ? extends CompletionStage<?>> handler;
  private final ActorSystem<?> system;
  private final SharedKillSwitch supply = KillSwitches.shared("supply");
  private final CompletableFuture<Void> atShardEnd = new CompletableFuture<>();
  private CompletionStage<Done> handled = CompletableFuture.completedStage(Done.getInstance());
  private boolean sawShardEnd;
  private LeaseMeter meter = LeaseMeter.NONE;

  /**
   * A record, or the shard's end in its place.
   *
   * @param left after the last record of a batch, the age of the first one that is left
   */
  private record Item(Optional<UserRecord> record, OptionalLong left) {}

  /** A task. */
  public HandlerTask(
      ShardIntake intake,
      HandlerSettings settings,
      Function<UserRecord, ? extends CompletionStage<?>> handler,
      ActorSystem<?> system) {
    this.intake = intake;
    this.settings = settings;
    this.handler = handler;
    this.system = system;
  }

  @Override
  public CompletionStage<Void> start(LeasedShard shard) {
    meter = shard.meter();
    // Begun and completed inside one fused stream: by one thread at a time.
    CompletedPrefix prefix = new CompletedPrefix(shard.startingCheckpoint());
    handled =
        intake
            .batches(shard)
            .via(supply.flow())
            .mapConcat(HandlerTask::items)
            .mapAsyncUnordered(settings.inFlight(), item -> handle(item, prefix))
            .groupedWithin(settings.checkpointRecords(), settings.checkpointInterval())
            .mapAsync(
                1,
                finished -> {
                  for (Optional<CheckpointPosition> record : finished) {
                    record.ifPresentOrElse(prefix::complete, () -> sawShardEnd = true);
                  }
                  return checkpoint(shard, prefix.position());
                })
            .runWith(Sink.ignore(), system);
    handled
        .thenCompose(
            done ->
                sawShardEnd
                    ? shard.checkpoint(CheckpointPosition.SHARD_END)
                    : CompletableFuture.<Void>completedStage(null))
        .whenComplete(
            (stored, failure) -> {
              if (failure != null) {
                atShardEnd.completeExceptionally(failure);
              } else if (sawShardEnd) {
                atShardEnd.complete(null);
              }
            });
    return atShardEnd;
  }

  private static List<Item> items(Batch batch) {
    List<Item> items = new ArrayList<>(batch.records().size() + 1);
    List<UserRecord> records = batch.records();
    for (int i = 0; i < records.size(); i++) {
      boolean isLast = i == records.size() - 1;
      items.add(
          new Item(
              Optional.of(records.get(i)),
              isLast ? OptionalLong.of(batch.millisBehindLatest()) : OptionalLong.empty()));
    }
    if (batch.isAtShardEnd()) {
      items.add(new Item(Optional.empty(), OptionalLong.empty()));
    }
    return items;
  }

  private CompletionStage<Optional<CheckpointPosition>> handle(Item item, CompletedPrefix prefix) {
    if (item.record().isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    UserRecord record = item.record().get();
    CheckpointPosition position = ShardIntake.finishedBy(record);
    prefix.begin(position);
    meter.begun(record.approximateArrivalTimestamp().toEpochMilli());
    long began = meter.nanoTime();
    return handler
        .apply(record)
        .whenComplete((result, failure) -> count(item, failure == null, meter.nanoTime() - began))
        .thenApply(result -> Optional.of(position));
  }

  private void count(Item item, boolean isHandled, long nanos) {
    if (isHandled) {
      meter.processed(1, item.record().orElseThrow().data().size(), nanos);
      item.left().ifPresent(meter::left);
    } else {
      meter.failed(nanos);
    }
  }

  private static CompletionStage<Done> checkpoint(LeasedShard shard, CheckpointPosition position) {
    return position.isInitial()
        ? CompletableFuture.completedStage(Done.getInstance())
        : shard.checkpoint(position).thenApply(stored -> Done.getInstance());
  }

  @Override
  public CompletionStage<Void> drain() {
    supply.shutdown();
    return handled.thenCompose(
        done -> sawShardEnd ? atShardEnd : CompletableFuture.<Void>completedStage(null));
  }

  @Override
  public void lost() {
    supply.abort(new ShutdownException("The lease is gone."));
  }
}
