package io.millrace.engine.reshard;

import io.millrace.engine.model.ShardId;
import java.util.List;

/**
 * What happens to a stream at one instant. The shards that stay open own together exactly the hash
 * keys of those that close, so a step leaves a valid stream whether or not the other steps of its
 * plan are carried out.
 *
 * @param closing the open shards that it closes, in the order of their ranges
 * @param shards the shards that it makes, by id; a passing one comes before its children
 */
public record ReshardStep(List<ShardId> closing, List<PlannedShard> shards) {

  public ReshardStep {
    closing = List.copyOf(closing);
    shards = List.copyOf(shards);
  }

  /** The shards that are open afterwards, by id. */
  public List<PlannedShard> opening() {
    return shards.stream().filter(shard -> !shard.passing()).toList();
  }
}
