package io.millrace.engine.shard;

import io.millrace.engine.shard.ShardMessage.Erase;
import io.millrace.engine.shard.ShardMessage.EraseReply;
import io.millrace.engine.shard.ShardMessage.Erased;
import io.millrace.engine.shard.ShardMessage.Failed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Where a gate keeps those who want everything deleted that its shard stored. From the first of
 * them on the shard is not there; once its actor has stopped, its events go.
 */
final class EraseDesk {

  private final ActorContext<ShardMessage> gate;
  private final ShardAddress address;
  private final List<ActorRef<EraseReply>> waiting = new ArrayList<>();

  /** Nothing of the shard is left, or the storage failed before that. */
  record Finished(Throwable failure) implements ShardMessage.Internal {}

  EraseDesk(ActorContext<ShardMessage> gate, ShardAddress address) {
    this.gate = gate;
    this.address = address;
  }

  /** Whether the shard is being erased, which nothing can stop. */
  boolean isErasing() {
    return !waiting.isEmpty();
  }

  /** Takes someone who wants it; false if others came before him, and it goes on. */
  boolean add(Erase erase) {
    waiting.add(erase.replyTo());
    return waiting.size() == 1;
  }

  /** Waits for this, and has the gate told {@link Finished}. */
  void await(CompletionStage<Long> deletion) {
    gate.pipeToSelf(deletion, (events, failure) -> new Finished(failure));
  }

  /** Answers whoever waits; whoever comes later is told what is left of the shard. */
  Dismissal finish(Finished finished) {
    if (finished.failure() == null) {
      answer(new Erased());
      return Dismissal.erased(address);
    }
    Failed failed =
        new Failed(Failed.Kind.UNAVAILABLE, RootCause.of(finished.failure()).toString());
    answer(failed);
    return new Dismissal(failed);
  }

  private void answer(EraseReply reply) {
    waiting.forEach(replyTo -> replyTo.tell(reply));
  }
}
