package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten.Written;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.CoordinatorState.Denied;
import io.millrace.engine.coordinator.CoordinatorState.Verdict;
import io.millrace.engine.coordinator.CoordinatorState.Write;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Checkpoints that have gathered, as one event: the newest of each shard.
 *
 * @param event what is to be persisted; empty of checkpoints when nothing changes
 * @param replies the answer to each request, in their order, good once the event is durable
 */
record CheckpointBatch(CheckpointsWritten event, List<CoordinatorMessage.Reply> replies) {

  /**
   * Judges requests one after the other, each as if those before it were written.
   *
   * @param isClosed whether the stream says that a shard takes no more records
   */
  static CheckpointBatch decide(
      CoordinatorState state, List<Checkpoint> requests, Predicate<ShardId> isClosed) {
    CoordinatorState sofar = state;
    Map<ShardId, Written> newest = new LinkedHashMap<>();
    List<CoordinatorMessage.Reply> replies = new ArrayList<>();
    for (Checkpoint request : requests) {
      Verdict verdict =
          sofar.checkpoint(
              request.worker(),
              request.shardId(),
              request.epoch(),
              request.position(),
              request.state(),
              isClosed.test(request.shardId()));
      if (verdict instanceof Denied denied) {
        replies.add(denied.refusal());
        continue;
      }
      if (verdict instanceof Write write) {
        sofar = sofar.apply(new CheckpointsWritten(List.of(write.written())));
        newest.merge(request.shardId(), write.written(), CheckpointBatch::later);
      }
      replies.add(new CoordinatorMessage.Done());
    }
    return new CheckpointBatch(
        new CheckpointsWritten(List.copyOf(newest.values())), List.copyOf(replies));
  }

  private static Written later(Written first, Written second) {
    return new Written(second.shardId(), second.position(), second.state().or(first::state));
  }

  /** Whether nothing is to be persisted. */
  boolean isEmpty() {
    return event.checkpoints().isEmpty();
  }

  /** Whether a shard ends with it. */
  boolean endsShard() {
    return event.checkpoints().stream().anyMatch(written -> written.position().isShardEnd());
  }
}
