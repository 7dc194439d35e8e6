package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten.Written;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoints;
import io.millrace.engine.coordinator.CoordinatorState.Denied;
import io.millrace.engine.coordinator.CoordinatorState.Verdict;
import io.millrace.engine.coordinator.CoordinatorState.Write;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Checkpoints that have gathered, as one event: the newest of each shard.
 *
 * @param event what is to be persisted; empty of checkpoints when nothing changes
 * @param replies the answer to each checkpoint, in their order, good once the event is durable
 */
record CheckpointBatch(CheckpointsWritten event, List<CoordinatorMessage.Reply> replies) {

  /**
   * Judges checkpoints one after the other, each as if those before it were written.
   *
   * @param isClosed whether the stream says that a shard takes no more records
   */
  static CheckpointBatch decide(
      CoordinatorState state, List<Checkpoints> requests, Predicate<ShardId> isClosed) {
    CoordinatorState sofar = state.onlyOf(shards(requests));
    Map<ShardId, Written> newest = new LinkedHashMap<>();
    List<CoordinatorMessage.Reply> replies = new ArrayList<>();
    for (Checkpoints request : requests) {
      for (Checkpoint checkpoint : request.checkpoints()) {
        ShardId shardId = checkpoint.shardId();
        Verdict verdict =
            sofar.checkpoint(
                request.worker(),
                shardId,
                checkpoint.epoch(),
                checkpoint.position(),
                checkpoint.state(),
                isClosed.test(shardId));
        if (verdict instanceof Denied denied) {
          replies.add(denied.refusal());
          continue;
        }
        if (verdict instanceof Write write) {
          sofar = sofar.apply(new CheckpointsWritten(List.of(write.written())));
          newest.merge(shardId, write.written(), CheckpointBatch::later);
        }
        replies.add(new CoordinatorMessage.Done());
      }
    }
    return new CheckpointBatch(
        new CheckpointsWritten(List.copyOf(newest.values())), List.copyOf(replies));
  }

  private static Set<ShardId> shards(List<Checkpoints> requests) {
    return requests.stream()
        .flatMap(request -> request.checkpoints().stream())
        .map(Checkpoint::shardId)
        .collect(Collectors.toSet());
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
