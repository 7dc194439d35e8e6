package io.millrace.engine.api;

import io.millrace.engine.model.Account;

/** The stream, shard, consumer or channel does not exist, or does not exist any more. */
public final class ResourceNotFoundException extends MillraceException {

  /** The error with a sentence about it. */
  public ResourceNotFoundException(String message) {
    super("ResourceNotFoundException", Outcome.REFUSED, message, null);
  }

  /** There is no such stream. */
  public static ResourceNotFoundException stream(String stream, Account account) {
    return new ResourceNotFoundException(
        "Stream %s under account %s not found.".formatted(stream, account.id()));
  }

  /** The stream has no such shard, or it has expired. */
  public static ResourceNotFoundException shard(String shardId, String stream, Account account) {
    return new ResourceNotFoundException(
        "Shard %s in stream %s under account %s does not exist"
            .formatted(shardId, stream, account.id()));
  }

  /** There is no such registered consumer, or it was registered at another time. */
  public static ResourceNotFoundException consumer(String consumer, Account account) {
    return new ResourceNotFoundException(
        "Consumer %s under account %s not found.".formatted(consumer, account.id()));
  }

  /** There is no such channel. */
  public static ResourceNotFoundException channel(String channel, Account account) {
    return new ResourceNotFoundException(
        "Channel %s under account %s not found.".formatted(channel, account.id()));
  }
}
