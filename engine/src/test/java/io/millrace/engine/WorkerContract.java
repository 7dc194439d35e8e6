package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.consumer.ApplicationDescription.LeaseDescription;
import io.millrace.engine.consumer.HandlerSettings;
import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.PollingPace;
import io.millrace.engine.consumer.PollingRetrieval;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.consumer.ShardStrategy;
import io.millrace.engine.consumer.ShutdownException;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers share the shards of a stream, take over from each other, and go on where they were. */
public abstract class WorkerContract extends StreamClientContract {

  private static final String STREAM = "orders";
  private static final Duration FAILOVER = Duration.ofSeconds(10);
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final HashKey MIDDLE = HashKey.of(BigInteger.ONE.shiftLeft(127));

  private ApplicationName application;
  private ConcurrentLinkedQueue<String> handled;

  @BeforeEach
  void begin() {
    application = new ApplicationName("billing-" + UUID.randomUUID());
    handled = new ConcurrentLinkedQueue<>();
  }

  // Short forms.

  private Consumers consumers() {
    return Consumers.of(engine());
  }

  private WorkerSettings settings(String workerId) {
    return WorkerSettings.of(application.value(), STREAM)
        .withWorkerId(workerId)
        .withInitialPosition(CheckpointPosition.TRIM_HORIZON);
  }

  /** Polls without waiting. */
  private Retrieval polling() {
    EngineInside inside = engine().extension(EngineInside.class, within -> within);
    Duration pause = Duration.ofMillis(5);
    return new PollingRetrieval(
        inside.reads(), new PollingPace(pause, pause, pause, pause), new Random(1));
  }

  private ShardStrategy handling() {
    return consumers()
        .handling(
            polling(),
            HandlerSettings.DEFAULT.withInFlight(1).withCheckpoints(1, Duration.ofMillis(10)),
            record -> {
              handled.add(record.data().utf8());
              return CompletableFuture.completedStage(null);
            });
  }

  private Worker joined(WorkerSettings settings, ShardStrategy strategy) {
    Worker worker = consumers().worker(settings, strategy);
    get(worker.joined());
    return worker;
  }

  private void putEach(String prefix, int count) {
    for (int i = 0; i < count; i++) {
      get(client().putRecord(STREAM, "key-" + i, data(prefix + i)));
    }
  }

