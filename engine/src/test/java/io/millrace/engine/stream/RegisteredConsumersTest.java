package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.StreamEvent.ConsumerActivated;
import io.millrace.engine.stream.StreamEvent.ConsumerDeregistered;
import io.millrace.engine.stream.StreamEvent.ConsumerRegistered;
import io.millrace.engine.stream.StreamEvent.ConsumerRemoved;
import io.millrace.engine.stream.StreamEvent.DeletionStarted;
import io.millrace.engine.stream.StreamEvent.StreamActivated;
import io.millrace.engine.stream.StreamEvent.StreamCreated;
import io.millrace.engine.stream.StreamEvent.StreamDeleted;
import io.millrace.engine.stream.StreamReply.Kind;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RegisteredConsumersTest {

  private static final long NOW = 1_700_000_000_999L;
  private static final ConsumerName AUDIT = new ConsumerName("audit");
  private static final ConsumerName SHIP = new ConsumerName("ship");
  private static final ConsumerQuota QUOTA = new ConsumerQuota(20, 5);
  private static final StreamEvent CREATION =
      new StreamCreated(StreamMode.PROVISIONED, NOW, NOW / 1000, HashKeyRange.uniform(1), 24, 1024);

  @Test
  void registersAConsumerThatIsCreating() {
    StreamState before = active();
    assertThat(register(before, AUDIT, NOW)).isEqualTo(registered(AUDIT));

    StreamState after = active(new ConsumerRegistered(AUDIT, NOW));

    assertThat(after.view("stream-arn", List.of()).consumers())
        .containsExactly(
            new ConsumerView(
                AUDIT, "stream-arn/consumer/audit:1700000000", ConsumerStatus.CREATING, NOW));
  }

  @Test
  void goesFromCreatingOverActiveAndDeletingToItsEnd() {
    StreamState state = active(new ConsumerRegistered(AUDIT, NOW));
    assertThat(arrive(state)).isEqualTo(Decision.happens(new ConsumerActivated(AUDIT)));
    state = state.apply(new ConsumerActivated(AUDIT));
    assertThat(statuses(state)).containsExactly(ConsumerStatus.ACTIVE);
    assertThat(state.consumers().underWay()).isEmpty();
    assertThat(arrive(state)).isEqualTo(Decision.stands());

    assertThat(deregister(state, AUDIT, NOW))
        .isEqualTo(Decision.happens(new ConsumerDeregistered(AUDIT)));
    state = state.apply(new ConsumerDeregistered(AUDIT));
    assertThat(statuses(state)).containsExactly(ConsumerStatus.DELETING);
    assertThat(deregister(state, AUDIT, NOW)).isEqualTo(Decision.stands());
    assertThat(arrive(state)).isEqualTo(Decision.happens(new ConsumerRemoved(AUDIT)));
    state = state.apply(new ConsumerRemoved(AUDIT));
    assertThat(state.consumers().all()).isEmpty();
  }

  @Test
  void neverActivatesAConsumerThatWasDeregisteredWhileItWasCreating() {
    StreamState creating = active(new ConsumerRegistered(AUDIT, NOW));
    RegisteredConsumer asItWas = creating.consumers().all().get(0);

    StreamState deleting = creating.apply(new ConsumerDeregistered(AUDIT));

    assertThat(deleting.changeConsumers(consumers -> consumers.arrive(asItWas)))
        .isEqualTo(Decision.stands());
  }

  @Test
  void keepsConsumersByName() {
    StreamState state =
        active(
            new ConsumerRegistered(SHIP, NOW),
            new ConsumerRegistered(AUDIT, NOW),
            new ConsumerActivated(SHIP));

    assertThat(state.consumers().all())
        .extracting(RegisteredConsumer::name)
        .containsExactly(AUDIT, SHIP);
    assertThat(statuses(state)).containsExactly(ConsumerStatus.CREATING, ConsumerStatus.ACTIVE);
  }

  @Test
  void refusesANameThatIsTakenWhateverTheStatus() {
    StreamState state = active(new ConsumerRegistered(AUDIT, NOW));
    for (StreamEvent next :
        List.of(new ConsumerActivated(AUDIT), new ConsumerDeregistered(AUDIT))) {
      assertThat(refusal(register(state, AUDIT, NOW))).isEqualTo(Kind.RESOURCE_IN_USE);
      state = state.apply(next);
    }
    assertThat(refusal(register(state, AUDIT, NOW))).isEqualTo(Kind.RESOURCE_IN_USE);
    assertThat(register(state.apply(new ConsumerRemoved(AUDIT)), AUDIT, NOW + 1000).events())
        .containsExactly(new ConsumerRegistered(AUDIT, NOW + 1000));
  }

  @Test
  void neverGivesTheArnOfARemovedConsumerAgain() {
    StreamState state = active();
    long clock = NOW;
    for (int life = 0; life < 5; life++) {
      ConsumerRegistered next = (ConsumerRegistered) register(state, AUDIT, clock).events().get(0);
      state = state.apply(next);
      assertThat(state.consumers().all().get(0).createdSeconds()).isEqualTo(NOW / 1000 + life);
      state = state.apply(new ConsumerDeregistered(AUDIT)).apply(new ConsumerRemoved(AUDIT));
      // Not even a clock that was set back repeats one.
      clock -= Duration.ofHours(1).toMillis();
    }
  }

  @Test
  void allowsAsManyAsTheQuotaSays() {
    StreamState creating = active(registrations(5));
    assertThat(refusal(register(creating, AUDIT, NOW))).isEqualTo(Kind.THROTTLED);
    StreamState oneActive = creating.apply(new ConsumerActivated(consumer(0)));
    assertThat(register(oneActive, AUDIT, NOW)).isEqualTo(registered(AUDIT));

    StreamState full = active(registrations(20));
    assertThat(refusal(register(full, AUDIT, NOW))).isEqualTo(Kind.LIMIT_EXCEEDED);
    // Until it is gone, a consumer counts.
    StreamState leaving = full.apply(new ConsumerDeregistered(consumer(0)));
    assertThat(refusal(register(leaving, AUDIT, NOW))).isEqualTo(Kind.LIMIT_EXCEEDED);
    StreamState left = leaving.apply(new ConsumerRemoved(consumer(0)));
    assertThat(refusal(register(left, AUDIT, NOW))).isEqualTo(Kind.THROTTLED);
  }

  @Test
  void allowsMoreOnDemandWithTheCommitment() {
    ConsumerSettings settings = new ConsumerSettings(Duration.ZERO, 20, 50, 5);

    assertThat(settings.quota(StreamMode.ON_DEMAND, true)).isEqualTo(new ConsumerQuota(50, 5));
    assertThat(settings.quota(StreamMode.ON_DEMAND, false)).isEqualTo(new ConsumerQuota(20, 5));
    assertThat(settings.quota(StreamMode.PROVISIONED, true)).isEqualTo(new ConsumerQuota(20, 5));
  }

  @Test
  void deregistersOnlyTheConsumerThatIsMeant() {
    StreamState state = active(new ConsumerRegistered(AUDIT, NOW));

    assertThat(refusal(deregister(state, SHIP, NOW))).isEqualTo(Kind.RESOURCE_NOT_FOUND);
    assertThat(refusal(deregister(state, AUDIT, NOW - 1000))).isEqualTo(Kind.RESOURCE_NOT_FOUND);
  }

  @Test
  void leavesConsumersAsTheyAreBeforeAndAfterTheStreamsTime() {
    StreamState creating = unborn().apply(CREATION);
    assertThat(refusal(register(creating, AUDIT, NOW))).isEqualTo(Kind.RESOURCE_IN_USE);
    StreamState deleting = active(new ConsumerRegistered(AUDIT, NOW), new DeletionStarted());
    assertThat(refusal(register(deleting, SHIP, NOW))).isEqualTo(Kind.RESOURCE_IN_USE);
    assertThat(refusal(deregister(deleting, AUDIT, NOW))).isEqualTo(Kind.RESOURCE_IN_USE);
    assertThat(refusal(arrive(deleting))).isEqualTo(Kind.RESOURCE_IN_USE);
  }

  @Test
  void goWithTheirStream() {
    StreamState state = active(new ConsumerRegistered(AUDIT, NOW), new ConsumerActivated(AUDIT));
    assertThat(refusal(state.delete(false))).isEqualTo(Kind.RESOURCE_IN_USE);
    assertThat(state.delete(true)).isEqualTo(Decision.happens(new DeletionStarted()));

    StreamState deleting = state.apply(new DeletionStarted());
    assertThat(statuses(deleting)).containsExactly(ConsumerStatus.DELETING);
    assertThat(deleting.apply(new StreamDeleted()).consumers().all()).isEmpty();
  }

  @Test
  void keepNoStreamOnceTheyAreGone() {
    StreamState leaving =
        active(new ConsumerRegistered(AUDIT, NOW), new ConsumerDeregistered(AUDIT));
    assertThat(refusal(leaving.delete(false))).isEqualTo(Kind.RESOURCE_IN_USE);

    assertThat(leaving.apply(new ConsumerRemoved(AUDIT)).delete(false))
        .isEqualTo(Decision.happens(new DeletionStarted()));
  }

  private static StreamState unborn() {
    return StreamState.unborn(new StreamName("orders"), 7);
  }

  private static StreamState active(StreamEvent... events) {
    return unborn().apply(List.of(CREATION, new StreamActivated())).apply(List.of(events));
  }

  private static StreamEvent[] registrations(int count) {
    return IntStream.range(0, count)
        .mapToObj(index -> new ConsumerRegistered(consumer(index), NOW))
        .toArray(StreamEvent[]::new);
  }

  private static ConsumerName consumer(int index) {
    return new ConsumerName("consumer-" + index);
  }

  private static Decision<StreamEvent> register(
      StreamState state, ConsumerName name, long nowMillis) {
    RegisteredConsumer fresh = state.consumers().fresh(name, nowMillis);
    return state.changeConsumers(consumers -> consumers.register(fresh, QUOTA));
  }

  private static Decision<StreamEvent> registered(ConsumerName name) {
    return Decision.happens(new ConsumerRegistered(name, NOW));
  }

  private static Decision<StreamEvent> deregister(
      StreamState state, ConsumerName name, long createdMillis) {
    return state.changeConsumers(consumers -> consumers.deregister(name, createdMillis));
  }

  private static Decision<StreamEvent> arrive(StreamState state) {
    RegisteredConsumer only = state.consumers().all().get(0);
    return state.changeConsumers(consumers -> consumers.arrive(only));
  }

  private static List<ConsumerStatus> statuses(StreamState state) {
    return state.consumers().all().stream().map(RegisteredConsumer::status).toList();
  }

  private static Kind refusal(Decision<?> decision) {
    return StreamStateTest.refusal(decision);
  }
}
