package io.millrace.engine.consumer;

import io.millrace.engine.aggregate.UserRecord;
import io.millrace.engine.consumer.ShardIntake.Batch;
import io.millrace.engine.model.CheckpointPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /** A record, or the shard's end in its place. */
  private record Item(Optional<UserRecord> record) {}

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
    batch.records().forEach(record -> items.add(new Item(Optional.of(record))));
    if (batch.isAtShardEnd()) {
      items.add(new Item(Optional.empty()));
    }
    return items;
  }

  private CompletionStage<Optional<CheckpointPosition>> handle(Item item, CompletedPrefix prefix) {
    if (item.record().isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    CheckpointPosition position = ShardIntake.finishedBy(item.record().get());
    prefix.begin(position);
    return handler.apply(item.record().get()).thenApply(result -> Optional.of(position));
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