  private static List<String> each(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  private List<LeaseDescription> leases() {
    return get(consumers().describe(application)).leases();
  }

  private Map<String, Long> loads() {
    return leases().stream()
        .flatMap(lease -> lease.workerId().stream())
        .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
  }

  private void awaitNoLag() {
    eventually(
        () ->
            assertThat(leases())
                .isNotEmpty()
                .allSatisfy(lease -> assertThat(lease.lagRecords()).hasValue(0)));
  }

  /** Lets time pass until this holds; returns how much has passed. */
  private Duration pass(Runnable assertion) {
    Duration[] passed = {Duration.ZERO};
    eventually(
        () -> {
          Throwable failure = catchThrowable(assertion::run);
          if (failure != null) {
            clock.advance(STEP);
            manualTime().timePasses(STEP);
            passed[0] = passed[0].plus(STEP);
            throw new AssertionError(failure);
          }
        });
    return passed[0];
  }

  // Leases.

  @Test
  void sharesShardsAndHandsThemOverWithoutDuplicates() {
    create(STREAM, 4);
    Worker first = joined(settings("a"), handling());
    putEach("one-", 20);
    eventually(() -> assertThat(loads()).containsEntry("a", 4L));
    Worker second = joined(settings("b"), handling());
    eventually(() -> assertThat(loads()).containsEntry("a", 2L).containsEntry("b", 2L));
    putEach("two-", 20);
    get(second.shutdown());
    eventually(() -> assertThat(loads()).isEqualTo(Map.of("a", 4L)));
    putEach("three-", 20);
    awaitNoLag();
    get(first.shutdown());
    assertThat(loads()).isEmpty();
    List<String> all = new ArrayList<>(each("one-", 20));
    all.addAll(each("two-", 20));
    all.addAll(each("three-", 20));
    assertThat(handled).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void takesNoMoreLeasesThanItWants() {
    create(STREAM, 3);
    Puppets puppets = new Puppets();
    joined(settings("a").withMaxLeases(2), puppets);
    puppets.next();
    puppets.next();
    assertThat(loads()).isEqualTo(Map.of("a", 2L));
  }

  @Test
  void takesOverFromTheDeadWithinFailoverTime() {
    withManualTime("");
    create(STREAM, 2);
    Puppets dying = new Puppets();
    joined(settings("dying"), dying);
    LeasedShard shard = get(dying.next().started);
    get(dying.next().started);
    Puppets heirs = new Puppets();
    joined(settings("heir").withMaxLeases(2), heirs);
    kill("dying");
    Duration passed = pass(() -> assertThat(loads()).isEqualTo(Map.of("heir", 2L)));
    assertThat(passed).isBetween(FAILOVER.minus(STEP), FAILOVER.multipliedBy(2));
    assertThat(leases()).allSatisfy(lease -> assertThat(lease.epoch()).isGreaterThan(2));
    assertThat(catchThrowable(() -> get(shard.checkpoint(CheckpointPosition.TRIM_HORIZON))))
        .isInstanceOf(ShutdownException.class);
  }

  private void kill(String workerId) {
    Adapter.toClassic(engine().system())
        .actorSelection("/system/millrace-*/worker-" + workerId + "-*")
        .tell(PoisonPill.getInstance(), org.apache.pekko.actor.ActorRef.noSender());
  }

  @Test
  void fencesAnOwnerThatDoesNotDrainInTime() {
    withManualTime("millrace.consumers.hand-off-timeout = 30s");
    create(STREAM, 2);
    Puppets hanging = new Puppets();
    joined(settings("hanging"), hanging);
    Puppets.Puppet first = hanging.next();
    Puppets.Puppet second = hanging.next();
    get(first.started);
    get(second.started);
    Puppets waiting = new Puppets();
    joined(settings("waiting"), waiting);
    Puppets.Puppet draining =
        get(
            first
                .isToDrain
                .thenApply(now -> first)
                .applyToEither(second.isToDrain.thenApply(now -> second), either -> either));
    Duration passed = pass(() -> assertThat(waiting.made).isNotEmpty());
    assertThat(passed).isGreaterThanOrEqualTo(Duration.ofSeconds(29));
    get(draining.isLost);
    LeasedShard old = get(draining.started);
    assertThat(catchThrowable(() -> get(old.checkpoint(CheckpointPosition.TRIM_HORIZON))))
        .isInstanceOf(ShutdownException.class);
  }

  @Test
  void freesLeasesWithoutProgressAlthoughThereAreRecords() {
    withManualTime("millrace.consumers.progress-timeout = 1m");
    create(STREAM, 1);
    put(STREAM, "one");
    Puppets idle = new Puppets();
    joined(settings("a"), idle);
    Puppets.Puppet stuck = idle.next();
    long epoch = get(stuck.started).epoch();
    Duration passed = pass(() -> assertThat(leases().get(0).epoch()).isGreaterThan(epoch));
    assertThat(passed).isGreaterThanOrEqualTo(Duration.ofSeconds(59));
    get(stuck.isLost);
    assertThat(get(idle.next().started).epoch()).isGreaterThan(epoch);
  }

  @Test
  void goesOnFromItsCheckpointsAfterARestart() {
    with("");
    create(STREAM, 2);
    joined(settings("a"), handling());
    putEach("one-", 10);
    awaitNoLag();
    restart();
    joined(settings("a"), handling());
    putEach("two-", 10);
    awaitNoLag();
    assertThat(handled)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 20).mapToObj(i -> (i < 10 ? "one-" : "two-") + i % 10).toList());
  }

