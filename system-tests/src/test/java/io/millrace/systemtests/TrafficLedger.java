package io.millrace.systemtests;

import io.millrace.engine.api.Shard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a test has done to one stream. */
final class TrafficLedger {

  /** What was done to one shard. */
  static final class Counted {
    long putRecords;
    long putBytes;
    long writeThrottled;
    long readRecords;
    long readBytes;
    long readThrottled;
    long agedReads;
    long pushedRecords;
    long pushedBytes;
    long pushedEvents;

    Counted plus(Counted other) {
      Counted sum = new Counted();
      sum.putRecords = putRecords + other.putRecords;
      sum.putBytes = putBytes + other.putBytes;
      sum.writeThrottled = writeThrottled + other.writeThrottled;
      sum.readRecords = readRecords + other.readRecords;
      sum.readBytes = readBytes + other.readBytes;
      sum.readThrottled = readThrottled + other.readThrottled;
      sum.agedReads = agedReads + other.agedReads;
      sum.pushedRecords = pushedRecords + other.pushedRecords;
      sum.pushedBytes = pushedBytes + other.pushedBytes;
      sum.pushedEvents = pushedEvents + other.pushedEvents;
      return sum;
    }
  }

  /** What was called of one operation on one stream. */
  static final class Calls {
    long succeeded;
    long failed;
    long stored;
    long throttled;
    long bytes;
  }

  final String stream;
  final List<Shard> shards;
  final Map<String, Counted> byShard = new HashMap<>();
  final Calls putRecord = new Calls();
  final Calls putRecords = new Calls();
  final Calls getRecords = new Calls();

  TrafficLedger(String stream, List<Shard> shards) {
    this.stream = stream;
    this.shards = shards;
    shards.forEach(shard -> byShard.put(shard.shardId().toString(), new Counted()));
  }

  Counted of(Shard shard) {
    return byShard.get(shard.shardId().toString());
  }

  Counted sum() {
    return byShard.values().stream().reduce(new Counted(), Counted::plus);
  }
}
