package io.millrace.engine.shard;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.ProducerNotes;
import io.millrace.engine.model.HashKeyRange;

/**
 * What happened to a shard. Each event is stored as one {@link Frame}. All but {@link Damaged} are
 * written since version 0.1.
 */
public sealed interface ShardEvent {

  /**
   * The shard exists, with these hash keys. Replaying it makes the shard take records.
   *
   * @param inherited what its parents remember of producers
   */
  record ShardOpened(
      Frame frame,
      long createdSeconds,
      int shardIndex,
      HashKeyRange range,
      ProducerWindows inherited)
      implements ShardEvent {}

  /**
   * Records were appended, as one batch. Replaying it advances the counts; the records themselves
   * stay in the journal, and their checksum is verified when they are read.
   *
   * @param notes those that their producers have numbered; none when the frame is damaged
   */
  record RecordsAppended(Frame frame, ProducerNotes notes) implements ShardEvent {}

  /**
   * Everything below an event has expired.
   *
   * @param horizonEvent the oldest event that may still be read
   */
  record HorizonMoved(Frame frame, long horizonEvent) implements ShardEvent {}

  /**
   * The shard takes no more records: other shards have its hash keys, or will have them. Replaying
   * it ends the shard at the arrival time of the frame.
   */
  record ShardClosed(Frame frame) implements ShardEvent {}

  /**
   * Never written: stands at recovery for an event whose header fails its checksum, so that the
   * shard goes on without it.
   *
   * @param why what is wrong with it
   */
  record Damaged(String why) implements ShardEvent {}
}
