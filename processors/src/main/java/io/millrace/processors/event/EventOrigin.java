package io.millrace.processors.event;

import io.millrace.engine.model.ShardId;

/**
 * Where the records of an event come from, and where they go.
 *
 * @param eventSourceArn the stream
 * @param shardId the shard
 * @param region the region of the stream
 * @param accountId its account
 * @param functionName the function
 */
public record EventOrigin(
    String eventSourceArn, ShardId shardId, String region, String accountId, String functionName) {

  /** The function, as an ARN. */
  public String functionArn() {
    return "arn:aws:lambda:%s:%s:function:%s".formatted(region, accountId, functionName);
  }

  /**
   * Who calls the function, as an ARN; the engine has no roles, so it is named after the function.
   */
  public String invokeIdentityArn() {
    return "arn:aws:iam::%s:role/%s".formatted(accountId, functionName);
  }
}
