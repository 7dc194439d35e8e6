package io.millrace.engine.api;

import java.util.List;

/**
 * The answer to {@link ListShardsRequest}: one page of shards.
 *
 * @param shards the shards by id; those that have expired are never listed
 * @param nextToken asks for the page that follows, for 300 seconds; null when there is none
 */
public record ListShardsResponse(List<Shard> shards, String nextToken) {

  public ListShardsResponse {
    shards = List.copyOf(shards);
  }
}
