package io.millrace.engine.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.coordinator.CoordinatorEvent.ApplicationBound;
import io.millrace.engine.coordinator.CoordinatorEvent.HandOffsBegun;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated.Created;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesReleased;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class AssignmentProperties {

  private static final int MAX_HAND_OFFS = 2;

  private static CoordinatorState leases(int count) {
    List<Created> created = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      created.add(new Created(new ShardId(i), List.of(), CheckpointPosition.TRIM_HORIZON));
    }
    return CoordinatorState.EMPTY
        .apply(new ApplicationBound(new StreamName("orders"), 1, CheckpointPosition.TRIM_HORIZON))
        .apply(new LeasesCreated(created));
  }

  private static WorkerIdentity worker(int index) {
    return new WorkerIdentity("w" + index, "s");
  }

  private static CoordinatorState plan(CoordinatorState state, Roster roster) {
    return state.applyAll(Assignment.plan(state, roster, Set.of(), MAX_HAND_OFFS));
  }

  private static List<ShardId> moving(CoordinatorState state) {
    return state.leases().values().stream().filter(Lease::isInHandOff).map(Lease::shardId).toList();
  }

  @Property
  void everyoneGetsHisShareAfterWorkersCome(
      @ForAll @IntRange(min = 0, max = 12) int count,
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 8) Integer> bounds) {
    CoordinatorState state = leases(count);
    Roster roster = Roster.EMPTY;
    for (int i = 0; i < bounds.size(); i++) {
      roster = roster.heard(worker(i), bounds.get(i), 0);
      state = plan(state, roster);
      // Owners give up what they are asked for, until nothing moves any more.
      while (!moving(state).isEmpty()) {
        assertThat(moving(state)).hasSizeLessThanOrEqualTo(MAX_HAND_OFFS);
        state = state.apply(new LeasesReleased(moving(state), LeasesReleased.Cause.GIVEN_UP));
        state = plan(state, roster);
      }
    }
    int room = bounds.stream().mapToInt(bound -> bound).sum();
    int owned = 0;
    int most = 0;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < bounds.size(); i++) {
      int load = state.heldBy(worker(i)).size();
      assertThat(load).isLessThanOrEqualTo(bounds.get(i));
      owned += load;
      most = Math.max(most, load);
      least = load < bounds.get(i) ? Math.min(least, load) : least;
    }
    assertThat(owned).isEqualTo(Math.min(room, count));
    if (least != Integer.MAX_VALUE) {
      assertThat(most - least).isLessThanOrEqualTo(1);
    }
  }

  @Example
  void leavesTheDeadNothingAndFencesThem() {
    CoordinatorState state = plan(leases(2), Roster.EMPTY.heard(worker(0), 9, 0));
    state = plan(state, Roster.EMPTY.heard(worker(1), 9, 0));
    assertThat(state.heldBy(worker(1))).extracting(Lease::epoch).containsExactly(3L, 4L);
  }

  @Example
  void waitsForWorkersThatAreOnlyExpected() {
    CoordinatorState state = plan(leases(2), Roster.EMPTY.heard(worker(0), 9, 0));
    Roster recovering = Roster.expecting(state, 0);
    assertThat(Assignment.plan(state, recovering, Set.of(), MAX_HAND_OFFS)).isEmpty();
    assertThat(Assignment.plan(state, recovering.heard(worker(1), 9, 0), Set.of(), MAX_HAND_OFFS))
        .noneMatch(event -> event instanceof LeasesAssigned);
  }

  @Example
  void fencesWhoDoesNotDrainInTime() {
    Roster one = Roster.EMPTY.heard(worker(0), 9, 0);
    CoordinatorState state = plan(leases(2), one);
    Roster two = one.heard(worker(1), 9, 0);
    state = plan(state, two);
    ShardId moving = moving(state).get(0);
    assertThat(Assignment.plan(state, two, Set.of(), MAX_HAND_OFFS)).isEmpty();
    state = state.applyAll(Assignment.plan(state, two, Set.of(moving), MAX_HAND_OFFS));
    assertThat(state.heldBy(worker(1))).extracting(Lease::shardId).containsExactly(moving);
    assertThat(state.lastEpoch()).isEqualTo(3);
  }

  @Example
  void blocksChildrenOfUnfinishedParents() {
    CoordinatorState state =
        leases(1)
            .apply(
                new LeasesCreated(
                    List.of(
                        new Created(
                            new ShardId(1),
                            List.of(new ShardId(0)),
                            CheckpointPosition.TRIM_HORIZON))));
    state = plan(state, Roster.EMPTY.heard(worker(0), 9, 0));
    assertThat(state.heldBy(worker(0))).extracting(Lease::shardId).containsExactly(new ShardId(0));
  }

  @Example
  void doesNotMoveLeasesForNothing() {
    Roster two = Roster.EMPTY.heard(worker(0), 9, 0).heard(worker(1), 9, 0);
    CoordinatorState state = plan(leases(3), two);
    assertThat(Assignment.plan(state, two, Set.of(), MAX_HAND_OFFS))
        .noneMatch(event -> event instanceof HandOffsBegun);
  }
}
