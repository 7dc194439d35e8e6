package io.millrace.engine.shard;

import io.millrace.engine.shard.ShardMessage.AttachTail;
import io.millrace.engine.shard.ShardMessage.Close;
import io.millrace.engine.shard.ShardMessage.Erase;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.LocateLatest;
import io.millrace.engine.shard.ShardMessage.LocateTime;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.Open;
import io.millrace.engine.shard.ShardMessage.Put;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Read;
import io.millrace.engine.shard.ShardMessage.ReportTraffic;
import io.millrace.engine.shard.ShardMessage.Trim;
import java.util.Collections;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The end of a shard on this node, for whoever comes too late: he is told, rather than left to wait
 * in vain.
 *
 * @param why what he is told
 */
record Dismissal(Failed why) {

  /** The engine closes. */
  static final Dismissal CLOSING =
      new Dismissal(new Failed(Failed.Kind.UNAVAILABLE, "the engine is closing"));

  /** All that the shard stored is deleted. */
  static Dismissal erased(ShardAddress shard) {
    return new Dismissal(new Failed(Failed.Kind.NOT_THERE, "there is no shard " + shard));
  }

  /** Answers what still comes, until whoever keeps the gate has it leave. */
  Behavior<ShardMessage> untilLeave() {
    return Behaviors.receive(ShardMessage.class)
        .onMessageEquals(ShardGate.Leave.NOW, Behaviors::stopped)
        .onAnyMessage(
            message -> {
              answer(message);
              return Behaviors.same();
            })
        .onSignal(Terminated.class, stopped -> Behaviors.same())
        .build();
  }

  /** Answers a message that has had no effect, and will have none. */
  void answer(ShardMessage message) {
    if (message instanceof Open open) {
      open.replyTo().tell(why);
    } else if (message instanceof Put put) {
      PutOutcome notWritten = new NotWritten(why.why());
      put.replyTo().tell(new PutDone(Collections.nCopies(put.entries().size(), notWritten)));
    } else if (message instanceof Read read) {
      read.replyTo().tell(why);
    } else if (message instanceof LocateLatest locate) {
      locate.replyTo().tell(why);
    } else if (message instanceof LocateTime locate) {
      locate.replyTo().tell(why);
    } else if (message instanceof AttachTail attach) {
      attach.replyTo().tell(why);
    } else if (message instanceof Trim trim) {
      trim.replyTo().tell(why);
    } else if (message instanceof ReportTraffic report) {
      report.replyTo().tell(why);
    } else if (message instanceof Close close) {
      close.replyTo().tell(why);
    } else if (message instanceof Erase erase) {
      erase.replyTo().tell(why);
    }
  }
}
