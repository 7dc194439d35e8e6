package io.millrace.engine.api;

import static java.util.Objects.requireNonNull;

/**
 * The answer to {@link GetShardIteratorRequest}.
 *
 * @param shardIterator an opaque token, good for 300 seconds and for any number of reads
 */
public record GetShardIteratorResponse(String shardIterator) {

  public GetShardIteratorResponse {
    requireNonNull(shardIterator, "shardIterator");
  }
}
