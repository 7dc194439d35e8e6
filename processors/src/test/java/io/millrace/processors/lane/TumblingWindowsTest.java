package io.millrace.processors.lane;

import static io.millrace.processors.lane.LanesFixture.START;
import static io.millrace.processors.lane.LanesFixture.counters;
import static io.millrace.processors.lane.LanesFixture.failure;
import static io.millrace.processors.lane.LanesFixture.keys;
import static io.millrace.processors.lane.LanesFixture.number;
import static io.millrace.processors.lane.LanesFixture.record;
import static io.millrace.processors.lane.LanesFixture.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Payload;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.lane.Invocation.WindowCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TumblingWindowsTest {

  private static final MappingOptions MINUTES =
      MappingOptions.awsDefaults().withTumblingWindowInSeconds(60);
  private static final TumblingWindow FIRST = new TumblingWindow(START, START + 60_000);

  private static WindowCall window(Step.Invoke call) {
    return call.invocation().window().orElseThrow();
  }

  private static WindowCall window(Step step) {
    return window((Step.Invoke) step);
  }

  @Test
  void areCutByArrival() {
    assertThat(TumblingWindow.of(START + 59_999, 60)).isEqualTo(FIRST);
    assertThat(TumblingWindow.of(START + 60_000, 60).startMillis()).isEqualTo(FIRST.endMillis());
  }

  @Test
  void passStateFromCallToCall() {
    LanesFixture fixture = new LanesFixture(MINUTES);
    fixture.arrive(1);
    assertThat(window(fixture.call()))
        .isEqualTo(new WindowCall(new OpenWindow(FIRST, Payload.utf8("{}")), false, false));
    fixture.lanes.completed(0, state("{\"sum\":1}"), fixture.now());
    fixture.arrive(2);
    assertThat(window(fixture.call()).open().state()).isEqualTo(Payload.utf8("{\"sum\":1}"));
  }

  @Test
  void endWithOneFinalCallAndBeginEmpty() {
    LanesFixture fixture = new LanesFixture(MINUTES);
    fixture.arrive(1);
    fixture.callEnds(state("{\"sum\":1}"));
    fixture.passes(Duration.ofSeconds(60));
    fixture.arrive(2);
    Step.Invoke last = fixture.call();
    assertThat(window(last))
        .isEqualTo(new WindowCall(new OpenWindow(FIRST, Payload.utf8("{\"sum\":1}")), true, false));
    assertThat(last.invocation().records()).isEmpty();
    fixture.lanes.completed(0, Outcome.success(), fixture.now());
    Step.Invoke next = fixture.call();
    assertThat(counters(next)).containsExactly(2);
    assertThat(window(next).open().state()).isEqualTo(Payload.utf8("{}"));
    assertThat(window(next).open().window().startMillis()).isEqualTo(FIRST.endMillis());
  }

  @Test
  void doNotMixInABatch() {
    LanesFixture fixture = new LanesFixture(MINUTES);
    fixture.offer(
        List.of(
            record(1, "key", START + 59_000, 1),
            record(2, "key", START + 59_999, 1),
            record(3, "key", START + 60_000, 1)));
    assertThat(fixture.callEnds(state("{}"))).containsExactly(1, 2);
    assertThat(fixture.callEnds(Outcome.success())).isEmpty();
    assertThat(fixture.callEnds(state("{}"))).containsExactly(3);
  }

  @Test
  void endOnAQuietShardWhenTheirTimeHasPassed() {
    LanesFixture fixture = new LanesFixture(MINUTES);
    fixture.arrive(1);
    fixture.callEnds(state("{}"));
    assertThat(fixture.steps()).isEmpty();
    fixture.waitUntilItWants();
    assertThat(fixture.nowMillis).isGreaterThanOrEqualTo(FIRST.endMillis());
    assertThat(window(fixture.call()).isFinal()).isTrue();
  }

  @Test
  void endAtTheShardsEnd() {
    LanesFixture fixture = new LanesFixture(MINUTES);
    fixture.arrive(1);
    fixture.callEnds(state("{}"));
    fixture.shardEnds();
    assertThat(fixture.lanes.isFinished()).isFalse();
    assertThat(window(fixture.call()).isFinal()).isTrue();
    fixture.lanes.completed(0, Outcome.success(), fixture.now());
    assertThat(fixture.lanes.isFinished()).isTrue();
  }

  @Test
  void aCallWithoutStateHasFailed() {
    LanesFixture fixture = new LanesFixture(MINUTES.withMaximumRetryAttempts(0));
    fixture.arrive(1);
    fixture.callEnds(Outcome.success());
    assertThat(fixture.notice().lastOutcome())
        .hasValueSatisfying(
            outcome ->
                assertThat(outcome)
                    .isEqualTo(
                        new Outcome.Failed(
                            Outcome.Kind.INVALID_RESPONSE,
                            "The response has no state, as that of a window must.")));
  }

  @Test
  void keepTheirStateThroughFailures() {
    LanesFixture fixture = new LanesFixture(MINUTES);
    fixture.arrive(1);
    fixture.callEnds(state("{\"sum\":1}"));
    fixture.arrive(2);
    fixture.callEnds(failure());
    fixture.waitUntilItWants();
    assertThat(window(fixture.call()).open().state()).isEqualTo(Payload.utf8("{\"sum\":1}"));
  }

  @Test
  void takeTheStateOfPartialSuccess() {
    LanesFixture fixture = new LanesFixture(MINUTES.withReportBatchItemFailures(true));
    fixture.arrive(1, 2);
    fixture.callEnds(
        new Outcome.Answered(
            List.of(number(2).toString()), Optional.of(Payload.utf8("{\"sum\":1}"))));
    fixture.waitUntilItWants();
    Step.Invoke call = fixture.call();
    assertThat(counters(call)).containsExactly(2);
    assertThat(window(call).open().state()).isEqualTo(Payload.utf8("{\"sum\":1}"));
  }

  @Test
  void endEarlyWhenTheirStateIsTooLarge() {
    LanesFixture fixture = new LanesFixture(MINUTES);
    String large = "{\"x\":\"" + "y".repeat(ShardLanes.MAX_STATE_BYTES) + "\"}";
    fixture.arrive(1);
    fixture.callEnds(state(large));
    assertThat(fixture.checkpoint()).isEmpty();
    Step.Invoke last = fixture.call();
    assertThat(window(last))
        .isEqualTo(new WindowCall(new OpenWindow(FIRST, Payload.utf8(large)), true, true));
    fixture.lanes.completed(0, Outcome.success(), fixture.now());
    assertThat(fixture.checkpoint()).hasValue(1L);
    fixture.arrive(2);
    assertThat(window(fixture.call()).open()).isEqualTo(OpenWindow.of(FIRST));
  }

  @Test
  void finalCallsAreRetriedAndGivenUpLikeOthers() {
    LanesFixture fixture = new LanesFixture(MINUTES.withMaximumRetryAttempts(1));
    fixture.arrive(1);
    fixture.callEnds(state("{}"));
    fixture.shardEnds();
    fixture.callEnds(failure());
    fixture.callEnds(failure());
    Discard notice = fixture.notice();
    assertThat(notice.records()).isEmpty();
    assertThat(notice.invocations()).isEqualTo(2);
    fixture.lanes.reported(0);
    assertThat(fixture.lanes.isFinished()).isTrue();
  }

  @Test
  void eachLaneHasItsOwn() {
    LanesFixture fixture = new LanesFixture(MINUTES.withParallelizationFactor(2));
    List<String> keys = keys(2);
    fixture.offer(List.of(record(1, keys.get(0), START, 1), record(2, keys.get(1), START + 1, 1)));
    List<Step> steps = fixture.steps();
    fixture.lanes.completed(0, state("{\"lane\":0}"), fixture.now());
    fixture.lanes.completed(1, state("{\"lane\":1}"), fixture.now());
    assertThat(steps).hasSize(2);
    fixture.shardEnds();
    List<Step> finals = fixture.steps();
    assertThat(window(finals.get(0)).open().state()).isEqualTo(Payload.utf8("{\"lane\":0}"));
    assertThat(window(finals.get(1)).open().state()).isEqualTo(Payload.utf8("{\"lane\":1}"));
  }

  @Test
  void goOnAfterARestart() {
    LanesFixture before = new LanesFixture(MINUTES);
    before.arrive(1);
    before.callEnds(state("{\"sum\":1}"));
    LanesFixture after = new LanesFixture(MINUTES, before.lanes.state(), record -> true);
    after.arrive(2);
    assertThat(window(after.call()).open())
        .isEqualTo(new OpenWindow(FIRST, Payload.utf8("{\"sum\":1}")));
  }

  @Test
  void endEarlyWhenTheLanesOrTheirLengthHaveChanged() {
    LanesFixture before = new LanesFixture(MINUTES);
    before.arrive(1);
    before.callEnds(state("{\"sum\":1}"));
    LanesState stored = before.lanes.state();
    for (MappingOptions changed :
        List.of(
            MINUTES.withParallelizationFactor(3),
            MINUTES.withTumblingWindowInSeconds(30),
            MINUTES.withTumblingWindowInSeconds(0))) {
      LanesFixture after = new LanesFixture(changed, stored, record -> true);
      assertThat(window(after.call()))
          .isEqualTo(
              new WindowCall(new OpenWindow(FIRST, Payload.utf8("{\"sum\":1}")), true, true));
      assertThat(after.lanes.state().windows()).hasSize(1);
      after.lanes.completed(0, Outcome.success(), after.now());
      assertThat(after.lanes.state().windows()).isEmpty();
    }
  }
}
