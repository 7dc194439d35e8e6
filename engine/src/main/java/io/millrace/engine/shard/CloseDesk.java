package io.millrace.engine.shard;

import io.millrace.engine.model.ShardId;
import io.millrace.engine.shard.ShardMessage.CloseReply;
import io.millrace.engine.shard.ShardMessage.Closed;
import io.millrace.engine.shard.ShardMessage.Failed;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where a gate keeps those who want its shard closed. From the first of them on no put is taken;
 * those that were taken before are written, and then the shard ends, by an event.
 */
final class CloseDesk {

  private final List<ActorRef<CloseReply>> waiting = new ArrayList<>();

  /** Whether the shard is to be closed as soon as nothing waits for a write. */
  boolean isClosing() {
    return !waiting.isEmpty();
  }

  void add(ActorRef<CloseReply> replyTo) {
    waiting.add(replyTo);
  }

  /** The shard is closed for good. */
  void closed(ShardState.Opened shard) {
    answer(
        new Closed(
            new ShardId(shard.identity().shardIndex()),
            shard.closedMillis().getAsLong(),
            ProducerWindowsFormat.write(shard.producers())));
  }

  /** The shard stays as it is; whoever wants it closed asks again. */
  void failed(Failed failure) {
    answer(failure);
  }

  private void answer(CloseReply reply) {
    waiting.forEach(replyTo -> replyTo.tell(reply));
    waiting.clear();
  }
}
