package io.millrace.engine.consumer;

import static io.millrace.engine.consumer.TaskBed.after;
import static io.millrace.engine.consumer.TaskBed.batches;
import static io.millrace.engine.consumer.TaskBed.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.engine.aggregate.UserRecord;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.testkit.Awaits;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HandlerTaskTest {

  private static final HandlerSettings EACH =
      HandlerSettings.DEFAULT.withInFlight(3).withCheckpoints(1, Duration.ofHours(1));

  private static ActorTestKit kit;

  private final TaskBed shard = new TaskBed(CheckpointPosition.TRIM_HORIZON);
  private final Map<String, CompletableFuture<Void>> open = new ConcurrentHashMap<>();

  @BeforeAll
  static void startKit() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stopKit() {
    kit.shutdownTestKit();
  }

  private CompletionStage<Void> handle(UserRecord record) {
    return open.computeIfAbsent(record.data().utf8(), name -> new CompletableFuture<>());
  }

  private HandlerTask task(ShardIntake intake, HandlerSettings settings) {
    return new HandlerTask(intake, settings, this::handle, kit.system());
  }

  private void awaitHandled(int count) {
    Awaits.await("so many records under way", () -> open.size() == count);
  }

  @Test
  void checkpointsOnlyWhatIsFinishedWithoutAGap() {
    HandlerTask task = task(TaskBed.open(batches(3, 3)), EACH);
    CompletionStage<Void> ended = task.start(shard);
    awaitHandled(3);
    open.get("r2").complete(null);
    open.get("r1").complete(null);
    open.get("r0").complete(null);
    Awaits.await("the last checkpoint", () -> shard.stored.contains(after(2)));
    assertThat(shard.stored).containsExactly(after(2));
    assertThat(ended.toCompletableFuture()).isNotDone();
  }

  @Test
  void handlesABoundedNumberAtATime() {
    task(TaskBed.open(batches(9, 9)), EACH).start(shard);
    awaitHandled(3);
    open.get("r1").complete(null);
    awaitHandled(4);
    assertThat(open).containsOnlyKeys("r0", "r1", "r2", "r3");
    assertThat(shard.stored).isEmpty();
  }

  @Test
  void failsWithItsHandlerAndCheckpointsNothingBeyond() {
    CompletionStage<Void> ended = task(TaskBed.open(batches(3, 3)), EACH).start(shard);
    awaitHandled(3);
    open.get("r0").complete(null);
    Awaits.await("the first checkpoint", () -> shard.stored.contains(after(0)));
    open.get("r2").complete(null);
    open.get("r1").completeExceptionally(new IllegalStateException("told to by a test"));
    assertThat(catchThrowable(() -> get(ended))).hasMessageContaining("told to by a test");
    assertThat(shard.stored).containsOnly(after(0));
  }

  @Test
  void drainsWhatRunsAndCheckpointsIt() {
    HandlerTask task =
        task(
            TaskBed.open(batches(9, 9)),
            EACH.withInFlight(2).withCheckpoints(100, Duration.ofHours(1)));
    task.start(shard);
    awaitHandled(2);
    CompletionStage<Void> drained = task.drain();
    open.get("r0").complete(null);
    open.get("r1").complete(null);
    // What was already taken out of its batch may still be handled.
    Awaits.await(
        "the end of the drain",
        () -> {
          open.values().forEach(record -> record.complete(null));
          return drained.toCompletableFuture().isDone();
        });
    get(drained);
    assertThat(shard.stored).hasSize(1);
    assertThat(shard.stored.get(0)).isEqualTo(after(open.size() - 1));
  }

  @Test
  void endsTheShardWhenAllOfItIsHandled() {
    CompletionStage<Void> ended = task(TaskBed.closed(batches(2, 1)), EACH).start(shard);
    awaitHandled(2);
    open.get("r1").complete(null);
    assertThat(ended.toCompletableFuture()).isNotDone();
    open.get("r0").complete(null);
    get(ended);
    assertThat(shard.stored).endsWith(CheckpointPosition.SHARD_END);
  }
}
