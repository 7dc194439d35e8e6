package io.millrace.processors.lane;

import static io.millrace.processors.lane.LanesFixture.counters;
import static io.millrace.processors.lane.LanesFixture.failedAt;
import static io.millrace.processors.lane.LanesFixture.failure;
import static io.millrace.processors.lane.LanesFixture.keys;
import static io.millrace.processors.lane.LanesFixture.number;
import static io.millrace.processors.lane.LanesFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.Record;
import io.millrace.processors.api.MappingOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardLanesTest {

  private static final MappingOptions AWS = MappingOptions.awsDefaults();

  private static final Outcome OK = Outcome.success();

  @Nested
  class Gathering {

    @Test
    void callsAtOnceWithoutABatchingWindow() {
      LanesFixture fixture = new LanesFixture(AWS);
      fixture.arrive(1, 2);
      assertThat(counters(fixture.call())).containsExactly(1, 2);
    }

    @Test
    void callsWithAtMostBatchSizeRecords() {
      LanesFixture fixture = new LanesFixture(AWS.withBatchSize(2));
      fixture.arrive(1, 2, 3);
      assertThat(fixture.callEnds(OK)).containsExactly(1, 2);
      assertThat(fixture.callEnds(OK)).containsExactly(3);
    }

    @Test
    void gathersUntilTheBatchingWindowHasPassed() {
      LanesFixture fixture = new LanesFixture(AWS.withMaximumBatchingWindowInSeconds(300));
      fixture.arrive(1);
      fixture.passes(Duration.ofSeconds(200));
      fixture.arrive(2);
      assertThat(fixture.steps()).isEmpty();
      assertThat(fixture.lanes.wakeUpNanos(fixture.now()))
          .hasValue(Duration.ofSeconds(100).toNanos());
      fixture.passes(Duration.ofSeconds(100));
      assertThat(counters(fixture.call())).containsExactly(1, 2);
    }

    @Test
    void gathersUntilBatchSizeIsReached() {
      LanesFixture fixture =
          new LanesFixture(AWS.withMaximumBatchingWindowInSeconds(300).withBatchSize(2));
      fixture.arrive(1);
      assertThat(fixture.steps()).isEmpty();
      fixture.arrive(2);
      assertThat(counters(fixture.call())).containsExactly(1, 2);
    }

    @Test
    void gathersUntilThePayloadIsFull() {
      LanesFixture fixture = new LanesFixture(AWS.withMaximumBatchingWindowInSeconds(300));
      int half = (int) Lane.MAX_PAYLOAD_BYTES / 2;
      fixture.offer(List.of(record(1, "key", fixture.nowMillis, half)));
      assertThat(fixture.steps()).isEmpty();
      fixture.offer(
          List.of(
              record(2, "key", fixture.nowMillis, half), record(3, "key", fixture.nowMillis, 1)));
      assertThat(counters(fixture.call())).containsExactly(1, 2);
    }

    @Test
    void callsWithARecordAloneThatIsLargerThanThePayload() {
      LanesFixture fixture = new LanesFixture(AWS);
      fixture.offer(
          List.of(
              record(1, "key", fixture.nowMillis, (int) Lane.MAX_PAYLOAD_BYTES + 1),
              record(2, "key", fixture.nowMillis, 1)));
      assertThat(fixture.callEnds(OK)).containsExactly(1);
      assertThat(fixture.callEnds(OK)).containsExactly(2);
    }

    @Test
    void filtersBeforeItCounts() {
      LanesFixture fixture =
          new LanesFixture(
              AWS.withBatchSize(2).withMaximumBatchingWindowInSeconds(300),
              LanesState.EMPTY,
              record -> record.sequenceNumber().counter() % 2 == 0);
      fixture.arrive(1, 2, 3);
      assertThat(fixture.steps()).isEmpty();
      fixture.arrive(4);
      assertThat(counters(fixture.call())).containsExactly(2, 4);
    }

    @Test
    void advancesOverFilteredRecordsWithoutACall() {
      LanesFixture fixture = new LanesFixture(AWS, LanesState.EMPTY, record -> false);
      fixture.arrive(1, 2);
      assertThat(fixture.steps()).isEmpty();
      assertThat(fixture.checkpoint()).hasValue(2L);
      assertThat(fixture.lanes.tally()).isEqualTo(new Tally(2, 2, 0, 0, 0));
    }

    @Test
    void doesNotWaitForTheBatchingWindowAtTheShardsEnd() {
      LanesFixture fixture = new LanesFixture(AWS.withMaximumBatchingWindowInSeconds(300));
      fixture.arrive(1);
      fixture.shardEnds();
      assertThat(fixture.lanes.isFinished()).isFalse();
      assertThat(fixture.callEnds(OK)).containsExactly(1);
      assertThat(fixture.lanes.isFinished()).isTrue();
    }

    @Test
    void hasNoRoomForMoreThanTwoLargestBatchesAndThenDoesNotWait() {
      LanesFixture fixture =
          new LanesFixture(
              AWS.withMaximumBatchingWindowInSeconds(300)
                  .withBatchSize(10_000)
                  .withParallelizationFactor(3));
      List<String> keys = keys(3);
      fixture.offer(
          IntStream.rangeClosed(1, ShardLanes.MAX_HELD_RECORDS)
              .mapToObj(i -> record(i, keys.get(i % 3), fixture.nowMillis, 1))
              .toList());
      assertThat(fixture.lanes.hasRoom()).isFalse();
      List<Step> steps = fixture.steps();
      assertThat(steps).hasSize(3);
      fixture.lanes.completed(steps.get(0).lane(), OK, fixture.now());
      assertThat(fixture.lanes.hasRoom()).isTrue();
    }
  }

  @Nested
  class Failing {

    @Test
    void retriesForEverWithTheDefaultsOfAws() {
      LanesFixture fixture = new LanesFixture(AWS);
      fixture.arrive(1, 2);
      for (int i = 0; i < 200; i++) {
        assertThat(fixture.callEnds(failure())).containsExactly(1, 2);
      }
      assertThat(fixture.checkpoint()).isEmpty();
      assertThat(fixture.callEnds(OK)).containsExactly(1, 2);
      assertThat(fixture.checkpoint()).hasValue(2L);
    }

    @Test
    void waitsLongerWithEachFailure() {
      LanesFixture fixture = new LanesFixture(AWS);
      fixture.arrive(1);
      fixture.callEnds(failure());
      assertThat(fixture.steps()).isEmpty();
      long first = fixture.lanes.wakeUpNanos(fixture.now()).orElseThrow();
      fixture.callEnds(failure());
      assertThat(fixture.lanes.wakeUpNanos(fixture.now())).hasValue(2 * first);
      for (int i = 0; i < 60; i++) {
        fixture.callEnds(failure());
      }
      assertThat(fixture.lanes.wakeUpNanos(fixture.now()))
          .hasValue(Duration.ofSeconds(30).toNanos());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void givesUpWhenTheRetriesAreExhausted(int retries) {
      LanesFixture fixture = new LanesFixture(AWS.withMaximumRetryAttempts(retries));
      fixture.arrive(1, 2);
      for (int i = 0; i <= retries; i++) {
        fixture.callEnds(failure());
      }
      Discard notice = fixture.notice();
      assertThat(notice.condition()).isEqualTo(Discard.Condition.RETRY_ATTEMPTS_EXHAUSTED);
      assertThat(counters(notice.records())).containsExactly(1, 2);
      assertThat(notice.invocations()).isEqualTo(retries + 1);
      assertThat(notice.lastOutcome()).contains(failure());
    }

    @Test
    void advancesPastWhatItGaveUpOnlyWhenTheNoticeIsSent() {
      LanesFixture fixture = new LanesFixture(AWS.withMaximumRetryAttempts(0).withBatchSize(1));
      fixture.arrive(1, 2);
      fixture.callEnds(failure());
      fixture.notice();
      assertThat(fixture.checkpoint()).isEmpty();
      assertThat(fixture.steps()).isEmpty();
      fixture.lanes.reported(0);
      assertThat(fixture.checkpoint()).hasValue(1L);
      assertThat(fixture.callEnds(OK)).containsExactly(2);
      assertThat(fixture.lanes.tally()).isEqualTo(new Tally(2, 0, 1, 1, 1));
    }

    @Test
    void doesNotCountWhatDidNotReachTheFunction() {
      LanesFixture fixture = new LanesFixture(AWS.withMaximumRetryAttempts(1));
      fixture.arrive(1);
      for (int i = 0; i < 20; i++) {
        fixture.callEnds(new Outcome.NotReached("throttled"));
        assertThat(fixture.steps()).isEmpty();
      }
      assertThat(fixture.callEnds(failure())).containsExactly(1);
      assertThat(fixture.callEnds(failure())).containsExactly(1);
      Discard notice = fixture.notice();
      assertThat(notice.condition()).isEqualTo(Discard.Condition.RETRY_ATTEMPTS_EXHAUSTED);
      assertThat(notice.invocations()).isEqualTo(2);
    }

    @Test
    void throttlesEndWithTheAgeOfTheRecords() {
      LanesFixture fixture = new LanesFixture(AWS.withMaximumRecordAgeInSeconds(60));
      fixture.arrive(1);
      fixture.callEnds(new Outcome.NotReached("throttled"));
      fixture.passes(Duration.ofSeconds(61));
      Discard notice = fixture.notice();
      assertThat(notice.condition()).isEqualTo(Discard.Condition.RECORD_AGE_EXCEEDED);
      assertThat(notice.invocations()).isZero();
      assertThat(notice.lastOutcome()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TIMEOUT", "INVALID_RESPONSE", "ERROR"})
    void everyKindOfFailureCounts(Outcome.Kind kind) {
      LanesFixture fixture = new LanesFixture(AWS.withMaximumRetryAttempts(0));
      fixture.arrive(1);
      fixture.callEnds(new Outcome.Failed(kind, "why"));
      assertThat(fixture.notice().condition())
          .isEqualTo(Discard.Condition.RETRY_ATTEMPTS_EXHAUSTED);
    }

    @Test
    void aFailingLaneHoldsOnlyItselfUp() {
      LanesFixture fixture = new LanesFixture(AWS.withParallelizationFactor(2));
      List<String> keys = keys(2);
      fixture.offer(
          List.of(
              record(1, keys.get(0), fixture.nowMillis, 1),
              record(2, keys.get(1), fixture.nowMillis, 1)));
      for (Step step : fixture.steps()) {
        fixture.lanes.completed(step.lane(), step.lane() == 0 ? failure() : OK, fixture.now());
      }
      fixture.offer(
          List.of(
              record(3, keys.get(0), fixture.nowMillis, 1),
              record(4, keys.get(1), fixture.nowMillis, 1)));
      assertThat(counters(fixture.call())).containsExactly(4);
    }
  }

  @Nested
  class PartialFailures {

    private final MappingOptions reporting = AWS.withReportBatchItemFailures(true);

    @Test
    void goOnFromTheLowestRecordThatFailed() {
      LanesFixture fixture = new LanesFixture(reporting);
      fixture.arrive(1, 2, 3, 4, 5);
      fixture.callEnds(failedAt(4, 3, 5));
      assertThat(fixture.checkpoint()).hasValue(2L);
      assertThat(fixture.callEnds(OK)).containsExactly(3, 4, 5);
      assertThat(fixture.checkpoint()).hasValue(5L);
    }

    @Test
    void countAsAnAttempt() {
      LanesFixture fixture = new LanesFixture(reporting.withMaximumRetryAttempts(1));
      fixture.arrive(1, 2, 3);
      fixture.callEnds(failedAt(2));
      fixture.callEnds(failedAt(3));
      assertThat(counters(fixture.notice().records())).containsExactly(3);
      assertThat(fixture.checkpoint()).hasValue(2L);
    }

    @Test
    void anEmptyListIsCompleteSuccess() {
      LanesFixture fixture = new LanesFixture(reporting);
      fixture.arrive(1, 2);
      fixture.callEnds(failedAt());
      assertThat(fixture.checkpoint()).hasValue(2L);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "unknown", "99"})
    void anIdentifierOfNoRecordIsCompleteFailure(String identifier) {
      LanesFixture fixture = new LanesFixture(reporting);
      fixture.arrive(1, 2);
      fixture.callEnds(
          new Outcome.Answered(Arrays.asList(number(2).toString(), identifier), Optional.empty()));
      assertThat(fixture.checkpoint()).isEmpty();
      assertThat(fixture.callEnds(OK)).containsExactly(1, 2);
    }

    @Test
    void areNotLookedAtUnlessTheMappingSaysSo() {
      LanesFixture fixture = new LanesFixture(AWS);
      fixture.arrive(1, 2);
      fixture.callEnds(failedAt(1));
      assertThat(fixture.checkpoint()).hasValue(2L);
    }
  }

  @Nested
  class Bisecting {

    private final MappingOptions bisecting =
        AWS.withBisectBatchOnFunctionError(true).withMaximumRetryAttempts(0);

    @Test
    void halvesWhatFailedFirstHalfFirst() {
      LanesFixture fixture = new LanesFixture(bisecting);
      fixture.arrive(1, 2, 3, 4, 5);
      fixture.callEnds(failure());
      assertThat(fixture.callEnds(OK)).containsExactly(1, 2);
      assertThat(fixture.callEnds(OK)).containsExactly(3, 4, 5);
    }

    @Test
    void consumesNoRetriesAndLeavesTheBadRecordAlone() {
      LanesFixture fixture = new LanesFixture(bisecting);
      fixture.arrive(1, 2, 3, 4);
      assertThat(fixture.callEnds(failure())).containsExactly(1, 2, 3, 4);
      assertThat(fixture.callEnds(OK)).containsExactly(1, 2);
      assertThat(fixture.callEnds(failure())).containsExactly(3, 4);
      assertThat(fixture.callEnds(failure())).containsExactly(3);
      Discard notice = fixture.notice();
      assertThat(counters(notice.records())).containsExactly(3);
      assertThat(notice.invocations()).isEqualTo(3);
      fixture.lanes.reported(0);
      assertThat(fixture.callEnds(OK)).containsExactly(4);
      assertThat(fixture.checkpoint()).hasValue(4L);
    }

    @Test
    void splitsAtTheReportedNumberAndRetriesOnlyTheRest() {
      LanesFixture fixture = new LanesFixture(bisecting.withReportBatchItemFailures(true));
      fixture.arrive(1, 2, 3, 4);
      fixture.callEnds(failedAt(3));
      assertThat(fixture.checkpoint()).hasValue(2L);
      assertThat(fixture.callEnds(failedAt(3))).containsExactly(3, 4);
      assertThat(fixture.callEnds(failedAt(3))).containsExactly(3);
      assertThat(counters(fixture.notice().records())).containsExactly(3);
    }

    @Test
    void cannotSplitABatchOfOne() {
      LanesFixture fixture = new LanesFixture(bisecting.withMaximumRetryAttempts(1));
      fixture.arrive(1);
      assertThat(fixture.callEnds(failure())).containsExactly(1);
      assertThat(fixture.callEnds(failure())).containsExactly(1);
      assertThat(counters(fixture.notice().records())).containsExactly(1);
    }
  }

  @Nested
  class Ageing {

    @Test
    void recordsThatAreTooOldAreGivenUpBeforeACall() {
      LanesFixture fixture = new LanesFixture(AWS.withMaximumRecordAgeInSeconds(60));
      fixture.offer(
          List.of(
              record(1, "key", fixture.nowMillis - 60_001, 1),
              record(2, "key", fixture.nowMillis - 60_000, 1)));
      assertThat(counters(fixture.notice().records())).containsExactly(1);
      fixture.lanes.reported(0);
      assertThat(counters(fixture.call())).containsExactly(2);
    }

    @Test
    void recordsAgeWhileTheyAreRetried() {
      LanesFixture fixture = new LanesFixture(AWS.withMaximumRecordAgeInSeconds(60));
      fixture.arrive(1);
      fixture.passes(Duration.ofSeconds(30));
      fixture.arrive(2);
      fixture.callEnds(failure());
      fixture.passes(Duration.ofSeconds(31));
      assertThat(counters(fixture.notice().records())).containsExactly(1);
    }

    @Test
    void withoutALimitRecordsAreGivenUpWhenTheyExpire() {
      LanesFixture fixture = new LanesFixture(AWS);
      fixture.arrive(1);
      fixture.callEnds(failure());
      fixture.horizonMillis = fixture.nowMillis + 1;
      fixture.waitUntilItWants();
      assertThat(fixture.notice().condition()).isEqualTo(Discard.Condition.RECORD_AGE_EXCEEDED);
    }
  }

  @Nested
  class Lanes {

    @Test
    void areChosenByTheChecksumOfTheKey() {
      // CRC-32 of "123456789" is cbf43926, of any implementation.
      assertThat(new LaneRule(10).laneOf("123456789")).isEqualTo((int) (0xcbf43926L % 10));
      assertThat(new LaneRule(7).laneOf("123456789")).isEqualTo((int) (0xcbf43926L % 7));
      assertThat(new LaneRule(1).laneOf("anything")).isZero();
    }

    @Test
    void haveOneCallAtATimeEach() {
      LanesFixture fixture = new LanesFixture(AWS.withParallelizationFactor(10).withBatchSize(1));
      List<String> keys = keys(10);
      fixture.offer(
          IntStream.range(0, 30)
              .mapToObj(i -> record(i + 1, keys.get(i % 10), fixture.nowMillis, 1))
              .toList());
      assertThat(fixture.steps()).extracting(Step::lane).containsExactlyElementsOf(tens());
      assertThat(fixture.steps()).isEmpty();
    }

    private List<Integer> tens() {
      return IntStream.range(0, 10).boxed().toList();
    }

    @Test
    void checkpointBelowTheFirstUnfinishedRecordOfAny() {
      LanesFixture fixture = new LanesFixture(AWS.withParallelizationFactor(2));
      List<String> keys = keys(2);
      fixture.offer(
          List.of(
              record(1, keys.get(0), fixture.nowMillis, 1),
              record(2, keys.get(1), fixture.nowMillis, 1),
              record(3, keys.get(0), fixture.nowMillis, 1),
              record(4, keys.get(1), fixture.nowMillis, 1)));
      fixture.steps();
      fixture.lanes.completed(1, OK, fixture.now());
      assertThat(fixture.checkpoint()).isEmpty();
      fixture.lanes.completed(0, OK, fixture.now());
      assertThat(fixture.checkpoint()).hasValue(4L);
    }

    @Test
    void rememberWhatIsFinishedAboveTheCheckpoint() {
      MappingOptions two = AWS.withParallelizationFactor(2);
      LanesFixture before = new LanesFixture(two);
      List<String> keys = keys(2);
      List<Record> records =
          List.of(
              record(1, keys.get(0), before.nowMillis, 1),
              record(2, keys.get(1), before.nowMillis, 1));
      before.offer(records);
      before.steps();
      before.lanes.completed(1, OK, before.now());
      LanesState stored = before.lanes.state();
      assertThat(stored.layouts())
          .containsExactly(new Layout(2, new TreeMap<>(Map.of(1, number(2)))));
      for (int factor = 1; factor <= 10; factor++) {
        LanesFixture after =
            new LanesFixture(two.withParallelizationFactor(factor), stored, record -> true);
        after.offer(records);
        assertThat(after.callEnds(OK)).containsExactly(1);
        assertThat(after.checkpoint()).hasValue(2L);
        assertThat(after.lanes.state()).isEqualTo(LanesState.EMPTY);
      }
    }

    @Test
    void theCheckpointFollowsWhatTheReaderHasPassed() {
      LanesFixture fixture = new LanesFixture(AWS);
      fixture.lanes.offer(
          new ShardRecords(LanesFixture.SHARD, List.of(), Optional.of(number(7)), 0, List.of()),
          fixture.now());
      assertThat(fixture.checkpoint()).hasValue(7L);
    }

    @Test
    void beginNothingOnceTheyAreStopped() {
      LanesFixture fixture = new LanesFixture(AWS.withBatchSize(1));
      fixture.arrive(1, 2);
      Step.Invoke running = fixture.call();
      fixture.lanes.stop();
      assertThat(fixture.lanes.isQuiet()).isFalse();
      fixture.lanes.completed(running.lane(), OK, fixture.now());
      assertThat(fixture.lanes.isQuiet()).isTrue();
      assertThat(fixture.steps()).isEmpty();
      assertThat(fixture.checkpoint()).hasValue(1L);
    }

    @Test
    void holdFewTicketsForManyFilteredRecords() {
      CheckpointTracker tracker = new CheckpointTracker();
      CheckpointTracker.Ticket blocked = tracker.open(number(1));
      for (int i = 2; i < 1000; i++) {
        tracker.pass(number(i));
      }
      assertThat(tracker.checkpoint()).isEmpty();
      tracker.finish(blocked);
      assertThat(tracker.checkpoint()).contains(number(999));
    }
  }
}
