package io.millrace.engine.stream;

import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.reshard.OpenShard;
import io.millrace.engine.reshard.PlannedShard;
import io.millrace.engine.reshard.ReshardStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The shards of a stream, and what becomes of them. At every moment the open ones own every hash
 * key exactly once.
 *
 * @param shards open and closed ones that have not expired, by id
 * @param expired shards that have expired and whose storage has still to be freed
 * @param reshard the reshard under way; {@link Reshard#NONE} if there is none
 */
record ShardMap(List<ShardView> shards, List<ShardId> expired, Reshard reshard) {

  /** No shards. */
  static final ShardMap EMPTY = new ShardMap(List.of(), List.of(), Reshard.NONE);

  /**
   * A reshard under way.
   *
   * @param steps all its steps, in the order in which they are carried out
   * @param done how many of them are done
   */
  record Reshard(List<ReshardStep> steps, int done) {

    static final Reshard NONE = new Reshard(List.of(), 0);

    Reshard {
      steps = List.copyOf(steps);
    }

    boolean isOver() {
      return done == steps.size();
    }

    /** The step that is carried out now. */
    ReshardStep current() {
      return steps.get(done);
    }
  }

  ShardMap {
    shards = List.copyOf(shards);
    expired = List.copyOf(expired);
  }

  /** The shards of a new stream. */
  static ShardMap first(List<HashKeyRange> ranges, long createdSeconds, long createdMillis) {
    List<ShardView> shards = new ArrayList<>(ranges.size());
    for (HashKeyRange range : ranges) {
      shards.add(
          new ShardView(
              new ShardId(shards.size()),
              range,
              createdSeconds,
              createdMillis,
              List.of(),
              OptionalLong.empty()));
    }
    return new ShardMap(shards, List.of(), Reshard.NONE);
  }

  // Questions.

  /** The open shards as plans need to know them. */
  List<OpenShard> open() {
    return shards.stream()
        .filter(ShardView::isOpen)
        .map(shard -> new OpenShard(shard.shardId(), shard.range()))
        .toList();
  }

  int openCount() {
    return (int) shards.stream().filter(ShardView::isOpen).count();
  }

  /** How many shards are open at most while the reshard under way goes on. */
  int openCountAtMost() {
    int more = 0;
    for (int i = reshard.done(); i < reshard.steps().size(); i++) {
      ReshardStep step = reshard.steps().get(i);
      more += Math.max(0, step.shards().size() - step.closing().size());
    }
    return openCount() + more;
  }

  /** The index of the next shard. The youngest shard is open, so no index is given twice. */
  int nextIndex() {
    return shards.get(shards.size() - 1).shardId().index() + 1;
  }

  boolean has(ShardId shardId) {
    return shards.stream().anyMatch(shard -> shard.shardId().equals(shardId));
  }

  /**
   * The shards that the current step makes, by id, as they are the instant after it. Their creation
   * time lies after all that their parents' numbers carry, so that every number of a child is above
   * every number of its parents, be it in the future.
   *
   * @param atMillis when the step happens: when the last of the parents closed, epoch milliseconds
   */
  List<ShardView> made(long atMillis) {
    Map<ShardId, Long> created = new HashMap<>();
    shards.forEach(shard -> created.put(shard.shardId(), shard.createdSeconds()));
    List<ShardView> made = new ArrayList<>();
    for (PlannedShard planned : reshard.current().shards()) {
      long seconds = Math.floorDiv(atMillis, 1000L);
      for (ShardId parent : planned.parents()) {
        seconds = Math.max(seconds, created.get(parent));
      }
      created.put(planned.shardId(), seconds + 1);
      made.add(
          new ShardView(
              planned.shardId(),
              planned.range(),
              seconds + 1,
              atMillis,
              planned.parents(),
              planned.passing() ? OptionalLong.of(atMillis) : OptionalLong.empty()));
    }
    return made;
  }

  /**
   * The shards that have expired: closed so long ago that none of their records can be left, and
   * with no older relative that has not.
   *
   * @param expiredMillis records that arrived then or earlier have expired, epoch milliseconds
   */
  List<ShardId> expiredBy(long expiredMillis) {
    Set<ShardId> kept = new HashSet<>();
    List<ShardId> gone = new ArrayList<>();
    for (ShardView shard : shards) {
      boolean isOver = !shard.isOpen() && shard.closedMillis().getAsLong() <= expiredMillis;
      if (isOver && shard.parents().stream().noneMatch(kept::contains)) {
        gone.add(shard.shardId());
      } else {
        kept.add(shard.shardId());
      }
    }
    return gone;
  }

  // Transitions.

  ShardMap resharding(List<ReshardStep> steps) {
    return new ShardMap(shards, expired, new Reshard(steps, 0));
  }

  /** The atomic point of a step: its parents close, and its children open. */
  ShardMap flipped(long atMillis) {
    Set<ShardId> closing = new HashSet<>(reshard.current().closing());
    List<ShardView> next = new ArrayList<>(shards.size() + 2);
    for (ShardView shard : shards) {
      next.add(closing.contains(shard.shardId()) ? shard.closed(atMillis) : shard);
    }
    next.addAll(made(atMillis));
    Reshard further = new Reshard(reshard.steps(), reshard.done() + 1);
    return new ShardMap(next, expired, further.isOver() ? Reshard.NONE : further);
  }

  ShardMap expired(List<ShardId> gone) {
    List<ShardId> more = new ArrayList<>(expired);
    more.addAll(gone);
    return new ShardMap(
        shards.stream().filter(shard -> !gone.contains(shard.shardId())).toList(), more, reshard);
  }

  ShardMap freed(List<ShardId> freed) {
    return new ShardMap(
        shards, expired.stream().filter(shard -> !freed.contains(shard)).toList(), reshard);
  }
}
