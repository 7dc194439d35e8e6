package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorMessage.Grant;
import io.millrace.engine.coordinator.CoordinatorMessage.Orders;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The leases that a worker has, as far as it knows, and what it has to do about them. It is told
 * what happened and says what to do; it does nothing itself. Orders may come late, twice or not at
 * all. Not safe for several threads.
 */
public final class HeldLeases {

  private final Map<ShardId, Held> held = new TreeMap<>();
  private long revision = -1;
  private boolean isLeaving;

  private enum Phase {
    WORKING,
    DRAINING,
    /** The worker has stopped working on it, and waits for the coordinator to take it back. */
    OVER
  }

  private record Held(long epoch, Phase phase) {}

  /** What to do about a lease. */
  public enum Step {
    /** Begin to work on the shard. */
    BEGIN,
    /** Finish what runs. */
    DRAIN,
    /** Stop at once: the lease is gone. */
    DROP,
    /** Tell the coordinator that the lease is given up. */
    RELEASE
  }

  /** A step, and the ownership that it concerns. */
  public record Action(Step step, ShardId shardId, long epoch) {}

  /** New orders have come. */
  public List<Action> obey(Orders orders) {
    List<Action> actions = new ArrayList<>();
    if (orders.revision() < revision) {
      return actions;
    }
    revision = orders.revision();
    Set<ShardId> granted = new HashSet<>();
    for (Grant grant : orders.grants()) {
      granted.add(grant.shardId());
      obey(grant, actions);
    }
    held.entrySet()
        .removeIf(
            entry -> {
              boolean isGone = !granted.contains(entry.getKey());
              if (isGone) {
                drop(entry.getKey(), entry.getValue(), actions);
              }
              return isGone;
            });
    return actions;
  }

  private void obey(Grant grant, List<Action> actions) {
    ShardId shardId = grant.shardId();
    Held known = held.get(shardId);
    if (known != null && known.epoch() > grant.epoch()) {
      return;
    }
    if (known == null || known.epoch() < grant.epoch()) {
      if (known != null) {
        drop(shardId, known, actions);
      }
      if (isLeaving || grant.isToDrain()) {
        held.put(shardId, new Held(grant.epoch(), Phase.OVER));
        actions.add(new Action(Step.RELEASE, shardId, grant.epoch()));
      } else {
        held.put(shardId, new Held(grant.epoch(), Phase.WORKING));
        actions.add(new Action(Step.BEGIN, shardId, grant.epoch()));
      }
    } else if (known.phase() == Phase.OVER) {
      actions.add(new Action(Step.RELEASE, shardId, grant.epoch()));
    } else if (grant.isToDrain()) {
      drain(shardId, known, actions);
    }
  }

  /** The work on a shard is over: drained, at the shard's end, or given up. */
  public List<Action> over(ShardId shardId, long epoch) {
    Held known = held.get(shardId);
    if (known == null || known.epoch() != epoch || known.phase() == Phase.OVER) {
      return List.of();
    }
    held.put(shardId, new Held(epoch, Phase.OVER));
    return List.of(new Action(Step.RELEASE, shardId, epoch));
  }

  /** The worker leaves: everything is to be given up, and nothing new is begun. */
  public List<Action> leave() {
    isLeaving = true;
    List<Action> actions = new ArrayList<>();
    List.copyOf(held.keySet()).forEach(shardId -> drain(shardId, held.get(shardId), actions));
    return actions;
  }

  /** The coordinator has been silent for so long that others may have the leases. */
  public List<Action> loseAll() {
    List<Action> actions = new ArrayList<>();
    held.replaceAll(
        (shardId, known) -> {
          drop(shardId, known, actions);
          return new Held(known.epoch(), Phase.OVER);
        });
    return actions;
  }

  /** Whether the worker works on nothing. */
  public boolean isIdle() {
    return held.values().stream().allMatch(lease -> lease.phase() == Phase.OVER);
  }

  private void drain(ShardId shardId, Held known, List<Action> actions) {
    if (known.phase() == Phase.WORKING) {
      held.put(shardId, new Held(known.epoch(), Phase.DRAINING));
      actions.add(new Action(Step.DRAIN, shardId, known.epoch()));
    }
  }

  private static void drop(ShardId shardId, Held known, List<Action> actions) {
    if (known.phase() != Phase.OVER) {
      actions.add(new Action(Step.DROP, shardId, known.epoch()));
    }
  }
}
