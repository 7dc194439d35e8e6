package io.millrace.engine.consumer;

import static io.millrace.engine.consumer.TaskBed.after;
import static io.millrace.engine.consumer.TaskBed.batches;
import static io.millrace.engine.consumer.TaskBed.get;
import static io.millrace.engine.consumer.TaskBed.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.engine.consumer.ProcessorSettings.OnFailure;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.testkit.Awaits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProcessorTaskTest {

  private static final ProcessorSettings QUICK =
      ProcessorSettings.DEFAULT.withPauses(Duration.ofMillis(1), Duration.ofMillis(2));

  private static ActorTestKit kit;

  private final TaskBed shard = new TaskBed(CheckpointPosition.TRIM_HORIZON);
  private final Journalist processor = new Journalist();

  @BeforeAll
  static void startKit() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stopKit() {
    kit.shutdownTestKit();
  }

  /** Writes down what it is told, and notices when two calls overlap. */
  private static class Journalist implements ShardRecordProcessor {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final AtomicInteger running = new AtomicInteger();

    void called(String call) {
      assertThat(running.incrementAndGet()).as("calls at the same time").isOne();
      calls.add(call);
      running.decrementAndGet();
    }

    @Override
    public void initialize(Initialization initialization) {
      called("initialize " + initialization.checkpoint());
    }

    @Override
    public void processRecords(Records records) throws Exception {
      called(
          "process "
              + String.join(",", records.records().stream().map(r -> r.data().utf8()).toList()));
    }

    @Override
    public void leaseLost() {
      called("lost");
    }

    @Override
    public void shardEnded(Checkpointer checkpointer) {
      called("ended");
      checkpointer.checkpoint();
    }

    @Override
    public void shutdownRequested(Checkpointer checkpointer) {
      called("shutdown");
      checkpointer.checkpoint();
    }
  }

  private ProcessorTask task(
      ShardIntake intake, ProcessorSettings settings, Journalist journalist) {
    return new ProcessorTask(intake, settings, () -> journalist, kit.system());
  }

  @Test
  void goesThroughTheLifeOfAShard() {
    ProcessorTask task = task(TaskBed.closed(batches(3, 2)), QUICK, processor);
    get(task.start(shard));
    assertThat(processor.calls)
        .containsExactly("initialize TRIM_HORIZON", "process r0,r1", "process r2", "ended");
    assertThat(shard.stored).containsExactly(CheckpointPosition.SHARD_END);
  }

  @Test
  void failsWhenTheEndIsNotCheckpointed() {
    Journalist forgetful =
        new Journalist() {
          @Override
          public void shardEnded(Checkpointer checkpointer) {
            called("ended");
          }
        };
    CompletionStage<Void> ended =
        task(TaskBed.closed(batches(1, 1)), QUICK, forgetful).start(shard);
    assertThat(catchThrowable(() -> get(ended))).hasMessageContaining("did not checkpoint");
    assertThat(shard.stored).isEmpty();
  }

  /** Throws twice at the second batch. */
  private static final class Clumsy extends Journalist {

    private int failures = 2;

    @Override
    public void processRecords(Records records) throws Exception {
      super.processRecords(records);
      if (records.records().get(0).data().utf8().equals("r1") && failures-- > 0) {
        throw new Exception("told to by a test");
      }
    }
  }

  @Test
  void deliversAFailedBatchAgainUntilItSucceeds() {
    Journalist clumsy = new Clumsy();
    get(task(TaskBed.closed(batches(3, 1)), QUICK, clumsy).start(shard));
    assertThat(clumsy.calls)
        .containsExactly(
            "initialize TRIM_HORIZON",
            "process r0",
            "process r1",
            "process r1",
            "process r1",
            "process r2",
            "ended");
  }

  @Test
  void passesOverAFailedBatchWhenTold() {
    Journalist clumsy = new Clumsy();
    get(
        task(TaskBed.closed(batches(3, 1)), QUICK.withOnFailure(OnFailure.SKIP), clumsy)
            .start(shard));
    assertThat(clumsy.calls)
        .containsExactly(
            "initialize TRIM_HORIZON", "process r0", "process r1", "process r2", "ended");
  }

  @Test
  void deliversNothingMoreAfterAFailureWhenTold() {
    Journalist clumsy = new Clumsy();
    ProcessorTask task =
        task(TaskBed.closed(batches(3, 1)), QUICK.withOnFailure(OnFailure.STOP), clumsy);
    CompletionStage<Void> ended = task.start(shard);
    Awaits.await("the failing call", () -> clumsy.calls.contains("process r1"));
    get(task.drain());
    assertThat(ended.toCompletableFuture()).isNotDone();
    assertThat(List.copyOf(clumsy.calls).subList(0, 4))
        .containsExactly("initialize TRIM_HORIZON", "process r0", "process r1", "shutdown");
  }

  @Test
  void holdsCheckpointsBetweenTheLastOneAndWhatWasDelivered() {
    CompletableFuture<List<Throwable>> outcomes = new CompletableFuture<>();
    Journalist bold =
        new Journalist() {
          @Override
          public void processRecords(Records records) {
            Checkpointer checkpointer = records.checkpointer();
            checkpointer.checkpoint(number(1));
            checkpointer.checkpoint(number(1));
            outcomes.complete(
                List.of(
                    catchThrowable(() -> checkpointer.checkpoint(number(3))),
                    catchThrowable(() -> checkpointer.checkpoint(number(0))),
                    catchThrowable(() -> checkpointer.checkpoint(number(1), 5))));
            checkpointer.prepareCheckpoint(new byte[] {1}).checkpoint();
          }
        };
    task(TaskBed.open(batches(3, 3)), QUICK, bold).start(shard);
    assertThat(get(outcomes))
        .hasSize(3)
        .allSatisfy(refused -> assertThat(refused).isInstanceOf(IllegalArgumentException.class));
    Awaits.await("the prepared checkpoint", () -> shard.stored.size() == 2);
    assertThat(shard.stored).containsExactly(after(1), after(2));
  }

  @Test
  void drainsAfterTheCallThatRuns() {
    CompletableFuture<Void> entered = new CompletableFuture<>();
    CompletableFuture<Void> mayGoOn = new CompletableFuture<>();
    Journalist slow =
        new Journalist() {
          @Override
          public void processRecords(Records records) throws Exception {
            super.processRecords(records);
            entered.complete(null);
            mayGoOn.join();
          }
        };
    ProcessorTask task = task(TaskBed.open(batches(3, 1)), QUICK, slow);
    CompletionStage<Void> ended = task.start(shard);
    get(entered);
    CompletionStage<Void> drained = task.drain();
    assertThat(drained.toCompletableFuture()).isNotDone();
    mayGoOn.complete(null);
    get(drained);
    assertThat(ended.toCompletableFuture()).isNotDone();
    Awaits.await("the last call", () -> slow.calls.contains("lost"));
    assertThat(slow.calls)
        .containsExactly("initialize TRIM_HORIZON", "process r0", "shutdown", "lost");
    assertThat(shard.stored).containsExactly(after(0));
  }

  @Test
  void tellsOfTheLossOnlyAfterACallThatHangs() {
    CompletableFuture<Void> entered = new CompletableFuture<>();
    CompletableFuture<Void> mayGoOn = new CompletableFuture<>();
    CompletableFuture<Throwable> late = new CompletableFuture<>();
    Journalist hanging =
        new Journalist() {
          @Override
          public void processRecords(Records records) throws Exception {
            super.processRecords(records);
            entered.complete(null);
            mayGoOn.join();
            late.complete(catchThrowable(records.checkpointer()::checkpoint));
          }
        };
    ProcessorTask task = task(TaskBed.open(batches(3, 1)), QUICK, hanging);
    task.start(shard);
    get(entered);
    shard.isLost = true;
    task.lost();
    mayGoOn.complete(null);
    assertThat(get(late)).isInstanceOf(ShutdownException.class);
    Awaits.await("the last call", () -> hanging.calls.contains("lost"));
    assertThat(hanging.calls).containsExactly("initialize TRIM_HORIZON", "process r0", "lost");
  }
}
