package io.millrace.engine.coordinator;

import static io.millrace.engine.coordinator.CoordinatorForms.ALICE;
import static io.millrace.engine.coordinator.CoordinatorForms.NUMBER;
import static io.millrace.engine.coordinator.CoordinatorForms.ONE;
import static io.millrace.engine.coordinator.CoordinatorForms.ORDERS;
import static io.millrace.engine.coordinator.CoordinatorForms.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.coordinator.CoordinatorEvent.ApplicationBound;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointPrepared;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned.Assigned;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated.Created;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoints;
import io.millrace.engine.coordinator.CoordinatorMessage.Done;
import io.millrace.engine.coordinator.CoordinatorMessage.Refused;
import io.millrace.engine.coordinator.CoordinatorState.Denied;
import io.millrace.engine.coordinator.CoordinatorState.Stands;
import io.millrace.engine.coordinator.CoordinatorState.Verdict;
import io.millrace.engine.coordinator.CoordinatorState.Write;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoordinatorStateTest {

  private static final WorkerIdentity BOB = new WorkerIdentity("bob", "s");
  private static final CheckpointPosition FIRST = CheckpointPosition.after(NUMBER, 1);
  private static final CheckpointPosition SECOND = CheckpointPosition.after(NUMBER);

  /** Alice has shard 0 under epoch 1. */
  private final CoordinatorState state =
      CoordinatorState.EMPTY.applyAll(
          List.of(
              new ApplicationBound(ORDERS, 1, CheckpointPosition.TRIM_HORIZON),
              new LeasesCreated(
                  List.of(new Created(ZERO, List.of(), CheckpointPosition.TRIM_HORIZON))),
              new LeasesAssigned(List.of(new Assigned(ZERO, ALICE, 1)))));

  private static Verdict judge(
      CoordinatorState state, WorkerIdentity worker, long epoch, CheckpointPosition position) {
    return state.checkpoint(worker, ZERO, epoch, position, Optional.empty(), false);
  }

  private static CoordinatorState written(CoordinatorState state, CheckpointPosition position) {
    Verdict verdict = state.checkpoint(ALICE, ZERO, 1, position, Optional.empty(), true);
    return state.apply(
        new CoordinatorEvent.CheckpointsWritten(List.of(((Write) verdict).written())));
  }

  private static void assertDenied(Refused.Kind kind, Verdict verdict) {
    assertThat(verdict).isInstanceOf(Denied.class);
    assertThat(((Denied) verdict).refusal().kind()).isEqualTo(kind);
  }

  @Test
  void onlyTheNewestOwnershipCheckpoints() {
    assertThat(judge(state, ALICE, 1, FIRST)).isInstanceOf(Write.class);
    assertDenied(Refused.Kind.LEASE_LOST, judge(state, BOB, 1, FIRST));
    CoordinatorState again = state.apply(new LeasesAssigned(List.of(new Assigned(ZERO, ALICE, 2))));
    assertDenied(Refused.Kind.LEASE_LOST, judge(again, ALICE, 1, FIRST));
    assertThat(judge(again, ALICE, 2, FIRST)).isInstanceOf(Write.class);
    CoordinatorState released =
        state.apply(
            new CoordinatorEvent.LeasesReleased(
                List.of(ZERO), CoordinatorEvent.LeasesReleased.Cause.GIVEN_UP));
    assertDenied(Refused.Kind.LEASE_LOST, judge(released, ALICE, 1, FIRST));
  }

  @Test
  void checkpointsNeverGoBack() {
    CoordinatorState second = written(state, SECOND);
    assertDenied(Refused.Kind.INVALID, judge(second, ALICE, 1, FIRST));
    assertDenied(Refused.Kind.INVALID, judge(second, ALICE, 1, CheckpointPosition.TRIM_HORIZON));
    assertThat(judge(second, ALICE, 1, SECOND)).isEqualTo(Stands.STANDS);
    assertThat(judge(state, ALICE, 1, CheckpointPosition.TRIM_HORIZON)).isEqualTo(Stands.STANDS);
    assertDenied(Refused.Kind.INVALID, judge(state, ALICE, 1, CheckpointPosition.LATEST));
  }

  @Test
  void refusesNumbersOfOtherShardsAndStatesThatAreTooLarge() {
    CheckpointPosition foreign = CheckpointPosition.after(SequenceNumber.first(1_800_000_000L, 1));
    assertDenied(Refused.Kind.INVALID, judge(state, ALICE, 1, foreign));
    Payload large = Payload.wrap(new byte[CoordinatorState.MAX_STATE_BYTES + 1]);
    assertDenied(
        Refused.Kind.INVALID, state.checkpoint(ALICE, ZERO, 1, FIRST, Optional.of(large), false));
  }

  @Test
  void aShardEndsOnceItIsClosed() {
    assertDenied(Refused.Kind.INVALID, judge(state, ALICE, 1, CheckpointPosition.SHARD_END));
    CoordinatorState ended = written(state, CheckpointPosition.SHARD_END);
    assertThat(ended.leases().get(ZERO).owner()).isEmpty();
    assertThat(ended.leases().get(ZERO).isEnded()).isTrue();
    // The answer was lost, and the owner asks again.
    assertThat(judge(ended, ALICE, 1, CheckpointPosition.SHARD_END)).isEqualTo(Stands.STANDS);
    assertDenied(Refused.Kind.LEASE_LOST, judge(ended, ALICE, 1, SECOND));
  }

  @Test
  void aCheckpointForgetsWhatWasPreparedAndCountsNoSwitches() {
    CoordinatorState prepared =
        state.apply(new CheckpointPrepared(ZERO, SECOND, Payload.utf8("state")));
    assertThat(prepared.leases().get(ZERO).pending()).isPresent();
    assertThat(prepared.leases().get(ZERO).checkpoint()).isEqualTo(CheckpointPosition.TRIM_HORIZON);
    assertThat(prepared.leases().get(ZERO).ownerSwitches()).isOne();
    Lease lease = written(prepared, FIRST).leases().get(ZERO);
    assertThat(lease.pending()).isEmpty();
    assertThat(lease.ownerSwitches()).isZero();
  }

  @Test
  void epochsOutliveResetAndDeletion() {
    CoordinatorState reset =
        state.apply(new ApplicationBound(ORDERS, 2, CheckpointPosition.LATEST));
    assertThat(reset.leases()).isEmpty();
    assertThat(reset.lastEpoch()).isOne();
    assertThat(reset.apply(new CoordinatorEvent.ApplicationDeleted()).lastEpoch()).isOne();
  }

  @Test
  void whatGathersIsOneEventAndEachIsAnsweredForItself() {
    Payload stateBytes = Payload.utf8("state");
    CheckpointBatch batch =
        CheckpointBatch.decide(
            state,
            List.of(
                new Checkpoints(
                    ALICE, List.of(new Checkpoint(ZERO, 1, FIRST, Optional.of(stateBytes))), null),
                new Checkpoints(
                    BOB, List.of(new Checkpoint(ZERO, 1, SECOND, Optional.empty())), null),
                new Checkpoints(
                    ALICE,
                    List.of(
                        new Checkpoint(ZERO, 1, SECOND, Optional.empty()),
                        new Checkpoint(ZERO, 1, FIRST, Optional.empty()),
                        new Checkpoint(ONE, 1, FIRST, Optional.empty())),
                    null)),
            shardId -> false);
    assertThat(batch.event().checkpoints())
        .containsExactly(
            new CoordinatorEvent.CheckpointsWritten.Written(ZERO, SECOND, Optional.of(stateBytes)));
    assertThat(batch.replies().get(0)).isEqualTo(new Done());
    assertThat(batch.replies().get(2)).isEqualTo(new Done());
    assertThat(batch.replies())
        .filteredOn(reply -> reply instanceof Refused)
        .extracting(reply -> ((Refused) reply).kind())
        .containsExactly(Refused.Kind.LEASE_LOST, Refused.Kind.INVALID, Refused.Kind.LEASE_LOST);
  }
}
