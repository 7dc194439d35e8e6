package io.millrace.engine.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoints;
import io.millrace.engine.coordinator.CoordinatorMessage.Done;
import io.millrace.engine.coordinator.CoordinatorMessage.Judged;
import io.millrace.engine.coordinator.CoordinatorMessage.Refused;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import io.millrace.engine.coordinator.CoordinatorMessage.Start;
import io.millrace.engine.coordinator.CoordinatorSettings;
import io.millrace.engine.coordinator.Coordinators;
import io.millrace.engine.coordinator.Coordinators.ForApplication;
import io.millrace.engine.coordinator.ShardPositions;
import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.Commitment;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamView;
import io.millrace.engine.stream.StreamViews;
import io.millrace.engine.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a worker sends of its checkpoints, and when; and which it asks the shard about. */
class CheckpointCourierTest {

  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final StreamName STREAM = new StreamName("orders");
  private static final WorkerSettings WORKER = WorkerSettings.of("billing", STREAM.value());
  private static final long EPOCH = 7;

  private final ActorTestKit kit =
      ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final ManualClock clock = new ManualClock();
  private final TestProbe<Coordinators.Command> coordinators = kit.createTestProbe();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong reached = new AtomicLong();
  private final WorkerSurroundings around =
      new WorkerSurroundings(
          WORKER,
          WorkerSurroundings.newIdentity(WORKER),
          coordinators.ref(),
          new Streams(),
          new Positions(),
          clock,
          new CoordinatorSettings(
              Duration.ofSeconds(10),
              Duration.ofSeconds(30),
              3,
              Duration.ofMinutes(10),
              INTERVAL,
              Duration.ofMillis(1),
              Duration.ofMillis(1),
              100),
          TIMEOUT,
          kit.system(),
          EngineMetrics.unbound().worker(new ApplicationName("app"), STREAM, "first"));
  private final CheckpointCourier courier = new CheckpointCourier(around);

  /** One stream of one shard. */
  private static final class Streams implements StreamViews {

    private static final StreamView VIEW =
        new StreamView(
            STREAM,
            1,
            "arn",
            StreamStatus.ACTIVE,
            StreamMode.PROVISIONED,
            0,
            24,
            1 << 20,
            List.of(
                new ShardView(
                    new ShardId(0), HashKeyRange.FULL, 1, 1, List.of(), OptionalLong.empty())));

    @Override
    public Optional<StreamView> find(StreamName name) {
      return Optional.of(VIEW);
    }

    @Override
    public List<StreamView> all() {
      return List.of(VIEW);
    }

    @Override
    public Commitment commitment() {
      throw new AssertionError("nobody asks for that");
    }

    @Override
    public CompletionStage<Optional<StreamView>> await(
        StreamName name, Predicate<StreamView> wanted) {
      throw new AssertionError("nobody waits for that");
    }
  }

  /** A shard that has got as far as the test says; each look at it is asked for. */
  private final class Positions implements ShardPositions {

    @Override
    public CompletionStage<SequenceNumber> latest(StreamView stream, ShardId shardId) {
      throw new AssertionError("nobody asks for that");
    }

    @Override
    public CompletionStage<Reach> reach(StreamView stream, ShardId shardId) {
      asked.incrementAndGet();
      return CompletableFuture.completedStage(() -> number(reached.get()));
    }

    @Override
    public CompletionStage<Lag> lag(StreamView stream, ShardId shardId, CheckpointPosition at) {
      throw new AssertionError("nobody asks for that");
    }
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private static SequenceNumber number(long counter) {
    return new SequenceNumber(1, counter, 1, 0);
  }

  private static CheckpointPosition at(long counter) {
    return CheckpointPosition.after(number(counter));
  }

  private static Checkpoint checkpoint(long counter, int stateBytes) {
    return new Checkpoint(
        new ShardId(0),
        EPOCH,
        at(counter),
        stateBytes == 0 ? Optional.empty() : Optional.of(Payload.wrap(new byte[stateBytes])));
  }

  private Checkpoints received() {
    ForApplication received = coordinators.expectMessageClass(ForApplication.class);
    assertThat(received.application()).isEqualTo(WORKER.application());
    Checkpoints checkpoints = (Checkpoints) received.message();
    assertThat(checkpoints.worker()).isEqualTo(around.identity());
    return checkpoints;
  }

  private static List<CheckpointPosition> positions(Checkpoints checkpoints) {
    return checkpoints.checkpoints().stream().map(Checkpoint::position).toList();
  }

  private static void answer(Checkpoints checkpoints) {
    checkpoints
        .replyTo()
        .tell(new Judged(Collections.nCopies(checkpoints.checkpoints().size(), new Done())));
  }

  private void pass(Duration duration) {
    clock.advance(duration);
    time.timePasses(duration);
  }

