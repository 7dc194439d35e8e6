package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What is asked of the coordinator, and when a shard may go. */
class ShardCheckpointsTest {

  private final Coordinator coordinator = new Coordinator();
  private final ShardCheckpoints checkpoints = new ShardCheckpoints(coordinator);

  /** A coordinator that answers when the test says so. */
  private static final class Coordinator implements LeasedShard {

    final List<CheckpointPosition> asked = new ArrayList<>();
    final List<CompletableFuture<Void>> answers = new ArrayList<>();

    @Override
    public String streamName() {
      return "orders";
    }

    @Override
    public ShardId shardId() {
      return new ShardId(0);
    }

    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public CheckpointPosition startingCheckpoint() {
      return CheckpointPosition.TRIM_HORIZON;
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
      asked.add(position);
      answers.add(new CompletableFuture<>());
      return answers.get(answers.size() - 1);
    }

    @Override
    public CompletionStage<Void> prepareCheckpoint(CheckpointPosition position, Payload state) {
      throw new UnsupportedOperationException();
    }
  }

  private static CheckpointPosition at(long counter) {
    return CheckpointPosition.after(new SequenceNumber(1_767_225_600, counter, 1_767_225_600, 0));
  }

  private static boolean isDone(CompletionStage<Void> stage) {
    return stage.toCompletableFuture().isDone();
  }

  @Test
  void mayGoAtOnceWhenNothingIsOutstanding() {
    assertThat(isDone(checkpoints.drain())).isTrue();
    assertThat(checkpoints.deliver(at(1))).isFalse();
  }

  @Test
  void waitsForTheLastElementThatWasDelivered() {
    checkpoints.deliver(at(1));
    checkpoints.deliver(at(2));
    CompletionStage<Void> drained = checkpoints.drain();

    checkpoints.checkpoint(at(1));
    coordinator.answers.get(0).complete(null);
    assertThat(isDone(drained)).isFalse();
    checkpoints.checkpoint(at(2));
    assertThat(isDone(drained)).isFalse();
    coordinator.answers.get(1).complete(null);
    assertThat(isDone(drained)).isTrue();
  }

  @Test
  void waitsOnlyForWhatIsUnderWayWhenTheSubscriberIsGone() {
    checkpoints.deliver(at(1));
    checkpoints.deliver(at(2));
    checkpoints.checkpoint(at(1));
    checkpoints.abandon();
    CompletionStage<Void> drained = checkpoints.drain();

    assertThat(isDone(drained)).isFalse();
    coordinator.answers.get(0).completeExceptionally(new IllegalStateException("told to"));
    assertThat(isDone(drained)).isTrue();
  }

  @Test
  void isFinishedWhenTheEndIsStored() {
    checkpoints.deliver(CheckpointPosition.SHARD_END);
    checkpoints.checkpoint(CheckpointPosition.SHARD_END);

    assertThat(isDone(checkpoints.finished())).isFalse();
    coordinator.answers.get(0).complete(null);
    assertThat(isDone(checkpoints.finished())).isTrue();
    assertThat(isDone(checkpoints.over())).isTrue();
  }

  @Test
  void anEarlierElementWaitsForTheLaterOne() {
    checkpoints.checkpoint(at(2));
    CompletionStage<Void> earlier = checkpoints.checkpoint(at(1));

    assertThat(coordinator.asked).containsExactly(at(2));
    assertThat(isDone(earlier)).isFalse();
    coordinator.answers.get(0).complete(null);
    assertThat(isDone(earlier)).isTrue();
  }

  /** The later one may have been stored, so that the coordinator would refuse the earlier one. */
  @Test
  void triesTheLatestAgainAfterAFailure() {
    checkpoints.checkpoint(at(2));
    coordinator.answers.get(0).completeExceptionally(new IllegalStateException("told to"));

    checkpoints.checkpoint(at(1));

    assertThat(coordinator.asked).containsExactly(at(2), at(2));
  }
}
