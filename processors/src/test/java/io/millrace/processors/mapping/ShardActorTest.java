package io.millrace.processors.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.consumer.ShutdownException;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.LocalStreamViews;
import io.millrace.engine.stream.StreamLookup;
import io.millrace.engine.testing.ManualClock;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.function.FunctionCalls;
import io.millrace.processors.function.Functions;
import io.millrace.processors.function.ProcessorFunction;
import io.millrace.processors.function.ProcessorResponse;
import io.millrace.processors.function.RegisteredFunction;
import io.millrace.testkit.Awaits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The work on a shard, by a clock and timers that only the test moves. */
class ShardActorTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration STORE_RETRY = Duration.ofMillis(200);
  private static final SequenceNumber NUMBER =
      new SequenceNumber(1_700_000_000L, 1 << 20, 1_700_000_000L, 0);

  private final ManualClock clock = new ManualClock();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FunctionRegistry functions = new FunctionRegistry();
  private final MappingMeters meters = new MappingMeters();
  private final BlockingQueue<CheckpointPosition> stores = new LinkedBlockingQueue<>();
  private final AtomicInteger failuresToCome = new AtomicInteger();
  private volatile RuntimeException storeFailure =
      InternalFailureException.notWritten("The storage is away.");
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private ActorTestKit testKit;
  private ManualTime timers;

  @BeforeEach
  void start() {
    testKit = ActorTestKit.create(ManualTime.config());
    timers = ManualTime.get(testKit.system());
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
    threads.shutdownNow();
  }

  private void passes(Duration time) {
    clock.advance(time);
    timers.timePasses(time);
  }

  private ActorRef<ShardActor.Command> work(MappingOptions options, ProcessorFunction function) {
    functions.register(new RegisteredFunction("ingest", function, TIMEOUT));
    Record record =
        new Record(NUMBER, Instant.ofEpochMilli(clock.epochMillis()), Payload.utf8("data"), "key");
    ShardRecords page =
        new ShardRecords(new ShardId(0), List.of(record), Optional.of(NUMBER), 0, List.of());
    FunctionCalls calls =
        new FunctionCalls(
            threads,
            (delay, action) -> {
              Cancellable scheduled =
                  testKit
                      .system()
                      .scheduler()
                      .scheduleOnce(delay, action, testKit.system().executionContext());
              return scheduled::cancel;
            },
            clock,
            4);
    Mapping mapping =
        new Mapping(
            "uuid",
            "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
            new StreamName("orders"),
            "ingest",
            StartingPosition.trimHorizon(),
            options,
            Map.of(),
            true,
            false,
            0);
    ShardEquipment equipment =
        new ShardEquipment(
            source -> (stream, shard, from) -> Source.single(page).concat(Source.never()),
            functions,
            calls,
            new Destinations(null, threads),
            meters,
            new StreamLookup(new LocalStreamViews(), Account.of("us-east-1", "000000000000")),
            clock,
            () -> "request",
            STORE_RETRY);
    return testKit.spawn(ShardActor.create(equipment, mapping, new Shard(), done));
  }

  private CheckpointPosition nextStore() throws InterruptedException {
    return stores.poll(Awaits.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void waitsForTheBatchingWindow() throws InterruptedException {
    BlockingQueue<List<Record>> calls = new LinkedBlockingQueue<>();
    work(
        MappingOptions.defaults().withMaximumBatchingWindowInSeconds(10),
        Functions.records(calls::add));
    Awaits.await("the record", () -> meters.metrics("uuid").polledRecords() == 1);
    passes(Duration.ofMillis(9_900));
    assertThat(calls).isEmpty();
    passes(Duration.ofMillis(200));
    assertThat(calls.poll(Awaits.PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasSize(1);
    assertThat(nextStore()).isEqualTo(CheckpointPosition.after(NUMBER));
  }

  @Test
  void aFunctionThatHangsIsInterruptedAndTriedAgain() throws InterruptedException {
    BlockingQueue<Integer> calls = new LinkedBlockingQueue<>();
    AtomicInteger count = new AtomicInteger();
    work(
        MappingOptions.defaults(),
        (event, context) -> {
          int call = count.incrementAndGet();
          calls.add(call);
          if (call == 1) {
            new CountDownLatch(1).await();
          }
          return ProcessorResponse.success();
        });
    assertThat(calls.poll(Awaits.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
    // The timer is set just after the function has begun.
    Awaits.await(
        "the timeout",
        () -> {
          passes(TIMEOUT);
          return meters.metrics("uuid").failures() == 1;
        });
    Awaits.await(
        "another call",
        () -> {
          passes(Duration.ofMillis(100));
          return count.get() == 2;
        });
    assertThat(nextStore()).isEqualTo(CheckpointPosition.after(NUMBER));
  }

  @Test
  void triesAgainWhatCouldNotBeStored() throws InterruptedException {
    failuresToCome.set(2);
    work(MappingOptions.defaults(), Functions.records(records -> {}));
    Awaits.await(
        "the third attempt",
        () -> {
          passes(STORE_RETRY);
          return !stores.isEmpty();
        });
    assertThat(nextStore()).isEqualTo(CheckpointPosition.after(NUMBER));
    assertThat(failuresToCome).hasValueLessThan(0);
    assertThat(done).isNotDone();
  }

  @Test
  void givesUpWhenTheLeaseIsGone() {
    failuresToCome.set(1);
    storeFailure = new ShutdownException("The lease is gone.");
    work(MappingOptions.defaults(), Functions.records(records -> {}));
    assertThat(Awaits.failureOf(done)).isSameAs(storeFailure);
  }

  @Test
  void isDrainedWhenItsCallHasEndedAndIsStored() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ActorRef<ShardActor.Command> actor =
        work(
            MappingOptions.defaults(),
            Functions.records(
                records -> {
                  running.countDown();
                  release.await();
                }));
    running.await();
    CompletableFuture<Void> drained = new CompletableFuture<>();
    actor.tell(new ShardActor.Drain(drained));
    assertThat(drained).isNotDone();
    release.countDown();
    Awaits.get(drained);
    assertThat(stores).containsExactly(CheckpointPosition.after(NUMBER));
    testKit.createTestProbe().expectTerminated(actor, Awaits.PATIENCE);
  }

  /** A shard whose checkpoints fail as often as the test says. */
  private final class Shard implements LeasedShard {

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
      if (failuresToCome.getAndDecrement() > 0) {
        return CompletableFuture.failedStage(storeFailure);
      }
      stores.add(position);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> prepareCheckpoint(CheckpointPosition position, Payload state) {
      throw new UnsupportedOperationException("mappings prepare nothing");
    }
  }
}
