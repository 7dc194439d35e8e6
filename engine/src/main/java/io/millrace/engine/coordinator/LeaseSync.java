package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated.Created;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesRemoved;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which leases an application needs for the shards that its stream has, and which it needs no
 * longer. Looks at one state and one view; repeating it changes nothing.
 *
 * <p>Ids of children are above those of their parents, and a shard expires after its parents: both
 * are rules of the stream.
 */
final class LeaseSync {

  private final CoordinatorState state;
  private final List<ShardView> shards;
  private final Set<ShardId> listed = new HashSet<>();

  /** Shards of which a later generation is leased: whatever they had is finished or unwanted. */
  private final Set<ShardId> passed = new HashSet<>();

  private LeaseSync(CoordinatorState state, StreamView stream) {
    this.state = state;
    this.shards =
        stream.shards().stream().sorted(Comparator.comparing(ShardView::shardId)).toList();
    shards.forEach(shard -> listed.add(shard.shardId()));
    for (int i = shards.size() - 1; i >= 0; i--) {
      ShardView shard = shards.get(i);
      if (isLeased(shard.shardId()) || passed.contains(shard.shardId())) {
        passed.addAll(shard.parents());
      }
    }
  }

  /**
   * What has to happen.
   *
   * @param stream the stream that the application is bound to, in the same life
   */
  static List<CoordinatorEvent> decide(CoordinatorState state, StreamView stream) {
    if (stream.shards().isEmpty()) {
      return List.of();
    }
    LeaseSync sync = new LeaseSync(state, stream);
    List<CoordinatorEvent> events = new ArrayList<>();
    List<Created> created = state.leases().isEmpty() ? sync.first() : sync.missing();
    if (!created.isEmpty()) {
      events.add(new LeasesCreated(created));
    }
    List<ShardId> removed = sync.useless();
    if (!removed.isEmpty()) {
      events.add(new LeasesRemoved(removed));
    }
    return events;
  }

  /** The shards open at the initial position; for TRIM_HORIZON the oldest of each line. */
  private List<Created> first() {
    CheckpointPosition position = state.binding().orElseThrow().initialPosition();
    Predicate<ShardView> isWanted =
        switch (position.kind()) {
          case LATEST -> ShardView::isOpen;
          case AT_TIMESTAMP ->
              shard ->
                  shard.isOpen()
                      || shard.closedMillis().getAsLong() > position.epochMillis().orElseThrow();
          default -> shard -> true;
        };
    Set<ShardId> wanted = new HashSet<>();
    List<Created> created = new ArrayList<>();
    for (ShardView shard : shards) {
      if (isWanted.test(shard)) {
        wanted.add(shard.shardId());
        if (shard.parents().stream().noneMatch(wanted::contains)) {
          created.add(new Created(shard.shardId(), shard.parents(), position));
        }
      }
    }
    return created;
  }

  /** Children of what is finished, and shards whose unfinished parents have expired. */
  private List<Created> missing() {
    List<Created> created = new ArrayList<>();
    Set<ShardId> fresh = new HashSet<>();
    for (ShardView shard : shards) {
      ShardId id = shard.shardId();
      if (!isLeased(id)
          && !passed.contains(id)
          && shard.parents().stream().allMatch(p -> isOver(p) && !fresh.contains(p))) {
        fresh.add(id);
        created.add(new Created(id, shard.parents(), CheckpointPosition.TRIM_HORIZON));
      }
    }
    return created;
  }

  /** Nothing of this shard is left to do: it is finished, or has expired. */
  private boolean isOver(ShardId parent) {
    return !listed.contains(parent)
        || state.lease(parent).map(Lease::isEnded).orElseGet(() -> passed.contains(parent));
  }

  /** Leases of expired shards, and ended ones whose children have all got on. */
  private List<ShardId> useless() {
    List<ShardId> removed = new ArrayList<>();
    for (Lease lease : state.leases().values()) {
      if (!listed.contains(lease.shardId()) || (lease.isEnded() && haveChildrenGotOn(lease))) {
        removed.add(lease.shardId());
      }
    }
    return removed;
  }

  private boolean haveChildrenGotOn(Lease ended) {
    List<ShardView> children =
        shards.stream().filter(shard -> shard.parents().contains(ended.shardId())).toList();
    return !children.isEmpty()
        && children.stream()
            .allMatch(
                child ->
                    state
                        .lease(child.shardId())
                        .map(lease -> !lease.checkpoint().isInitial())
                        .orElseGet(() -> passed.contains(child.shardId())));
  }

  private boolean isLeased(ShardId shardId) {
    return state.leases().containsKey(shardId);
  }
}