  @Test
  void beginsAtLatestWithWhatComesAfterItJoined() {
    create(STREAM, 1);
    put(STREAM, "before");
    joined(settings("a").withInitialPosition(CheckpointPosition.LATEST), handling());
    eventually(() -> assertThat(loads()).containsEntry("a", 1L));
    put(STREAM, "after");
    awaitNoLag();
    assertThat(handled).containsExactly("after");
  }

  @Test
  void processesChildrenAfterTheirParents() {
    create(STREAM, 1);
    for (int i = 0; i < 5; i++) {
      put(STREAM, "parent-" + i);
    }
    get(client().splitShard(SplitShardRequest.of(STREAM, SHARD_0, MIDDLE.toString())));
    get(engine().awaitActive(STREAM));
    for (int i = 0; i < 5; i++) {
      put(STREAM, "child-" + i);
    }
    get(
        client()
            .mergeShards(
                MergeShardsRequest.of(
                    STREAM, new ShardId(1).toString(), new ShardId(2).toString())));
    get(engine().awaitActive(STREAM));
    put(STREAM, "grandchild");
    joined(settings("a"), handling());
    eventually(() -> assertThat(handled).contains("grandchild"));
    List<String> expected = new ArrayList<>(each("parent-", 5));
    expected.addAll(each("child-", 5));
    expected.add("grandchild");
    assertThat(handled).containsExactlyElementsOf(expected);
    eventually(
        () ->
            assertThat(leases())
                .extracting(LeaseDescription::shardId)
                .containsExactly(new ShardId(3)));
  }

  // Checkpoints.

  @Test
  void refusesCheckpointsOutOfBounds() {
    create(STREAM, 2);
    Map<ShardId, SequenceNumber> numbers =
        IntStream.range(0, 2)
            .mapToObj(
                i ->
                    get(
                        client()
                            .putRecord(
                                PutRecordRequest.of(STREAM, "key", data("text"))
                                    .withExplicitHashKey(
                                        (i == 0 ? HashKey.MIN : MIDDLE).toString()))))
            .collect(Collectors.toMap(put -> put.shardId(), put -> put.sequenceNumber()));
    Puppets puppets = new Puppets();
    joined(settings("a"), puppets);
    LeasedShard shard = get(puppets.next().started);
    SequenceNumber own = numbers.get(shard.shardId());
    SequenceNumber foreign = numbers.get(new ShardId(1 - shard.shardId().index()));
    SequenceNumber beyond =
        new SequenceNumber(
            own.createdSeconds(), own.counter() + (1L << 30), own.putSeconds(), own.shardIndex());

    refused(shard.checkpoint(CheckpointPosition.after(foreign)));
    refused(shard.checkpoint(CheckpointPosition.after(beyond)));
    refused(shard.checkpoint(CheckpointPosition.SHARD_END));
    refused(shard.checkpoint(CheckpointPosition.LATEST));
    refused(
        shard.checkpoint(CheckpointPosition.after(own), bytes(LeasedShard.MAX_STATE_BYTES + 1)));
    get(shard.checkpoint(CheckpointPosition.after(own, 3)));
    refused(shard.checkpoint(CheckpointPosition.after(own, 2)));
    get(shard.checkpoint(CheckpointPosition.after(own, 3)));
    get(shard.checkpoint(CheckpointPosition.after(own)));
    assertThat(leases())
        .filteredOn(lease -> lease.shardId().equals(shard.shardId()))
        .extracting(LeaseDescription::checkpoint)
        .containsExactly(CheckpointPosition.after(own));
  }

