package io.millrace.engine.stream;

import static io.millrace.engine.stream.StreamStateTest.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.MinimumThroughputBillingCommitmentOutputStatus;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.RegistryEvent.CommitmentEndCancelled;
import io.millrace.engine.stream.RegistryEvent.CommitmentEndScheduled;
import io.millrace.engine.stream.RegistryEvent.CommitmentStarted;
import io.millrace.engine.stream.RegistryEvent.EngineFounded;
import io.millrace.engine.stream.RegistryEvent.StreamErased;
import io.millrace.engine.stream.RegistryEvent.StreamForgotten;
import io.millrace.engine.stream.RegistryEvent.StreamNamed;
import io.millrace.engine.stream.RegistryState.Standing;
import io.millrace.engine.stream.StreamReply.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistryStateTest {

  private static final StreamName A = new StreamName("a");
  private static final StreamName B = new StreamName("b");
  private static final StreamSettings.Quotas QUOTAS = new StreamSettings.Quotas(5, 10, 2);
  private static final StreamParameters TWO = StreamParameters.provisioned(2);
  private static final WarmThroughputRule COMMITTED = new WarmThroughputRule(true, 100);
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final EngineFounded FOUNDED = new EngineFounded("id", Payload.of(new byte[32]), 0);

  private final Map<StreamName, Standing> standings = new HashMap<>();

  @Test
  void isFoundedOnce() {
    assertThat(given().found(FOUNDED)).isEqualTo(Decision.happens(FOUNDED));
    assertThat(given(FOUNDED).found(new EngineFounded("other", Payload.EMPTY, 0)))
        .isEqualTo(Decision.stands());
  }

  @Test
  void givesEachNamingAGreaterIncarnationThoughTheNameWasForgotten() {
    RegistryState state =
        given(
            FOUNDED, new StreamNamed(A, 1, TWO), new StreamForgotten(A, 1), new StreamErased(A, 1));

    assertThat(name(state, A, TWO)).isEqualTo(Decision.happens(new StreamNamed(A, 2, TWO)));
  }

  @Test
  void refusesATakenNameBeforeAnythingElse() {
    RegistryState state = given(FOUNDED, new StreamNamed(A, 1, TWO));

    assertThat(refusal(name(state, A, StreamParameters.provisioned(0))))
        .isEqualTo(Kind.RESOURCE_IN_USE);
  }

  @Test
  void refusesBadParameters() {
    assertThat(refusal(name(given(FOUNDED), A, StreamParameters.provisioned(0))))
        .isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(
            refusal(
                name(given(FOUNDED), A, new StreamParameters(StreamMode.PROVISIONED, 1, 1023, 0))))
        .isEqualTo(Kind.VALIDATION);
    assertThat(
            refusal(
                name(given(FOUNDED), A, new StreamParameters(StreamMode.ON_DEMAND, 1, 10_241, 0))))
        .isEqualTo(Kind.VALIDATION);
  }

  @Test
  void countsAStreamThatHasNotSpokenAsCreatingWithTheShardsAskedFor() {
    RegistryState state = given(FOUNDED, new StreamNamed(A, 1, TWO), new StreamNamed(B, 2, TWO));
    standings.put(A, new Standing(1, StreamStatus.ACTIVE, StreamMode.PROVISIONED, 7));

    assertThat(state.use(standings, QUOTAS)).isEqualTo(new AccountUse(1, 9, 0, QUOTAS));
  }

  @Test
  void allowsExactlyTheQuotaOfOpenShards() {
    RegistryState state = given(FOUNDED, new StreamNamed(A, 1, TWO));
    standings.put(A, new Standing(1, StreamStatus.ACTIVE, StreamMode.PROVISIONED, 7));

    assertThat(name(state, B, StreamParameters.provisioned(3)))
        .isInstanceOf(Decision.Happens.class);
    assertThat(refusal(name(state, B, StreamParameters.provisioned(4))))
        .isEqualTo(Kind.LIMIT_EXCEEDED);
    assertThat(refusal(name(state, B, StreamParameters.provisioned(Integer.MAX_VALUE))))
        .isEqualTo(Kind.LIMIT_EXCEEDED);
  }

  @Test
  void countsOnDemandStreamsByThemselvesAndNotTheirShards() {
    RegistryState state =
        given(
            FOUNDED,
            new StreamNamed(A, 1, StreamParameters.onDemand()),
            new StreamNamed(B, 2, StreamParameters.onDemand()));
    StreamName c = new StreamName("c");

    assertThat(state.use(standings, QUOTAS).openShards()).isZero();
    assertThat(refusal(name(state, c, StreamParameters.onDemand()))).isEqualTo(Kind.LIMIT_EXCEEDED);
    assertThat(name(state, c, StreamParameters.provisioned(10)))
        .isInstanceOf(Decision.Happens.class);
  }

  @Test
  void allowsFiveStreamsToBeCreatedAtOnce() {
    RegistryState state = given(FOUNDED);
    for (int i = 1; i <= 5; i++) {
      StreamName name = new StreamName("s" + i);
      assertThat(name(state, name, StreamParameters.provisioned(1)))
          .isInstanceOf(Decision.Happens.class);
      state = state.apply(new StreamNamed(name, i, StreamParameters.provisioned(1)));
    }

    assertThat(refusal(name(state, A, StreamParameters.provisioned(1)))).isEqualTo(Kind.THROTTLED);
    standings.put(
        new StreamName("s1"), new Standing(1, StreamStatus.DELETING, StreamMode.PROVISIONED, 1));
    assertThat(name(state, A, StreamParameters.provisioned(1)))
        .isInstanceOf(Decision.Happens.class);
  }

  @Test
  void forgetsOnlyTheLifeThatIsMeant() {
    RegistryState state = given(FOUNDED, new StreamNamed(A, 1, TWO));

    assertThat(state.forget(A, 2)).isEqualTo(Decision.stands());
    assertThat(state.forget(B, 1)).isEqualTo(Decision.stands());
    assertThat(state.forget(A, 1)).isEqualTo(Decision.happens(new StreamForgotten(A, 1)));
  }

  @Test
  void remembersWhatIsToBeErasedUntilItIs() {
    RegistryState state = given(FOUNDED, new StreamNamed(A, 1, TWO), new StreamForgotten(A, 1));
    Remains remains = new Remains(A, 1);

    assertThat(state.streams()).isEmpty();
    assertThat(state.remains()).containsExactly(remains);
    assertThat(state.erased(remains)).isEqualTo(Decision.happens(new StreamErased(A, 1)));
    RegistryState erased = state.apply(new StreamErased(A, 1));
    assertThat(erased.remains()).isEmpty();
    assertThat(erased.erased(remains)).isEqualTo(Decision.stands());
  }

  @Test
  void warmsAStreamOnlyWithTheCommitmentAndWithinTheLimit() {
    StreamParameters most = new StreamParameters(StreamMode.ON_DEMAND, 0, 1024, 100);
    StreamParameters more = new StreamParameters(StreamMode.ON_DEMAND, 0, 1024, 101);
    AccountUse use = given(FOUNDED).use(standings, QUOTAS);
    WarmThroughputRule uncommitted = new WarmThroughputRule(false, 100);

    assertThat(name(given(FOUNDED), A, most))
        .isEqualTo(Decision.happens(new StreamNamed(A, 1, most)));
    assertThat(refusal(name(given(FOUNDED), A, more))).isEqualTo(Kind.LIMIT_EXCEEDED);
    assertThat(refusal(given(FOUNDED).name(A, most, use, uncommitted)))
        .isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(given(FOUNDED).name(A, StreamParameters.onDemand(), use, uncommitted))
        .isInstanceOf(Decision.Happens.class);
  }

  @Test
  void commitsItselfOnce() {
    assertThat(given(FOUNDED).commit(5)).isEqualTo(Decision.happens(new CommitmentStarted(5)));
    assertThat(given(FOUNDED, new CommitmentStarted(5)).commit(6)).isEqualTo(Decision.stands());
    assertThat(given(FOUNDED).endCommitment(5)).isEqualTo(Decision.stands());
  }

  @Test
  void endsACommitmentAfterADayAtTheEarliest() {
    RegistryState committed = given(FOUNDED, new CommitmentStarted(5));

    assertThat(committed.endCommitment(6))
        .isEqualTo(Decision.happens(new CommitmentEndScheduled(5 + DAY)));
    assertThat(committed.endCommitment(4 + DAY))
        .isEqualTo(Decision.happens(new CommitmentEndScheduled(5 + DAY)));
    assertThat(committed.endCommitment(6 + DAY))
        .isEqualTo(Decision.happens(new CommitmentEndScheduled(6 + DAY)));
  }

  @Test
  void keepsACommitmentUntilItsEndIsReached() {
    RegistryState ending =
        given(FOUNDED, new CommitmentStarted(5), new CommitmentEndScheduled(5 + DAY));

    assertThat(ending.commitment().status(4 + DAY))
        .isEqualTo(
            MinimumThroughputBillingCommitmentOutputStatus.ENABLED_UNTIL_EARLIEST_ALLOWED_END);
    assertThat(ending.endCommitment(4 + DAY)).isEqualTo(Decision.stands());
    assertThat(ending.commit(4 + DAY)).isEqualTo(Decision.happens(new CommitmentEndCancelled()));
    assertThat(ending.apply(new CommitmentEndCancelled()))
        .isEqualTo(given(FOUNDED, new CommitmentStarted(5)));
    assertThat(ending.commitment().status(5 + DAY))
        .isEqualTo(MinimumThroughputBillingCommitmentOutputStatus.DISABLED);
    assertThat(ending.commit(5 + DAY)).isEqualTo(Decision.happens(new CommitmentStarted(5 + DAY)));
  }

  private Decision<RegistryEvent> name(
      RegistryState state, StreamName name, StreamParameters parameters) {
    return state.name(name, parameters, state.use(standings, QUOTAS), COMMITTED);
  }

  private static RegistryState given(RegistryEvent... events) {
    RegistryState state = RegistryState.EMPTY;
    for (RegistryEvent event : events) {
      state = state.apply(event);
    }
    return state;
  }
}
