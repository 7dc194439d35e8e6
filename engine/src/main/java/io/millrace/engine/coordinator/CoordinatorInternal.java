package io.millrace.engine.coordinator;

import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.util.Optional;

/** What a coordinator tells itself. */
sealed interface CoordinatorInternal extends CoordinatorMessage.Internal {

  /** Time to look who is silent. */
  record Tick() implements CoordinatorInternal {}

  /** Time to see who should have what. */
  record Plan() implements CoordinatorInternal {}

  /** Time to write the checkpoints that have gathered. */
  record Flush() implements CoordinatorInternal {}

  /** The stream has changed, or is gone. */
  record StreamChanged() implements CoordinatorInternal {}

  /**
   * What LATEST means for a shard.
   *
   * @param latest empty when the shard did not answer
   */
  record LatestFound(ShardId shardId, Optional<SequenceNumber> latest)
      implements CoordinatorInternal {}

  /**
   * A lease without progress was looked at.
   *
   * @param epoch the ownership that was suspected
   * @param checkpoint where it stood
   * @param hasWork whether its shard has records that are not finished, or has ended
   */
  record Examined(ShardId shardId, long epoch, CheckpointPosition checkpoint, boolean hasWork)
      implements CoordinatorInternal {}
}
