package io.millrace.engine.shard;

import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.Record;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.KeyRefused;
import io.millrace.engine.shard.ShardMessage.Read;
import io.millrace.engine.shard.ShardMessage.ReadDone;
import io.millrace.engine.shard.ShardMessage.ReadReply;
import io.millrace.engine.shard.ShardMessage.ReadThrottled;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailPage;
import java.util.ArrayDeque;
import java.util.List;
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
  private final ShardAddress address;
  private final ShardEnvironment environment;
  private final Optional<ReadBudget> budget;
  private final ArrayDeque<Read> waiting = new ArrayDeque<>();
  private boolean serving;

  /** A limited read has been answered. */
  record Finished(long bytes) implements ShardMessage.Internal {}

  ReadDesk(ActorRef<ShardMessage> gate, ShardAddress address, ShardEnvironment environment) {
    this.gate = gate;
    this.address = address;
    this.environment = environment;
    this.budget =
        environment.settings().limits().map(limits -> new ReadBudget(limits, environment.clock()));
  }

  void onRead(Read read, RecordTail tail) {
    if (budget.isEmpty() || !read.limited()) {
      serve(read, tail);
    } else if (!serving) {
      admit(read, tail);
    } else if (waiting.size() < WAITING_READS) {
      waiting.add(read);
    } else {
      throttle(read);
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
      throttle(read);
    }
  }

  private void throttle(Read read) {
    environment.meter(address).readThrottled(address.shardId());
    read.replyTo().tell(new ReadThrottled());
  }

  private void serve(Read read, RecordTail tail) {
    boolean charged = serving && read.limited();
    tail.read(read.fromCounter(), read.maxRecords(), read.maxBytes(), read.retentionMillis())
        .whenComplete(
            (page, failure) -> {
              if (charged) {
                gate.tell(new Finished(failure == null ? page.bytes() : 0));
              }
              if (read.limited() && failure == null) {
                count(page);
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

  private void count(TailPage page) {
    List<Record> records = page.records();
    long ageMillis =
        records.isEmpty()
            ? 0
            : environment.clock().epochMillis()
                - records.get(records.size() - 1).approximateArrivalTimestamp().toEpochMilli();
    environment
        .meter(address)
        .read(address.shardId(), records.size(), page.bytes(), Math.max(0, ageMillis));
  }

  private static ReadDone done(TailPage page) {
    return new ReadDone(
        page.records(), page.nextCounter(), page.millisBehindLatest(), page.atShardEnd());
  }
}
