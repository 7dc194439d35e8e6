package io.millrace.engine.metrics;

import static io.millrace.engine.metrics.Metric.Kind.COUNTER;
import static io.millrace.engine.metrics.Metric.Kind.GAUGE;
import static io.millrace.engine.metrics.Metric.Kind.SUMMARY;
import static io.millrace.engine.metrics.Metric.Kind.TIMER;

import java.util.List;

/** Every metric of the engine: of streams, shards, registered consumers, workers and itself. */
public enum EngineMetric implements Metric {
  CALLS(
      "millrace.calls",
      TIMER,
      "seconds",
      "stream operation result",
      "Calls that reached the stream."),
  CALL_BYTES(
      "millrace.call.bytes",
      COUNTER,
      "bytes",
      "stream operation",
      "Data and keys that calls stored or returned."),
  CALL_RECORDS(
      "millrace.call.records",
      COUNTER,
      "records",
      "stream operation result",
      "Records of calls, by what became of each."),
  INCOMING_BYTES(
      "millrace.incoming.bytes", COUNTER, "bytes", "stream", "Data and keys that were stored."),
  INCOMING_RECORDS(
      "millrace.incoming.records", COUNTER, "records", "stream", "Records that were stored."),
  WRITE_THROTTLED(
      "millrace.write.throttled",
      COUNTER,
      "records",
      "stream",
      "Records that a shard had no room for."),
  READ_THROTTLED(
      "millrace.read.throttled",
      COUNTER,
      "calls",
      "stream",
      "Reads that a shard had no budget for."),
  ITERATOR_AGE(
      "millrace.iterator.age",
      TIMER,
      "seconds",
      "stream",
      "Age of the last record that a read returned; 0 when it returned none."),

  SUBSCRIBE_CALLS(
      "millrace.subscribe.calls",
      COUNTER,
      "calls",
      "stream consumer result",
      "Calls of SubscribeToShard."),
  PUSH_EVENTS(
      "millrace.push.events",
      COUNTER,
      "events",
      "stream consumer result",
      "Events that were pushed, and subscriptions that broke off."),
  PUSH_BYTES(
      "millrace.push.bytes",
      COUNTER,
      "bytes",
      "stream consumer",
      "Data and keys that were pushed."),
  PUSH_RECORDS(
      "millrace.push.records", COUNTER, "records", "stream consumer", "Records that were pushed."),
  PUSH_BEHIND(
      "millrace.push.behind",
      TIMER,
      "seconds",
      "stream consumer",
      "How far behind the newest record each pushed event was."),

  SHARD_INCOMING_BYTES(
      "millrace.shard.incoming.bytes",
      COUNTER,
      "bytes",
      "stream shard",
      "Data and keys that were stored."),
  SHARD_INCOMING_RECORDS(
      "millrace.shard.incoming.records",
      COUNTER,
      "records",
      "stream shard",
      "Records that were stored."),
  SHARD_OUTGOING_BYTES(
      "millrace.shard.outgoing.bytes",
      COUNTER,
      "bytes",
      "stream shard",
      "Data and keys that were read or pushed."),
  SHARD_OUTGOING_RECORDS(
      "millrace.shard.outgoing.records",
      COUNTER,
      "records",
      "stream shard",
      "Records that were read or pushed."),
  SHARD_WRITE_THROTTLED(
      "millrace.shard.write.throttled",
      COUNTER,
      "records",
      "stream shard",
      "Records that it had no room for."),
  SHARD_READ_THROTTLED(
      "millrace.shard.read.throttled",
      COUNTER,
      "calls",
      "stream shard",
      "Reads that it had no budget for."),
  SHARD_ITERATOR_AGE(
      "millrace.shard.iterator.age",
      TIMER,
      "seconds",
      "stream shard",
      "Age of the last record that a read returned; 0 when it returned none."),

  CONSUMER_RECORDS(
      "millrace.consumer.records",
      COUNTER,
      "records",
      "application stream shard",
      "Records that were processed, aggregated ones taken apart."),
  CONSUMER_BYTES(
      "millrace.consumer.bytes",
      COUNTER,
      "bytes",
      "application stream shard",
      "Data of these records."),
  CONSUMER_BATCHES(
      "millrace.consumer.batches",
      TIMER,
      "seconds",
      "application stream shard result",
      "Batches that were processed, and how long each took."),
  CONSUMER_BEHIND(
      "millrace.consumer.behind",
      GAUGE,
      "seconds",
      "application stream shard",
      "Age of the oldest record that is known not to be processed; 0 when none is."),
  CONSUMER_CHECKPOINTS(
      "millrace.consumer.checkpoints",
      TIMER,
      "seconds",
      "application stream shard result",
      "Checkpoints, and how long each took to be durable."),

  WORKER_LEASES(
      "millrace.worker.leases",
      GAUGE,
      "leases",
      "application stream worker",
      "Leases that it works on."),
  WORKER_LEASES_TAKEN(
      "millrace.worker.leases.taken",
      COUNTER,
      "leases",
      "application stream worker",
      "Leases that it was given."),
  WORKER_LEASES_LOST(
      "millrace.worker.leases.lost",
      COUNTER,
      "leases",
      "application stream worker",
      "Leases that were taken from it before it had given them up."),
  WORKER_FAILURES(
      "millrace.worker.failures",
      COUNTER,
      "failures",
      "application stream worker",
      "Work on a shard that failed and was begun anew."),

  COMMIT("millrace.commit", TIMER, "seconds", "", "Batches of a shard until they were durable."),
  COMMIT_RECORDS("millrace.commit.records", SUMMARY, "records", "", "Records of these batches."),
  COMMIT_BYTES("millrace.commit.bytes", SUMMARY, "bytes", "", "Data and keys of these batches."),
  QUEUE_RECORDS(
      "millrace.queue.records", GAUGE, "records", "", "Records that wait for their write."),
  QUEUE_BYTES("millrace.queue.bytes", GAUGE, "bytes", "", "Data and keys of these records."),
  WINDOW_BYTES(
      "millrace.window.bytes",
      GAUGE,
      "bytes",
      "",
      "Memory that recent batches of all shards take."),
  PAGE_READS(
      "millrace.page.reads",
      TIMER,
      "seconds",
      "",
      "Reads of stored batches, which memory had not.");

  private final String meterName;
  private final Kind kind;
  private final String unit;
  private final String tags;
  private final String about;

  EngineMetric(String meterName, Kind kind, String unit, String tags, String about) {
    this.meterName = meterName;
    this.kind = kind;
    this.unit = unit;
    this.tags = tags;
    this.about = about;
  }

  @Override
  public String meterName() {
    return meterName;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public List<String> tags() {
    return tags.isEmpty() ? List.of() : List.of(tags.split(" ", -1));
  }

  @Override
  public String about() {
    return about;
  }
}
