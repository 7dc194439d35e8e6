package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.ReshardProgress;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.reshard.ReshardPlan;
import io.millrace.engine.stream.StreamEvent.DeletionStarted;
import io.millrace.engine.stream.StreamEvent.MaxRecordSizeChanged;
import io.millrace.engine.stream.StreamEvent.ModeChanged;
import io.millrace.engine.stream.StreamEvent.ReshardStarted;
import io.millrace.engine.stream.StreamEvent.RetentionChanged;
import io.millrace.engine.stream.StreamEvent.StepFlipped;
import io.millrace.engine.stream.StreamEvent.StreamActivated;
import io.millrace.engine.stream.StreamEvent.StreamCreated;
import io.millrace.engine.stream.StreamEvent.StreamDeleted;
import io.millrace.engine.stream.StreamEvent.WarmThroughputChanged;
import io.millrace.engine.stream.StreamReply.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StreamStateTest {

  private static final long CREATED = 1_700_000_000_999L;
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final WarmThroughputRule COMMITTED = new WarmThroughputRule(true, 100);
  private static final WarmThroughputRule UNCOMMITTED = new WarmThroughputRule(false, 100);
  private static final StreamEvent CREATION =
      new StreamCreated(
          StreamMode.PROVISIONED, CREATED, CREATED / 1000, HashKeyRange.uniform(3), 24, 1024);
  private static final StreamEvent[] ACTIVE = {CREATION, new StreamActivated()};

  @Test
  void tellsHowFarAReshardHasCome() {
    StreamState active = given(ACTIVE);
    ReshardPlan plan =
        ReshardPlan.divide(
            active.map().open(),
            Map.of(new ShardId(0), 2, new ShardId(1), 2),
            active.map().nextIndex());
    StreamState started =
        after(active, new ReshardStarted(plan.steps(), ReshardStarted.Cause.CAPACITY, CREATED));
    StreamState half = after(started, new StepFlipped(CREATED + 1));

    assertThat(active.view("arn", List.of()).progress()).isEqualTo(ReshardProgress.NONE);
    assertThat(started.view("arn", List.of()).progress()).isEqualTo(new ReshardProgress(0, 2));
    assertThat(half.view("arn", List.of()).progress()).isEqualTo(new ReshardProgress(1, 2));
    assertThat(half.status()).isEqualTo(StreamStatus.UPDATING);
    StreamState done = after(half, new StepFlipped(CREATED + 2));
    assertThat(done.view("arn", List.of()).progress()).isEqualTo(ReshardProgress.NONE);
    assertThat(done.status()).isEqualTo(StreamStatus.ACTIVE);
  }

  @Test
  void beginsWithEvenRangesAndADayOfRetention() {
    assertThat(given().begin(StreamParameters.provisioned(3), CREATED))
        .isEqualTo(Decision.happens(CREATION));
  }

  @Test
  void beginsAnOnDemandStreamWithFourShards() {
    StreamParameters parameters = new StreamParameters(StreamMode.ON_DEMAND, 99, 2048, 0);

    assertThat(given().begin(parameters, CREATED))
        .isEqualTo(
            Decision.happens(
                new StreamCreated(
                    StreamMode.ON_DEMAND,
                    CREATED,
                    CREATED / 1000,
                    HashKeyRange.uniform(4),
                    24,
                    2048)));
  }

  @Test
  void beginsAWarmStreamWithTheShardsThatItNeeds() {
    StreamParameters parameters = new StreamParameters(StreamMode.ON_DEMAND, 0, 1024, 7);

    assertThat(given().begin(parameters, CREATED).events())
        .containsExactly(
            new StreamCreated(
                StreamMode.ON_DEMAND, CREATED, CREATED / 1000, HashKeyRange.uniform(7), 24, 1024),
            new WarmThroughputChanged(7));
  }

  @Test
  void warmsAnOnDemandStreamAsTheAccountMay() {
    StreamState onDemand = after(given(ACTIVE), new ModeChanged(StreamMode.ON_DEMAND, CREATED));

    assertThat(onDemand.shardDecisions().updateWarmThroughput(100, COMMITTED))
        .isEqualTo(Decision.happens(new WarmThroughputChanged(100)));
    assertThat(refusal(onDemand.shardDecisions().updateWarmThroughput(101, COMMITTED)))
        .isEqualTo(Kind.LIMIT_EXCEEDED);
    assertThat(refusal(onDemand.shardDecisions().updateWarmThroughput(0, UNCOMMITTED)))
        .isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(refusal(given(ACTIVE).shardDecisions().updateWarmThroughput(1, COMMITTED)))
        .isEqualTo(Kind.VALIDATION);
    assertThat(
            refusal(
                after(onDemand, new DeletionStarted())
                    .shardDecisions()
                    .updateWarmThroughput(1, UNCOMMITTED)))
        .isEqualTo(Kind.RESOURCE_IN_USE);
    StreamState warm = after(onDemand, new WarmThroughputChanged(100));
    assertThat(warm.shardDecisions().updateWarmThroughput(100, COMMITTED))
        .isEqualTo(Decision.stands());
    assertThat(warm.shardDecisions().updateWarmThroughput(0, COMMITTED))
        .isEqualTo(Decision.happens(new WarmThroughputChanged(0)));
  }

  /** What is not there, then the status, then what the capacity mode does not allow. */
  @Test
  void refusesInTheOrderOfTheService() {
    StreamState provisioned = given(ACTIVE);
    ReshardPlan plan =
        ReshardPlan.divide(
            provisioned.map().open(), Map.of(new ShardId(0), 2), provisioned.map().nextIndex());
    StreamEvent reshard = new ReshardStarted(plan.steps(), ReshardStarted.Cause.CAPACITY, CREATED);
    StreamState onDemand = after(provisioned, new ModeChanged(StreamMode.ON_DEMAND, CREATED));
    StreamState updating = after(onDemand, reshard);
    ShardId known = new ShardId(1);
    ShardId unknown = new ShardId(99);

    for (StreamState each : List.of(onDemand, updating)) {
      assertThat(refusal(each.shardDecisions().split(unknown, HashKey.MAX, Room.NONE, CREATED)))
          .isEqualTo(Kind.RESOURCE_NOT_FOUND);
      assertThat(refusal(each.shardDecisions().merge(known, unknown, Room.NONE, CREATED)))
          .isEqualTo(Kind.RESOURCE_NOT_FOUND);
    }
    assertThat(refusal(updating.shardDecisions().split(known, HashKey.MAX, Room.NONE, CREATED)))
        .isEqualTo(Kind.RESOURCE_IN_USE);
    assertThat(refusal(updating.shardDecisions().merge(known, known, Room.NONE, CREATED)))
        .isEqualTo(Kind.RESOURCE_IN_USE);
    assertThat(refusal(updating.shardDecisions().updateShardCount(1000, Room.NONE, CREATED)))
        .isEqualTo(Kind.RESOURCE_IN_USE);
    assertThat(
            refusal(
                after(provisioned, reshard).shardDecisions().updateWarmThroughput(101, COMMITTED)))
        .isEqualTo(Kind.RESOURCE_IN_USE);
    assertThat(refusal(onDemand.shardDecisions().split(known, HashKey.MAX, Room.NONE, CREATED)))
        .isEqualTo(Kind.VALIDATION);
    assertThat(refusal(onDemand.shardDecisions().merge(known, known, Room.NONE, CREATED)))
        .isEqualTo(Kind.VALIDATION);
    assertThat(refusal(onDemand.shardDecisions().updateShardCount(1000, Room.NONE, CREATED)))
        .isEqualTo(Kind.VALIDATION);
  }

  @Test
  void switchesToOnDemandWithWarmThroughput() {
    Room room = new Room(10, 1, 1);
    assertThat(
            given(ACTIVE)
                .shardDecisions()
                .changeMode(StreamMode.ON_DEMAND, 7, COMMITTED, room, CREATED)
                .events())
        .containsExactly(
            new ModeChanged(StreamMode.ON_DEMAND, CREATED), new WarmThroughputChanged(7));
    assertThat(
            refusal(
                given(ACTIVE)
                    .shardDecisions()
                    .changeMode(StreamMode.ON_DEMAND, 7, UNCOMMITTED, room, CREATED)))
        .isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(
            refusal(
                given(ACTIVE)
                    .shardDecisions()
                    .changeMode(StreamMode.ON_DEMAND, 101, COMMITTED, room, CREATED)))
        .isEqualTo(Kind.LIMIT_EXCEEDED);
    assertThat(
            given(ACTIVE)
                .shardDecisions()
                .changeMode(StreamMode.ON_DEMAND, 0, UNCOMMITTED, room, CREATED))
        .isEqualTo(Decision.happens(new ModeChanged(StreamMode.ON_DEMAND, CREATED)));
  }

  @Test
  void changesWarmThroughputOnlyWithASwitchOfTheMode() {
    Room room = new Room(10, 1, 1);
    StreamState warm =
        after(
            given(ACTIVE),
            new ModeChanged(StreamMode.ON_DEMAND, CREATED),
            new WarmThroughputChanged(7));

    assertThat(
            refusal(
                warm.shardDecisions()
                    .changeMode(StreamMode.ON_DEMAND, 8, COMMITTED, room, CREATED)))
        .isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(warm.shardDecisions().changeMode(StreamMode.ON_DEMAND, 7, COMMITTED, room, CREATED))
        .isEqualTo(Decision.stands());
    assertThat(warm.shardDecisions().changeMode(StreamMode.ON_DEMAND, 0, COMMITTED, room, CREATED))
        .isEqualTo(Decision.stands());
    assertThat(after(warm, new ModeChanged(StreamMode.PROVISIONED, CREATED)).options().warmMiBps())
        .isZero();
  }

  @Test
  void beginsOnlyOnce() {
    assertThat(given(CREATION).begin(StreamParameters.provisioned(9), CREATED))
        .isEqualTo(Decision.stands());
  }

  @Test
  void hidesItsShardsUntilTheyAreOpen() {
    StreamView creating = given(CREATION).view("arn", List.of());
    assertThat(creating.status()).isEqualTo(StreamStatus.CREATING);
    assertThat(creating.shards()).isEmpty();
    assertThat(given(CREATION).map().openCount()).isEqualTo(3);

    StreamView active = given(ACTIVE).view("arn", List.of());
    assertThat(active.status()).isEqualTo(StreamStatus.ACTIVE);
    assertThat(active.shards())
        .extracting(shard -> shard.shardId().index())
        .containsExactly(0, 1, 2);
    assertThat(active.shards()).allMatch(shard -> shard.createdSeconds() == CREATED / 1000);
  }

  @Test
  void refusesEveryOperationUnlessActive() {
    List<StreamState> others =
        List.of(
            given(),
            given(CREATION),
            given(CREATION, new StreamActivated(), new DeletionStarted()),
            given(CREATION, new StreamActivated(), new DeletionStarted(), new StreamDeleted()));
    List<Function<StreamState, Decision<StreamEvent>>> operations =
        List.of(
            state -> state.optionDecisions().increaseRetention(48, CREATED),
            state -> state.optionDecisions().decreaseRetention(24, CREATED),
            // The status comes before the value.
            state -> state.optionDecisions().changeMaxRecordSize(1),
            state -> state.delete(false));
    for (StreamState state : others) {
      for (Function<StreamState, Decision<StreamEvent>> operation : operations) {
        assertThat(refusal(operation.apply(state))).isEqualTo(Kind.RESOURCE_IN_USE);
      }
    }
  }

  @Test
  void lengthensRetentionUpToAYear() {
    assertThat(given(ACTIVE).optionDecisions().increaseRetention(8760, CREATED))
        .isEqualTo(Decision.happens(new RetentionChanged(8760, CREATED)));
    assertThat(refusal(given(ACTIVE).optionDecisions().increaseRetention(8761, CREATED)))
        .isEqualTo(Kind.INVALID_ARGUMENT);
  }

  @Test
  void shortensRetentionDownToADay() {
    StreamState lengthened = after(given(ACTIVE), new RetentionChanged(48, CREATED));

    assertThat(lengthened.optionDecisions().decreaseRetention(24, CREATED))
        .isEqualTo(Decision.happens(new RetentionChanged(24, CREATED)));
    assertThat(refusal(lengthened.optionDecisions().decreaseRetention(23, CREATED)))
        .isEqualTo(Kind.INVALID_ARGUMENT);
  }

  @Test
  void changesRetentionOnlyInTheDirectionOfTheOperation() {
    StreamState lengthened = after(given(ACTIVE), new RetentionChanged(48, CREATED));

    assertThat(refusal(lengthened.optionDecisions().increaseRetention(47, CREATED)))
        .isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(refusal(lengthened.optionDecisions().decreaseRetention(49, CREATED)))
        .isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(lengthened.optionDecisions().increaseRetention(48, CREATED))
        .isEqualTo(Decision.stands());
    assertThat(lengthened.optionDecisions().decreaseRetention(48, CREATED))
        .isEqualTo(Decision.stands());
  }

  @Test
  void remembersWhatAShorterRetentionDropped() {
    StreamState lengthenedAgain =
        after(
            given(ACTIVE),
            new RetentionChanged(100, CREATED),
            new RetentionChanged(50, CREATED + 200 * HOUR),
            new RetentionChanged(150, CREATED + 201 * HOUR));

    assertThat(lengthenedAgain.options().expiredMillis()).isEqualTo(CREATED + 151 * HOUR);
    assertThat(lengthenedAgain.view("arn", List.of()).retentionMillis(CREATED + 202 * HOUR))
        .isEqualTo(51 * HOUR);
  }

  @Test
  void remembersWhatHadExpiredBeforeALongerRetention() {
    StreamState lengthened = after(given(ACTIVE), new RetentionChanged(100, CREATED + 200 * HOUR));

    assertThat(lengthened.options().expiredMillis()).isEqualTo(CREATED + 176 * HOUR);
    assertThat(lengthened.view("arn", List.of()).retentionMillis(CREATED + 201 * HOUR))
        .isEqualTo(25 * HOUR);
  }

  @Test
  void remembersTheLatestOfSeveralDrops() {
    StreamState dropped =
        after(
            given(ACTIVE),
            new RetentionChanged(100, CREATED),
            new RetentionChanged(24, CREATED + 200 * HOUR),
            new RetentionChanged(200, CREATED + 200 * HOUR),
            new RetentionChanged(199, CREATED + 202 * HOUR));

    assertThat(dropped.options().expiredMillis()).isEqualTo(CREATED + 176 * HOUR);
  }

  @Test
  void changesTheLargestRecordWithinItsBounds() {
    assertThat(given(ACTIVE).optionDecisions().changeMaxRecordSize(10_240))
        .isEqualTo(Decision.happens(new MaxRecordSizeChanged(10_240)));
    assertThat(given(ACTIVE).optionDecisions().changeMaxRecordSize(1024))
        .isEqualTo(Decision.stands());
    assertThat(refusal(given(ACTIVE).optionDecisions().changeMaxRecordSize(1023)))
        .isEqualTo(Kind.VALIDATION);
    assertThat(refusal(given(ACTIVE).optionDecisions().changeMaxRecordSize(10_241)))
        .isEqualTo(Kind.VALIDATION);
    assertThat(
            after(given(ACTIVE), new MaxRecordSizeChanged(10_240))
                .view("arn", List.of())
                .maxRecordBytes())
        .isEqualTo(10 << 20);
  }

  @Test
  void keepsItsShardsWhileTheyAreErased() {
    StreamState deleting = after(given(ACTIVE), new DeletionStarted());
    assertThat(deleting.view("arn", List.of()).status()).isEqualTo(StreamStatus.DELETING);
    assertThat(deleting.view("arn", List.of()).shards()).hasSize(3);
    assertThat(deleting.finishDeletion()).isEqualTo(Decision.happens(new StreamDeleted()));

    StreamState gone = after(deleting, new StreamDeleted());
    assertThat(gone.view("arn", List.of()).shards()).isEmpty();
    assertThat(gone.finishDeletion()).isEqualTo(Decision.stands());
  }

  @Test
  void ignoresTheEndOfAProcedureThatIsOver() {
    assertThat(given(ACTIVE).activate()).isEqualTo(Decision.stands());
    assertThat(given(ACTIVE).finishDeletion()).isEqualTo(Decision.stands());
    assertThat(given().activate()).isEqualTo(Decision.stands());
  }

  private static StreamState given(StreamEvent... events) {
    return after(StreamState.unborn(new StreamName("orders"), 7), events);
  }

  private static StreamState after(StreamState state, StreamEvent... events) {
    for (StreamEvent event : events) {
      state = state.apply(event);
    }
    return state;
  }

  static Kind refusal(Decision<?> decision) {
    return ((Decision.Refuses<?>) decision).refusal().kind();
  }
}
