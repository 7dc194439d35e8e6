package io.millrace.engine.shard;

import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.OpenReply;
import io.millrace.engine.shard.ShardMessage.Opened;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Where a gate keeps those who want its shard to exist, until that is durable. */
final class OpenDesk {

  private final List<ActorRef<OpenReply>> waiting = new ArrayList<>();

  void add(ActorRef<OpenReply> replyTo) {
    waiting.add(replyTo);
  }

  /** The shard is open and will be so after any restart. */
  void opened() {
    answer(new Opened());
  }

  /** The shard stays as it is; whoever wants it opened asks again. */
  void failed(Failed failure) {
    answer(failure);
  }

  private void answer(OpenReply reply) {
    waiting.forEach(replyTo -> replyTo.tell(reply));
    waiting.clear();
  }
}
