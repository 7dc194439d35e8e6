package io.millrace.engine.shard;

import io.millrace.engine.encryption.Opener;
import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.Record;
import io.millrace.engine.shard.ShardCommand.Committed;
import io.millrace.engine.shard.ShardMessage.AttachTail;
import io.millrace.engine.shard.ShardMessage.Attached;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.KeyRefused;
import io.millrace.engine.shard.ShardMessage.LocateLatest;
import io.millrace.engine.shard.ShardMessage.LocateTime;
import io.millrace.engine.shard.ShardMessage.Located;
import io.millrace.engine.shard.ShardMessage.Read;
import io.millrace.engine.shard.ShardMessage.ReadDone;
import io.millrace.engine.shard.ShardMessage.ReadReply;
import io.millrace.engine.shard.ShardMessage.ReadThrottled;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.ShardTail;
import io.millrace.engine.tail.TailPage;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where a gate serves readers, once its shard is open: it admits reads by the read limits and lets
 * the tail answer, on whatever thread has the records. Limited reads go one at a time, since each
 * is charged what it returned.
 */
final class ReadDesk {

  private static final int WAITING_READS = 16;

  private final ActorRef<ShardMessage> gate;
  private final ShardAddress address;
  private final ShardEnvironment environment;
  private final Optional<ReadBudget> budget;
  private final ArrayDeque<Read> waiting = new ArrayDeque<>();
  private boolean serving;

  /** Null until the shard has recovered and is open. */
  private ShardTail tail;

  /** A limited read has been answered. */
  record Finished(long bytes) implements ShardMessage.Internal {}

  ReadDesk(ActorRef<ShardMessage> gate, ShardAddress address, ShardEnvironment environment) {
    this.gate = gate;
    this.address = address;
    this.environment = environment;
    this.budget =
        environment.settings().limits().map(limits -> new ReadBudget(limits, environment.clock()));
  }

  /** Whether the shard is open as far as is known, so that there is something to read. */
  boolean isOpen() {
    return tail != null;
  }

  /** The shard has been opened, or has recovered to this state. */
  void open(ShardState.Opened shard) {
    if (tail == null) {
      tail =
          new ShardTail(
              address.persistenceId(),
              shard.identity(),
              shard.tailState(),
              environment.storage().pages(),
              new Opener(environment.keys(), address.streamLife(), address.persistenceId()),
              environment.windows(),
              environment.clock());
    } else {
      tail.recovered(shard.tailState());
    }
  }

  /** An event is durable, if there was one to write: readers see it from here on. */
  void publish(Committed committed) {
    if (committed.frame() != null) {
      tail.publish(committed.frame(), committed.state().tailState());
    }
  }

  /** The records of the shard. */
  RecordTail tail() {
    return tail;
  }

  /** The counter after that of the newest record. */
  long latestCounter() {
    return tail.state().latestCounter();
  }

  void onRead(Read read) {
    if (budget.isEmpty() || !read.limited()) {
      serve(read);
    } else if (!serving) {
      admit(read);
    } else if (waiting.size() < WAITING_READS) {
      waiting.add(read);
    } else {
      throttle(read);
    }
  }

  void onFinished(Finished finished) {
    budget.ifPresent(figures -> figures.charge(finished.bytes()));
    serving = false;
    while (!serving && !waiting.isEmpty()) {
      admit(waiting.removeFirst());
    }
  }

  void onLocateLatest(LocateLatest locate) {
    locate.replyTo().tell(new Located(latestCounter()));
  }

  void onLocateTime(LocateTime locate) {
    tail.locate(locate.epochMillis())
        .whenComplete(
            (counter, failure) ->
                locate
                    .replyTo()
                    .tell(failure == null ? new Located(counter) : Failed.reading(failure)));
  }

  void onAttachTail(AttachTail attach) {
    attach.replyTo().tell(new Attached(tail));
  }

  /** What the shard stores is about to be deleted. */
  void erasing() {
    if (tail != null) {
      tail.erasing();
    }
  }

  /** Serves nobody any more, and tells so whoever waits. */
  void close(Failed failed) {
    if (tail != null) {
      tail.close();
    }
    waiting.forEach(read -> read.replyTo().tell(failed));
    waiting.clear();
  }

  private void admit(Read read) {
    if (budget.orElseThrow().admitsCall()) {
      serving = true;
      serve(read);
    } else {
      throttle(read);
    }
  }

  private void throttle(Read read) {
    environment.meter(address).readThrottled(address.shardId());
    read.replyTo().tell(new ReadThrottled());
  }

  private void serve(Read read) {
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
