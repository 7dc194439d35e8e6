package io.millrace.clients;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the processors of an application were given, and in what order. That a record comes again is
 * counted and is no fault.
 */
final class Deliveries implements DeliveryLog {

  private final Set<Numbered> seen = new HashSet<>();
  private final Map<String, Integer> nextOfKey = new HashMap<>();
  private final Map<String, Set<String>> shardsOfWorker = new HashMap<>();
  private final Map<String, Set<String>> endedWhenStarted = new HashMap<>();
  private final Set<String> ended = new HashSet<>();
  private final List<String> outOfOrder = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private int repeats;
  private int aggregated;

  @Override
  public synchronized void started(String worker, String shard) {
    shardsOfWorker.computeIfAbsent(worker, unseen -> new HashSet<>()).add(shard);
    endedWhenStarted.putIfAbsent(shard, Set.copyOf(ended));
  }

  @Override
  public synchronized void delivered(String shard, Numbered record, boolean isAggregated) {
    if (!seen.add(record)) {
      repeats++;
      return;
    }
    aggregated += isAggregated ? 1 : 0;
    int next = nextOfKey.getOrDefault(record.key(), 0);
    if (record.number() != next) {
      outOfOrder.add("%s came from %s instead of number %d".formatted(record.text(), shard, next));
    }
    nextOfKey.put(record.key(), Math.max(next, record.number() + 1));
  }

  @Override
  public synchronized void ended(String shard) {
    ended.add(shard);
  }

  @Override
  public synchronized void fault(String what) {
    faults.add(what);
  }

  /** How many different records there have been. */
  synchronized int count() {
    return seen.size();
  }

  /** What was not preceded by all that was put before it under its key. */
  synchronized List<String> outOfOrder() {
    return List.copyOf(outOfOrder);
  }

  /** How many of them came out of an aggregated record. */
  synchronized int aggregated() {
    return aggregated;
  }

  /** How often one came that had come before. */
  synchronized int repeats() {
    return repeats;
  }

  synchronized Set<String> shardsOf(String worker) {
    return Set.copyOf(shardsOfWorker.getOrDefault(worker, Set.of()));
  }

  synchronized boolean isStarted(String shard) {
    return endedWhenStarted.containsKey(shard);
  }

  synchronized Set<String> ended() {
    return Set.copyOf(ended);
  }

  /** The shards that had ended before this one was started for the first time. */
  synchronized Set<String> endedBefore(String shard) {
    return endedWhenStarted.get(shard);
  }

  /** What must not be whatever the producer did. */
  synchronized List<String> faults() {
    return List.copyOf(faults);
  }
}
