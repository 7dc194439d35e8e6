package io.millrace.engine.shard;

import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.KeyRefused;
import io.millrace.engine.shard.ShardMessage.Read;
import io.millrace.engine.shard.ShardMessage.ReadDone;
import io.millrace.engine.shard.ShardMessage.ReadReply;
import io.millrace.engine.shard.ShardMessage.ReadThrottled;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailPage;
import java.util.ArrayDeque;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where a gate serves reads: it admits them by the read limits and lets the tail answer, on
 * whatever thread has the records. Limited reads go one at a time, since each is charged what it
 * returned.
 */
final class ReadDesk {

  private static final int WAITING_READS = 16;

  private final ActorRef<ShardMessage> gate;
  private final Optional<ReadBudget> budget;
  private final ArrayDeque<Read> waiting = new ArrayDeque<>();
  private boolean serving;

  /** A limited read has been answered. */
  record Finished(long bytes) implements ShardMessage.Internal {}

  ReadDesk(ActorRef<ShardMessage> gate, Optional<ShardLimits> limits, EngineClock clock) {
    this.gate = gate;
    this.budget = limits.map(figures -> new ReadBudget(figures, clock));
  }

  void onRead(Read read, RecordTail tail) {
    if (budget.isEmpty() || !read.limited()) {
      serve(read, tail);
    } else if (!serving) {
      admit(read, tail);
    } else if (waiting.size() < WAITING_READS) {
      waiting.add(read);
    } else {
      read.replyTo().tell(new ReadThrottled());
    }
  }

  void onFinished(Finished finished, RecordTail tail) {
    budget.ifPresent(figures -> figures.charge(finished.bytes()));
    serving = false;
    while (!serving && !waiting.isEmpty()) {
      admit(waiting.removeFirst(), tail);
    }
  }

  /** Tells who waits that he is not served any more. */
  void dismiss(Failed failed) {
    waiting.forEach(read -> read.replyTo().tell(failed));
    waiting.clear();
  }

  private void admit(Read read, RecordTail tail) {
    if (budget.orElseThrow().admitsCall()) {
      serving = true;
      serve(read, tail);
    } else {
      read.replyTo().tell(new ReadThrottled());
    }
  }

  private void serve(Read read, RecordTail tail) {
    boolean charged = serving && read.limited();
    tail.read(read.fromCounter(), read.maxRecords(), read.maxBytes(), read.retentionMillis())
        .whenComplete(
            (page, failure) -> {
              if (charged) {
                gate.tell(new Finished(failure == null ? page.bytes() : 0));
              }
              read.replyTo().tell(failure == null ? done(page) : problem(failure));
            });
  }

  private static ReadReply problem(Throwable failure) {
    Optional<KeyStoreException> key = KeyStoreException.within(failure);
    return key.isPresent()
        ? new KeyRefused(key.get().reason(), key.get().getMessage())
        : Failed.reading(failure);
  }

  private static ReadDone done(TailPage page) {
    return new ReadDone(
        page.records(), page.nextCounter(), page.millisBehindLatest(), page.atShardEnd());
  }
}
