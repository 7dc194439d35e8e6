package io.millrace.engine.shard;

import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.util.Objects;

/**
 * Where a shard is found: the stream, which life of that stream, and the shard. It names the
 * shard's actor and its journal, so that a stream that is created again never meets what an earlier
 * one of its name left behind.
 *
 * @param stream the name of the stream
 * @param incarnation the life of that name, counted by the registry from 1
 * @param shardId the shard
 */
public record ShardAddress(StreamName stream, long incarnation, ShardId shardId) {

  public ShardAddress {
    Objects.requireNonNull(stream, "stream");
    Objects.requireNonNull(shardId, "shardId");
  }

  /** The life of the stream that it belongs to: {@code orders~7}. */
  public String streamLife() {
    return stream.value() + "~" + incarnation;
  }

  /** The identity of the shard's actor: {@code orders~7~3}. */
  public String entityId() {
    return streamLife() + "~" + shardId.index();
  }

  /** The identity of the shard's events and snapshots: {@code shard|orders~7~3}. */
  public String persistenceId() {
    return "shard|" + entityId();
  }

  @Override
  public String toString() {
    return entityId();
  }
}
