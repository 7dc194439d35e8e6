package io.millrace.engine.shard;

import io.millrace.engine.model.KeyId;
import io.millrace.engine.shard.PendingPut.Slot;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Records that were admitted and wait for their write, in order. Bounded in records and bytes; who
 * finds it full is throttled. Owned by the gate.
 */
final class PutQueue {

  private final ShardSettings settings;
  private final ArrayDeque<Slot> slots = new ArrayDeque<>();
  private long bytes;
  private int puts;
  private PendingPut newest;

  PutQueue(ShardSettings settings) {
    this.settings = settings;
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  /** How many records are here. */
  int size() {
    return slots.size();
  }

  /** Their data and keys, bytes. */
  long bytes() {
    return bytes;
  }

  /** How many puts have records here. */
  int puts() {
    return puts;
  }

  /** Whether what waits fills an event. */
  boolean fillsBatch() {
    return bytes >= settings.batchBytes() || slots.size() >= settings.batchRecords();
  }

  boolean hasRoomFor(int size) {
    return slots.size() < settings.queueRecords() && bytes + size <= settings.queueBytes();
  }

  void add(Slot slot) {
    slots.addLast(slot);
    bytes += slot.entry().size();
    if (slot.pending() != newest) {
      newest = slot.pending();
      puts++;
    }
  }

  /**
   * Takes the oldest records: as many as make one event, under one key. A put is not split for the
   * sake of a small rest: its records may fill the event by a quarter more.
   */
  List<Slot> takeBatch() {
    List<Slot> batch = new ArrayList<>();
    long taken = 0;
    PendingPut last = null;
    while (!slots.isEmpty() && batch.size() < settings.batchRecords()) {
      int size = slots.peekFirst().entry().size();
      int room =
          slots.peekFirst().pending() == last
              ? settings.batchBytes() + settings.batchBytes() / 4
              : settings.batchBytes();
      if (!batch.isEmpty() && (taken + size > room || !isUnderKeyOf(batch))) {
        break;
      }
      Slot slot = slots.removeFirst();
      batch.add(slot);
      taken += size;
      if (slot.pending() != last) {
        last = slot.pending();
        puts--;
      }
    }
    bytes -= taken;
    if (slots.isEmpty()) {
      newest = null;
      puts = 0;
    } else if (slots.peekFirst().pending() == last) {
      puts++;
    }
    return batch;
  }

  private boolean isUnderKeyOf(List<Slot> batch) {
    return slots.element().key().equals(batch.get(0).key());
  }

  /** Gives the oldest records the same outcome, as far as they have this key. */
  void settleUnder(KeyId key, PutOutcome outcome) {
    while (!slots.isEmpty() && slots.element().key().equals(Optional.of(key))) {
      takeBatch().forEach(slot -> slot.settle(outcome));
    }
  }

  /** Gives everything that waits the same outcome. */
  void settleAll(PutOutcome outcome) {
    slots.forEach(slot -> slot.settle(outcome));
    slots.clear();
    bytes = 0;
    puts = 0;
    newest = null;
  }
}
