package io.millrace.engine.shard;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.ProducerSequence;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.PendingPut.Slot;
import io.millrace.engine.shard.ShardMessage.Accepted;
import io.millrace.engine.shard.ShardMessage.Forgotten;
import io.millrace.engine.shard.ShardMessage.Put;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Stored;
import io.millrace.engine.shard.ShardMessage.Throttled;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Where a gate keeps puts: it admits their records by budget and room, gathers them into batches,
 * and tells each record what became of it. A repeat of a record that its producer has numbered
 * never gets into a batch: it is recognised when the next one is made, when all earlier writes are
 * known.
 */
final class WriteDesk {

  private final ShardAddress address;
  private final ShardEnvironment environment;
  private final Optional<WriteBudget> budget;
  private final PutQueue queue;
  private final GatherRule gatherRule;
  private final AcceptedTraffic traffic;

  /** The records in the write under way. */
  private List<Slot> writing = List.of();

  private int writingPuts;
  private long writingSinceNanos;

  /** Repeats of records in that write, which share their outcomes. */
  private List<Repeat> repeats = List.of();

  /**
   * A repeat of a record that is being written.
   *
   * @param first where that is in the write
   */
  private record Repeat(Slot slot, int first) {}

  WriteDesk(ShardAddress address, ShardEnvironment environment) {
    this.address = address;
    this.environment = environment;
    this.budget =
        environment.settings().limits().map(limits -> new WriteBudget(limits, environment.clock()));
    this.queue = new PutQueue(environment.settings());
    this.traffic = new AcceptedTraffic(address.shardId());
    this.gatherRule = new GatherRule(environment.clock());
  }

  /** Takes each record that budget and queue have room for; the others are throttled at once. */
  void admit(Put put) {
    budget.ifPresent(figures -> figures.allowBurst(put.burstBytes()));
    PendingPut pending = new PendingPut(put);
    boolean refusedBefore = false;
    int throttled = 0;
    int records = queue.size();
    long bytes = queue.bytes();
    for (int i = 0; i < put.entries().size(); i++) {
      int size = put.entries().get(i).size();
      if (refusedBefore && put.inOrder()) {
        pending.settle(i, throttled(0));
        throttled++;
      } else if (!queue.hasRoomFor(size)) {
        pending.settle(i, throttled(gatherRule.lastWriteMillis()));
        throttled++;
        refusedBefore = true;
      } else if (budget.isPresent() && !budget.get().admits(size)) {
        pending.settle(i, throttled(budget.get().millisUntil(size)));
        throttled++;
        refusedBefore = true;
      } else {
        queue.add(new Slot(pending, i));
        traffic.add(put.entries().get(i));
      }
    }
    if (throttled > 0) {
      environment.meter(address).writeThrottled(address.shardId(), throttled);
    }
    queueChanged(records, bytes);
  }

  private Throttled throttled(long retryAfterMillis) {
    return new Throttled(address.shardId(), Math.max(1, retryAfterMillis));
  }

  /** What was taken since this was last asked. */
  Accepted takeTraffic() {
    return traffic.take();
  }

  /** Takes none of these records. */
  void refuse(Put put, PutOutcome outcome) {
    PendingPut pending = new PendingPut(put);
    for (int i = 0; i < put.entries().size(); i++) {
      pending.settle(i, outcome);
    }
  }

  /** Whether nothing waits for a write. */
  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Whether a write is under way. */
  boolean isWriting() {
    return !writing.isEmpty();
  }

  /** Whether it pays to wait for more before the next write. */
  boolean waitsForMore() {
    return !queue.fillsBatch() && gatherRule.waitsForMore(queue.puts());
  }

  /** In how long to look again whether it still does, nanoseconds; 0 for at once. */
  long nanosToNextLook() {
    return gatherRule.nanosToNextLook();
  }

  /** That time has come. */
  void looked() {
    gatherRule.looked();
  }

  /**
   * Begins the next event: its records. None are left when all that wait are repeats.
   *
   * @param known what is remembered of the records that producers numbered
   */
  List<PutEntry> nextBatch(ProducerWindows known) {
    int putsBefore = queue.puts();
    int records = queue.size();
    long bytes = queue.bytes();
    do {
      take(queue.takeBatch(), known);
    } while (writing.isEmpty() && !queue.isEmpty());
    queueChanged(records, bytes);
    writingPuts = putsBefore - queue.puts();
    List<PutEntry> entries = new ArrayList<>(writing.size());
    writing.forEach(slot -> entries.add(slot.entry()));
    return entries;
  }

