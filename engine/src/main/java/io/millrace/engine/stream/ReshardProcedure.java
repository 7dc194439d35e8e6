package io.millrace.engine.stream;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.stream.StreamCommand.ReshardAdvanced;
import io.millrace.engine.stream.StreamCommand.ReshardAdvanced.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the shards do in a step of a reshard: the parents close, then their children open, then
 * those children close that only pass their ranges on. Each part bears repeating; the stream's
 * actor is told {@link ReshardAdvanced} when it is done, and has it followed by the next.
 */
final class ReshardProcedure {

  private final ActorRef<StreamCommand> actor;
  private final StreamErrands errands;

  /**
   * The procedure of a stream.
   *
   * @param actor told how far the shards have come
   */
  ReshardProcedure(ActorRef<StreamCommand> actor, StreamErrands errands) {
    this.actor = actor;
    this.errands = errands;
  }

  /**
   * Begins the current step: its parents take no puts from here on. Whoever puts there waits, until
   * the step is done.
   */
  void closeParents(StreamState state) {
    int step = state.map().reshard().done();
    Set<ShardId> parents = Set.copyOf(state.map().reshard().current().closing());
    errands.close(
        state,
        state.shards().stream().filter(shard -> parents.contains(shard.shardId())).toList(),
        report -> actor.tell(parentsClosed(step, report)));
  }

  private static ReshardAdvanced parentsClosed(int step, ShardErrand.Report report) {
    long lastMillis = Long.MIN_VALUE;
    Map<ShardId, Payload> producers = new HashMap<>();
    for (ShardMessage.Wire answer : report.answers()) {
      ShardMessage.Closed closed = (ShardMessage.Closed) answer;
      lastMillis = Math.max(lastMillis, closed.closedMillis());
      producers.put(closed.shardId(), closed.producers());
    }
    return new ReshardAdvanced(step, Stage.PARENTS_CLOSED, lastMillis, Map.copyOf(producers));
  }

  /** Begins what follows in the current step; nothing follows READY. */
  void goOn(StreamState state, ReshardAdvanced from) {
    List<ShardView> made = state.map().made(from.atMillis());
    switch (from.stage()) {
      case PARENTS_CLOSED ->
          errands.open(
              state,
              made,
              Inheritance.of(made, from.parents()),
              report -> advance(from, Stage.CHILDREN_OPENED));
      case CHILDREN_OPENED ->
          errands.close(
              state,
              made.stream().filter(shard -> !shard.isOpen()).toList(),
              report -> advance(from, Stage.READY));
      case READY -> {}
    }
  }

  private void advance(ReshardAdvanced from, Stage to) {
    actor.tell(new ReshardAdvanced(from.step(), to, from.atMillis(), Map.of()));
  }
}
