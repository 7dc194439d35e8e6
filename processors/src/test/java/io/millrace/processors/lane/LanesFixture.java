package io.millrace.processors.lane;

import io.millrace.engine.api.ChildShard;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.processors.api.MappingOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Lanes with records that are known by their counters, and a clock that the test moves. */
final class LanesFixture {

  static final ShardId SHARD = new ShardId(0);

  /** 2026-01-01T00:00Z, a multiple of every window that divides a day. */
  static final long START = 1_767_225_600_000L;

  final MappingOptions options;
  final ShardLanes lanes;
  long nowMillis = START;
  long horizonMillis = Long.MIN_VALUE;

  LanesFixture(MappingOptions options) {
    this(options, LanesState.EMPTY, record -> true);
  }

  LanesFixture(MappingOptions options, LanesState stored, Predicate<Record> filter) {
    this.options = options;
    this.lanes = new ShardLanes(options, stored, filter, record -> record.data().size());
  }

  static SequenceNumber number(int counter) {
    return new SequenceNumber(1_700_000_000L, counter, 1_700_000_000L, 0);
  }

  static Record record(int counter, String key, long arrivalMillis, int bytes) {
    return new Record(
        number(counter), Instant.ofEpochMilli(arrivalMillis), Payload.wrap(new byte[bytes]), key);
  }

  Moment now() {
    return new Moment(
        nowMillis, Duration.ofMillis(nowMillis - START).toNanos() + 7_000_000_000L, horizonMillis);
  }

  void passes(Duration time) {
    nowMillis += time.toMillis();
  }

  /** Records of one key that arrive now. */
  void arrive(int... counters) {
    offer(
        Arrays.stream(counters).mapToObj(counter -> record(counter, "key", nowMillis, 1)).toList());
  }

  void offer(List<Record> records) {
    lanes.offer(page(records, List.of()), now());
  }

  static ShardRecords page(List<Record> records, List<ChildShard> children) {
    Optional<SequenceNumber> continuation =
        children.isEmpty() && !records.isEmpty()
            ? Optional.of(records.get(records.size() - 1).sequenceNumber())
            : Optional.empty();
    return new ShardRecords(SHARD, records, continuation, 0, children);
  }

  void shardEnds() {
    lanes.offer(
        page(
            List.of(),
            List.of(
                new ChildShard(
                    new ShardId(1), List.of(SHARD), new HashKeyRange(HashKey.MIN, HashKey.MAX)))),
        now());
  }

  List<Step> steps() {
    return lanes.steps(now());
  }

  /** The only step, which calls the function. */
  Step.Invoke call() {
    List<Step> steps = steps();
    if (steps.size() == 1 && steps.get(0) instanceof Step.Invoke invoke) {
      return invoke;
    }
    throw new AssertionError("expected one call, not " + steps);
  }

  /** The only step, which sends a notice. */
  Discard notice() {
    List<Step> steps = steps();
    if (steps.size() == 1 && steps.get(0) instanceof Step.Report report) {
      return report.discard();
    }
    throw new AssertionError("expected one notice, not " + steps);
  }

  /** Waits until it wants something, makes the only call, and ends it so. */
  List<Integer> callEnds(Outcome outcome) {
    waitUntilItWants();
    Step.Invoke call = call();
    lanes.completed(call.lane(), outcome, now());
    return counters(call);
  }

  void waitUntilItWants() {
    lanes.wakeUpNanos(now()).ifPresent(nanos -> passes(Duration.ofNanos(nanos).plusMillis(1)));
  }

  static List<Integer> counters(Step.Invoke call) {
    return counters(call.invocation().records());
  }

  static List<Integer> counters(List<Record> records) {
    return records.stream().map(record -> (int) record.sequenceNumber().counter()).toList();
  }

  Optional<Long> checkpoint() {
    return lanes.checkpoint().map(SequenceNumber::counter);
  }

  static Outcome failedAt(Integer... counters) {
    return new Outcome.Answered(
        Arrays.stream(counters).map(counter -> number(counter).toString()).toList(),
        Optional.empty());
  }

  static Outcome failure() {
    return new Outcome.Failed(Outcome.Kind.ERROR, "boom");
  }

  static Outcome state(String json) {
    return new Outcome.Answered(List.of(), Optional.of(Payload.utf8(json)));
  }

  /** A partition key of each lane. */
  static List<String> keys(int factor) {
    LaneRule rule = new LaneRule(factor);
    List<String> keys = new ArrayList<>();
    for (int lane = 0; lane < factor; lane++) {
      int wanted = lane;
      keys.add(
          IntStream.range(0, 1000)
              .mapToObj(Integer::toString)
              .filter(key -> rule.laneOf(key) == wanted)
              .findFirst()
              .orElseThrow());
    }
    return keys;
  }
}
