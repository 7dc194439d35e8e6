package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.CONSUMER_ARN;
import static io.millrace.engine.api.Constraints.SEQUENCE_NUMBER;
import static io.millrace.engine.api.Constraints.SHARD_ID;

/**
 * SubscribeToShard: has the records of a shard pushed to a registered consumer for at most five
 * minutes.
 *
 * <p>Refused with {@link LimitExceededException} when the same consumer subscribed to the same
 * shard within the last second, with {@link ResourceInUseException} when such a subscription is
 * younger than five seconds, or the consumer is not ACTIVE. An older subscription ends in favour of
 * the new one.
 *
 * @param consumerARN the registered consumer; required
 * @param shardId the shard, one of the consumer's stream; required
 * @param startingPosition where to begin; required
 * @param dryRun whether the request is only to be checked; then it ends with {@link
 *     DryRunOperationException} if nothing is wrong, and ends no other subscription; null for no
 */
public record SubscribeToShardRequest(
    String consumerARN, String shardId, StartingPosition startingPosition, Boolean dryRun)
    implements Request {

  /** A request that is carried out. */
  public SubscribeToShardRequest(
      String consumerARN, String shardId, StartingPosition startingPosition) {
    this(consumerARN, shardId, startingPosition, null);
  }

  /** The same subscription, which is not begun. */
  public SubscribeToShardRequest asDryRun() {
    return new SubscribeToShardRequest(consumerARN, shardId, startingPosition, true);
  }

  @Override
  public void validate() {
    Violations violations =
        new Violations()
            .required("consumerARN", consumerARN)
            .text("consumerARN", consumerARN, CONSUMER_ARN)
            .required("shardId", shardId)
            .text("shardId", shardId, SHARD_ID)
            .required("startingPosition", startingPosition);
    if (startingPosition != null) {
      violations
          .required("startingPosition.type", startingPosition.type())
          .text(
              "startingPosition.sequenceNumber",
              startingPosition.sequenceNumber(),
              SEQUENCE_NUMBER);
    }
    violations.throwIfAny();
  }

  @Override
  public void checkArguments() {
    startingPosition.checkArguments();
  }
}
