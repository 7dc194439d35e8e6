package io.millrace.engine.api;

import io.millrace.engine.model.Account;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;

/** The write or read budget of a shard has no room now. */
public final class ProvisionedThroughputExceededException extends MillraceException {

  /** The error with a sentence about it. */
  public ProvisionedThroughputExceededException(String message) {
    super("ProvisionedThroughputExceededException", Outcome.THROTTLED, message, null);
  }

  /** The error of this shard. */
  public static ProvisionedThroughputExceededException of(
      ShardId shardId, StreamName stream, Account account) {
    return new ProvisionedThroughputExceededException(messageFor(shardId, stream, account));
  }

  /** The sentence about this shard, which an entry of {@link PutRecordsResponse} carries too. */
  public static String messageFor(ShardId shardId, StreamName stream, Account account) {
    return "Rate exceeded for shard %s in stream %s under account %s."
        .formatted(shardId, stream, account.id());
  }
}