  @Test
  void sendsTheFirstAtOnceAndGathersWhatFollows() {
    courier.take(checkpoint(1, 0));
    assertThat(positions(received())).containsExactly(at(1));
    CompletionStage<Reply> second = courier.take(checkpoint(2, 0));
    CompletionStage<Reply> third = courier.take(checkpoint(3, 0));
    pass(INTERVAL.minusMillis(1));
    coordinators.expectNoMessage();
    pass(Duration.ofMillis(1));
    Checkpoints gathered = received();
    assertThat(positions(gathered)).containsExactly(at(2), at(3));
    Refused refused = new Refused(Refused.Kind.INVALID, "why");
    gathered.replyTo().tell(new Judged(List.of(new Done(), refused)));
    assertThat(TaskBed.get(second)).isEqualTo(new Done());
    assertThat(TaskBed.get(third)).isEqualTo(refused);
    pass(INTERVAL);
    courier.take(checkpoint(4, 0));
    assertThat(positions(received())).containsExactly(at(4));
  }

  @Test
  void waitsForNoAnswer() {
    for (int i = 1; i <= 3; i++) {
      courier.take(checkpoint(i, 0));
      pass(INTERVAL);
      assertThat(positions(received())).containsExactly(at(i));
    }
  }

  @Test
  void sendsWhatHasGatheredWhenItIsHurried() {
    courier.take(checkpoint(1, 0));
    received();
    courier.take(checkpoint(2, 0));
    courier.depart();
    assertThat(positions(received())).containsExactly(at(2));
    courier.depart();
    coordinators.expectNoMessage();
  }

  @Test
  void boundsWhatIsUnderWay() {
    List<CompletionStage<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      replies.add(courier.take(checkpoint(i, 0)));
    }
    Throwable full = catchThrowable(() -> TaskBed.get(courier.take(checkpoint(10_000, 0))));
    assertThat(full).isInstanceOf(InternalFailureException.class);
    assertThat(((InternalFailureException) full).outcome()).isEqualTo(Outcome.NOT_WRITTEN);
    answer(received());
    TaskBed.get(replies.get(0));
    assertThat(courier.take(checkpoint(10_001, 0)).toCompletableFuture())
        .isNotCompletedExceptionally();
  }

  @Test
  void boundsTheBytesOfAMessage() {
    courier.take(checkpoint(0, 0));
    received();
    for (int i = 1; i <= 9; i++) {
      courier.take(checkpoint(i, 1 << 20));
    }
    courier.depart();
    assertThat(positions(received())).containsExactly(at(1), at(2), at(3), at(4));
    assertThat(positions(received())).containsExactly(at(5), at(6), at(7), at(8));
    assertThat(positions(received())).containsExactly(at(9));
  }

  @Test
  void failsThoseThatAreNotAnswered() {
    CompletionStage<Reply> lost = courier.take(checkpoint(1, 0));
    received();
    pass(TIMEOUT);
    assertThat(catchThrowable(() -> TaskBed.get(lost))).hasCauseInstanceOf(TimeoutException.class);
    courier.take(checkpoint(2, 0));
    assertThat(positions(received())).containsExactly(at(2));
  }

  // The way to it.

  private LeasePort port() {
    return new LeasePort(
        around,
        courier,
        new ShardId(0),
        EPOCH,
        new Start(CheckpointPosition.TRIM_HORIZON, Optional.empty(), Optional.empty()));
  }

  @Test
  void asksTheShardOnlyWhereWhatIsKnownDoesNotDo() {
    LeasePort port = port();
    reached.set(10);
    for (int i = 1; i <= 10; i++) {
      port.checkpoint(at(i));
    }
    assertThat(asked).hasValue(1);
    reached.set(20);
    CompletionStage<Void> within = port.checkpoint(at(20));
    assertThat(asked).hasValue(1);
    CompletionStage<Void> beyond = port.checkpoint(at(21));
    assertThat(asked).hasValue(2);
    assertThat(catchThrowable(() -> TaskBed.get(beyond)))
        .isInstanceOf(IllegalArgumentException.class);
    courier.depart();
    answer(received());
    Checkpoints rest = received();
    assertThat(positions(rest)).endsWith(at(10), at(20));
    answer(rest);
    TaskBed.get(within);
  }

  @Test
  void sendsWhatATaskHasLeftBeforeTheNextOneAsks() {
    LeasePort port = port();
    reached.set(10);
    port.checkpoint(at(1));
    received();
    port.checkpoint(at(2));
    port.lose();
    assertThat(positions(received())).containsExactly(at(2));
    assertThat(catchThrowable(() -> TaskBed.get(port.checkpoint(at(3)))))
        .isInstanceOf(ShutdownException.class);
  }
}
