package io.millrace.engine.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.coordinator.CoordinatorEvent.ApplicationBound;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten.Written;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Shard 0 split at 100 ms into 1 and 2, which merged at 200 ms into 3. */
class LeaseSyncTest {

  private static final StreamName NAME = new StreamName("orders");
  private static final List<ShardView> LINEAGE =
      List.of(shard(0, 100), shard(1, 200, 0), shard(2, 200, 0), shard(3, -1, 1, 2));

  private static ShardView shard(int index, long closedMillis, int... parents) {
    return new ShardView(
        new ShardId(index),
        HashKeyRange.FULL,
        1,
        1,
        IntStream.of(parents).mapToObj(ShardId::new).toList(),
        closedMillis < 0 ? OptionalLong.empty() : OptionalLong.of(closedMillis));
  }

  private static StreamView stream(List<ShardView> shards) {
    return new StreamView(
        NAME, 1, "arn", StreamStatus.ACTIVE, StreamMode.PROVISIONED, 0, 24, 1024, shards);
  }

  private static CoordinatorState from(CheckpointPosition initial, List<ShardView> shards) {
    CoordinatorState bound = CoordinatorState.EMPTY.apply(new ApplicationBound(NAME, 1, initial));
    return sync(bound, shards);
  }

  private static CoordinatorState sync(CoordinatorState state, List<ShardView> shards) {
    return state.applyAll(LeaseSync.decide(state, stream(shards)));
  }

  private static CoordinatorState ended(CoordinatorState state, int index) {
    return checkpointed(state, index, CheckpointPosition.SHARD_END);
  }

  private static CoordinatorState checkpointed(
      CoordinatorState state, int index, CheckpointPosition position) {
    return state.apply(
        new CheckpointsWritten(
            List.of(new Written(new ShardId(index), position, Optional.empty()))));
  }

  private static Set<ShardId> ids(int... indexes) {
    return Set.copyOf(IntStream.of(indexes).mapToObj(ShardId::new).toList());
  }

  @Test
  void beginsAtTrimHorizonWithTheOldestOfEachLine() {
    CoordinatorState state = from(CheckpointPosition.TRIM_HORIZON, LINEAGE);
    assertThat(state.leases().keySet()).isEqualTo(ids(0));
    assertThat(state.leases().get(new ShardId(0)).checkpoint())
        .isEqualTo(CheckpointPosition.TRIM_HORIZON);
    assertThat(from(CheckpointPosition.TRIM_HORIZON, LINEAGE.subList(1, 4)).leases().keySet())
        .isEqualTo(ids(1, 2));
  }

  @Test
  void beginsAtLatestWithOpenShards() {
    assertThat(from(CheckpointPosition.LATEST, LINEAGE).leases().keySet()).isEqualTo(ids(3));
  }

  @Test
  void beginsAtATimeWithTheShardsThatWereOpenThen() {
    for (long millis : new long[] {0, 99}) {
      assertThat(at(millis).leases().keySet()).isEqualTo(ids(0));
    }
    assertThat(at(100).leases().keySet()).isEqualTo(ids(1, 2));
    assertThat(at(200).leases().keySet()).isEqualTo(ids(3));
  }

  private static CoordinatorState at(long millis) {
    return from(CheckpointPosition.atTimestamp(Instant.ofEpochMilli(millis)), LINEAGE);
  }

  @Test
  void goesOnWithChildrenWhenAllParentsAreFinished() {
    CoordinatorState state =
        sync(ended(from(CheckpointPosition.TRIM_HORIZON, LINEAGE), 0), LINEAGE);
    assertThat(state.leases().keySet()).isEqualTo(ids(0, 1, 2));
    state = sync(ended(state, 1), LINEAGE);
    assertThat(state.leases()).doesNotContainKey(new ShardId(3));
    state = sync(ended(state, 2), LINEAGE);
    assertThat(state.leases()).containsKey(new ShardId(3));
    assertThat(state.leases().get(new ShardId(3)).checkpoint())
        .isEqualTo(CheckpointPosition.TRIM_HORIZON);
  }

  @Test
  void forgetsFinishedShardsWhenTheirChildrenHaveGotOnAndNeverLeasesThemAgain() {
    CoordinatorState state =
        sync(ended(from(CheckpointPosition.TRIM_HORIZON, LINEAGE), 0), LINEAGE);
    state = sync(ended(state, 1), LINEAGE);
    assertThat(state.leases()).containsKey(new ShardId(0));
    state = sync(sync(ended(state, 2), LINEAGE), LINEAGE);
    assertThat(state.leases().keySet()).isEqualTo(ids(1, 2, 3));
    CheckpointPosition some = CheckpointPosition.after(SequenceNumber.first(1, 3));
    state = sync(checkpointed(state, 3, some), LINEAGE);
    assertThat(state.leases().keySet()).isEqualTo(ids(3));
    assertThat(sync(state, LINEAGE)).isEqualTo(state);
  }

  @Test
  void fillsTheHoleThatExpiryLeaves() {
    CoordinatorState state = from(CheckpointPosition.TRIM_HORIZON, LINEAGE);
    assertThat(sync(state, LINEAGE.subList(1, 4)).leases().keySet()).isEqualTo(ids(1, 2));
    assertThat(sync(state, LINEAGE.subList(3, 4)).leases().keySet()).isEqualTo(ids(3));
    // What was put after the application began is never passed over.
    CoordinatorState latest = from(CheckpointPosition.LATEST, List.of(shard(0, -1)));
    latest = sync(latest, LINEAGE.subList(3, 4));
    assertThat(latest.leases().get(new ShardId(3)).checkpoint())
        .isEqualTo(CheckpointPosition.TRIM_HORIZON);
  }

  @Test
  void waitsForAStreamThatHasNoShardsYet() {
    assertThat(from(CheckpointPosition.LATEST, List.of()).leases()).isEmpty();
  }
}