  /** The event goes to the storage now. */
  void started() {
    writingSinceNanos = environment.clock().nanoTime();
    gatherRule.started(writingPuts);
  }

  /** What the write under way is to be sealed with. */
  Optional<KeyId> key() {
    return writing.get(0).key();
  }

  /** Takes what is to be written; a repeat is answered, or waits for the first put. */
  private void take(List<Slot> batch, ProducerWindows known) {
    writing = new ArrayList<>(batch.size());
    repeats = new ArrayList<>();
    RisingSequences rising = new RisingSequences(known);
    Map<ProducerSequence, Integer> firsts = new HashMap<>();
    int entered = 0;
    for (Slot slot : batch) {
      Optional<ProducerSequence> numbered = slot.entry().producer();
      if (numbered.isEmpty() || rising.rises(numbered.get())) {
        writing.add(slot);
        continue;
      }
      ProducerSequence sequence = numbered.get();
      Optional<SequenceNumber> stored = known.find(sequence);
      if (stored.isPresent()) {
        slot.settle(new Stored(stored.get(), slot.encryption()));
      } else if (known.mayHaveForgotten(sequence)) {
        slot.settle(new Forgotten());
      } else {
        entered = enter(firsts, entered);
        Integer first = firsts.get(sequence);
        if (first == null) {
          writing.add(slot);
        } else {
          repeats.add(new Repeat(slot, first));
        }
      }
    }
  }

  /** Enters what is to be written, from this one on, by its sequence; answers how much it is. */
  private int enter(Map<ProducerSequence, Integer> firsts, int from) {
    for (int i = from; i < writing.size(); i++) {
      int index = i;
      writing.get(i).entry().producer().ifPresent(sequence -> firsts.put(sequence, index));
    }
    return writing.size();
  }

  /** The write is durable and readable. */
  void written(Frame stored, ShardIdentity identity) {
    Frame.Header event = stored.header();
    EncryptionType encryption = stored.key().isPresent() ? EncryptionType.KMS : EncryptionType.NONE;
    gatherRule.finished(queue.puts());
    long putSeconds = Math.floorDiv(event.arrivalMillis(), 1000L);
    count(writing);
    settleWriting(
        index ->
            new Stored(
                new SequenceNumber(
                    identity.createdSeconds(),
                    SequenceNumber.counter(event.eventNumber(), index),
                    putSeconds,
                    identity.shardIndex()),
                encryption));
  }

  /** Before anyone is told: whoever was answered finds himself counted. */
  private void count(List<Slot> written) {
    long bytes = 0;
    for (Slot slot : written) {
      bytes += slot.entry().size();
    }
    long nanos = environment.clock().nanoTime() - writingSinceNanos;
    environment.meter(address).stored(address.shardId(), written.size(), bytes);
    environment.metrics().storage().committed(written.size(), bytes, nanos);
  }

  private void queueChanged(int recordsBefore, long bytesBefore) {
    environment
        .metrics()
        .storage()
        .queued(queue.size() - recordsBefore, queue.bytes() - bytesBefore);
  }

  /** The write under way, if there is one, ends without an answer. */
  void giveUpWriting(PutOutcome outcome) {
    settleWriting(index -> outcome);
  }

  private void settleWriting(IntFunction<PutOutcome> outcomes) {
    List<Slot> settled = writing;
    List<Repeat> alike = repeats;
    writing = List.of();
    repeats = List.of();
    for (int i = 0; i < settled.size(); i++) {
      settled.get(i).settle(outcomes.apply(i));
    }
    alike.forEach(repeat -> repeat.slot().settle(outcomes.apply(repeat.first())));
  }

  /** Whatever waits next for a write under this key will not get one. */
  void giveUpWaitingFor(KeyId key, PutOutcome outcome) {
    int records = queue.size();
    long bytes = queue.bytes();
    queue.settleUnder(key, outcome);
    queueChanged(records, bytes);
  }

  /** Whatever waits for a write will not get one. */
  void giveUpWaiting(PutOutcome outcome) {
    int records = queue.size();
    long bytes = queue.bytes();
    queue.settleAll(outcome);
    queueChanged(records, bytes);
  }
}