  private static void refused(CompletionStage<Void> checkpoint) {
    assertThat(catchThrowable(() -> get(checkpoint))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keepsWhatWasStoredWithACheckpoint() {
    with("");
    create(STREAM, 1);
    SequenceNumber number = put(STREAM, "one");
    Puppets puppets = new Puppets();
    joined(settings("a"), puppets);
    LeasedShard shard = get(puppets.next().started);
    assertThat(shard.startingState()).isEmpty();
    Payload state = bytes(LeasedShard.MAX_STATE_BYTES);
    get(shard.checkpoint(CheckpointPosition.after(number, 0), state));
    get(shard.prepareCheckpoint(CheckpointPosition.after(number), data("announced")));
    restart();
    joined(settings("a"), puppets);
    LeasedShard again = get(puppets.next().started);
    assertThat(again.startingCheckpoint()).isEqualTo(CheckpointPosition.after(number, 0));
    assertThat(again.startingState()).hasValue(state);
    assertThat(again.pendingCheckpoint().map(LeasedShard.PreparedCheckpoint::position))
        .hasValue(CheckpointPosition.after(number));
    assertThat(again.epoch()).isGreaterThan(shard.epoch());
    get(again.checkpoint(CheckpointPosition.after(number)));
    assertThat(catchThrowable(() -> get(shard.checkpoint(CheckpointPosition.after(number)))))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void storesCheckpointsAndPreparesThemInTheOrderOfTheCalls() {
    with("");
    create(STREAM, 1);
    SequenceNumber first = put(STREAM, "one");
    SequenceNumber second = put(STREAM, "two");
    Puppets puppets = new Puppets();
    joined(settings("a"), puppets);
    LeasedShard shard = get(puppets.next().started);
    get(shard.checkpoint(CheckpointPosition.TRIM_HORIZON, data("state")));
    // It waits for others to go with; what is prepared after it stands.
    CompletionStage<Void> gathered = shard.checkpoint(CheckpointPosition.after(first));
    get(shard.prepareCheckpoint(CheckpointPosition.after(second), data("announced")));
    assertThat(gathered).isCompleted();
    restart();
    joined(settings("a"), puppets);
    LeasedShard again = get(puppets.next().started);
    assertThat(again.startingCheckpoint()).isEqualTo(CheckpointPosition.after(first));
    assertThat(again.pendingCheckpoint().map(LeasedShard.PreparedCheckpoint::position))
        .hasValue(CheckpointPosition.after(second));
  }

  @Test
  void startsAnewWhatFails() {
    with("millrace.consumers { min-backoff = 1ms, max-backoff = 5ms }");
    create(STREAM, 1);
    Puppets puppets = new Puppets();
    joined(settings("a"), puppets);
    Puppets.Puppet failing = puppets.next();
    LeasedShard shard = get(failing.started);
    failing.ended.completeExceptionally(new IllegalStateException("told to by a test"));
    get(failing.isLost);
    LeasedShard again = get(puppets.next().started);
    assertThat(again.epoch()).isEqualTo(shard.epoch());
    assertThat(catchThrowable(() -> get(shard.checkpoint(CheckpointPosition.TRIM_HORIZON))))
        .isInstanceOf(ShutdownException.class);
  }

  // Applications.

  @Test
  void turnsAwayWhoDoesNotBelong() {
    Puppets puppets = new Puppets();
    failure(ResourceNotFoundException.class, consumers().worker(settings("a"), puppets).joined());
    create(STREAM, 1);
    WorkerSettings later =
        settings("a").withInitialPosition(CheckpointPosition.atTimestamp(now().plusSeconds(3600)));
    failure(InvalidArgumentException.class, consumers().worker(later, puppets).joined());
    joined(settings("a"), puppets);
    failure(ResourceInUseException.class, consumers().worker(settings("a"), puppets).joined());
    create("others", 1);
    WorkerSettings other = WorkerSettings.of(application.value(), "others").withWorkerId("b");
    failure(ResourceInUseException.class, consumers().worker(other, puppets).joined());
  }

  @Test
  void beginsAgainWhereItIsReset() {
    create(STREAM, 2);
    Worker worker = joined(settings("a"), handling());
    putEach("one-", 10);
    awaitNoLag();
    failure(
        ResourceInUseException.class,
        consumers().reset(application, CheckpointPosition.TRIM_HORIZON));
    failure(ResourceInUseException.class, consumers().delete(application));
    get(worker.shutdown());
    assertThat(handled).hasSize(10);
    get(consumers().reset(application, CheckpointPosition.TRIM_HORIZON));
    assertThat(leases()).extracting(LeaseDescription::lagRecords).allMatch(lag -> lag.isPresent());
    get(joined(settings("a"), handling()).joined());
    awaitNoLag();
    assertThat(handled).hasSize(20);
  }

  @Test
  void saysHowManyRecordsAreLeftHoweverMany() {
    create(STREAM, 1);
    List<SequenceNumber> numbers = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      PutRecordsRequestEntry entry = PutRecordsRequestEntry.of("key", data("record"));
      PutRecordsRequest request = PutRecordsRequest.of(STREAM, Collections.nCopies(500, entry));
      get(client().putRecords(request)).records().forEach(put -> numbers.add(put.sequenceNumber()));
      clock.advance(STEP);
    }
    Puppets puppets = new Puppets();
    joined(settings("a"), puppets);
    LeasedShard shard = get(puppets.next().started);
    for (int finished : new int[] {0, 1, 499, 500, 501, 11_998, 11_999}) {
      get(shard.checkpoint(CheckpointPosition.after(numbers.get(finished))));
      LeaseDescription lease = leases().get(0);
      assertThat(lease.lagRecords()).hasValue(11_999 - finished);
      int secondsAgo = finished == 11_999 ? 0 : 24 - (finished + 1) / 500;
      assertThat(lease.lagMillis()).hasValue(STEP.multipliedBy(secondsAgo).toMillis());
    }
  }

  @Test
  void forgetsADeletedApplication() {
    with("");
    create(STREAM, 1);
    SequenceNumber number = put(STREAM, "one");
    Puppets puppets = new Puppets();
    Worker worker = joined(settings("a"), puppets);
    Puppets.Puppet task = puppets.next();
    LeasedShard shard = get(task.started);
    get(shard.checkpoint(CheckpointPosition.after(number), bytes(LeasedShard.MAX_STATE_BYTES)));
    task.drained.complete(null);
    get(worker.shutdown());
    get(consumers().delete(application));
    assertThat(get(consumers().describe(application)).stream()).isEqualTo(Optional.empty());
    failure(
        ResourceNotFoundException.class,
        consumers().reset(application, CheckpointPosition.TRIM_HORIZON));
    get(consumers().delete(application));
    // The last event stays, so that the journal does not count anew.
    eventually(() -> assertThat(storedEventsOf("application|" + application)).isEqualTo(1));
    restart();
    joined(settings("a"), puppets);
    LeasedShard again = get(puppets.next().started);
    assertThat(again.startingCheckpoint()).isEqualTo(CheckpointPosition.TRIM_HORIZON);
    assertThat(again.startingState()).isEmpty();
    assertThat(again.epoch()).isGreaterThan(shard.epoch());
  }

  @Test
  void stopsWhenItsStreamIsDeletedAndKnowsAnotherOfThatName() {
    create(STREAM, 1);
    Puppets puppets = new Puppets();
    Worker worker = joined(settings("a"), puppets);
    Puppets.Puppet task = puppets.next();
    get(client().deleteStream(DeleteStreamRequest.of(STREAM)));
    failure(ResourceNotFoundException.class, worker.stopped());
    get(task.isLost);
    awaitGone(STREAM);
    create(STREAM, 1);
    failure(ResourceInUseException.class, consumers().worker(settings("a"), puppets).joined());
    get(consumers().reset(application, CheckpointPosition.TRIM_HORIZON));
    joined(settings("a"), puppets);
    assertThat(get(puppets.next().started).startingCheckpoint())
        .isEqualTo(CheckpointPosition.TRIM_HORIZON);
  }
}
