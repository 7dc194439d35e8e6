package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.DescribeStreamConsumerRequest;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.api.SubscribeToShardEvent;
import io.millrace.engine.api.SubscribeToShardRequest;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.fanout.FanOut;
import io.millrace.testkit.Awaits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Traffic that is entered in a ledger, as its callers were told what became of it.
 *
 * @param millrace the engine
 * @param readsPerSecond how many reads of a shard it does not throttle
 */
record CountedTraffic(Millrace millrace, int readsPerSecond) {

  private StreamClient client() {
    return millrace.client();
  }

  void putMany(TrafficLedger ledger, Random random) {
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    List<Shard> to = new ArrayList<>();
    int records = 1 + random.nextInt(25);
    for (int i = 0; i < records; i++) {
      Shard shard = ledger.shards.get(random.nextInt(ledger.shards.size()));
      to.add(shard);
      entries.add(
          PutRecordsRequestEntry.of("ключ-" + i, Payload.wrap(new byte[random.nextInt(2000)]))
              .withExplicitHashKey(shard.hashKeyRange().starting().toString()));
    }
    PutRecordsResponse response =
        Awaits.get(client().putRecords(PutRecordsRequest.of(ledger.stream, entries)));
    int stored = 0;
    for (int i = 0; i < records; i++) {
      TrafficLedger.Counted counted = ledger.of(to.get(i));
      if (response.records().get(i).isStored()) {
        long bytes =
            (long) entries.get(i).data().size()
                + entries.get(i).partitionKey().getBytes(StandardCharsets.UTF_8).length;
        stored++;
        counted.putRecords++;
        counted.putBytes += bytes;
        ledger.putRecords.bytes += bytes;
      } else {
        counted.writeThrottled++;
        ledger.putRecords.throttled++;
      }
    }
    ledger.putRecords.stored += stored;
    if (stored > 0) {
      ledger.putRecords.succeeded++;
    } else {
      ledger.putRecords.failed++;
    }
  }

  void putOne(TrafficLedger ledger, Shard shard, Random random) {
    int size = random.nextInt(500);
    TrafficLedger.Counted counted = ledger.of(shard);
    try {
      Awaits.get(
          client()
              .putRecord(
                  PutRecordRequest.of(ledger.stream, "key", Payload.wrap(new byte[size]))
                      .withExplicitHashKey(shard.hashKeyRange().starting().toString())));
      counted.putRecords++;
      counted.putBytes += size + 3;
      ledger.putRecord.succeeded++;
      ledger.putRecord.stored++;
      ledger.putRecord.bytes += size + 3;
    } catch (ProvisionedThroughputExceededException throttled) {
      counted.writeThrottled++;
      ledger.putRecord.failed++;
      ledger.putRecord.throttled++;
    }
  }

  private static long bytes(List<Record> records) {
    return records.stream()
        .mapToLong(
            record ->
                (long) record.data().size()
                    + record.partitionKey().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }

  /** Reads a shard in pieces, until its calls are throttled. */
  void readAll(TrafficLedger ledger, Shard shard) {
    TrafficLedger.Counted counted = ledger.of(shard);
    String next =
        Awaits.get(
                client()
                    .getShardIterator(
                        GetShardIteratorRequest.trimHorizon(
                            ledger.stream, shard.shardId().toString())))
            .shardIterator();
    for (int call = 0; call <= readsPerSecond; call++) {
      try {
        GetRecordsResponse page =
            Awaits.get(client().getRecords(GetRecordsRequest.of(next).withLimit(30)));
        counted.readRecords += page.records().size();
        counted.readBytes += bytes(page.records());
        counted.agedReads += page.records().isEmpty() ? 0 : 1;
        ledger.getRecords.succeeded++;
        next = page.nextShardIterator();
      } catch (ProvisionedThroughputExceededException throttled) {
        counted.readThrottled++;
        ledger.getRecords.failed++;
      }
    }
  }

  void pushAll(TrafficLedger ledger, Shard shard, String consumerArn) {
    SubscribeToShardRequest request =
        new SubscribeToShardRequest(
            consumerArn, shard.shardId().toString(), StartingPosition.trimHorizon());
    var publisher = Awaits.get(FanOut.of(millrace).subscribeToShard(request));
    TrafficLedger.Counted counted = ledger.of(shard);
    AtomicLong missing = new AtomicLong(counted.putRecords);
    List<SubscribeToShardEvent> events =
        Awaits.get(
            Source.fromPublisher(publisher)
                .takeWhile(event -> missing.addAndGet(-event.records().size()) > 0, true)
                .runWith(Sink.seq(), millrace.system()));
    assertThat(missing).hasValue(0);
    for (SubscribeToShardEvent event : events) {
      counted.pushedEvents++;
      counted.pushedRecords += event.records().size();
      counted.pushedBytes += bytes(event.records());
    }
    assertThat(Awaits.failureOf(FanOut.of(millrace).subscribeToShard(request)))
        .isInstanceOf(LimitExceededException.class);
  }

  String register(TrafficLedger ledger) {
    String streamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/" + ledger.stream;
    String arn =
        Awaits.get(
                client()
                    .registerStreamConsumer(new RegisterStreamConsumerRequest(streamArn, "audit")))
            .consumer()
            .consumerARN();
    Awaits.await(
        "the consumer",
        () ->
            Awaits.get(
                        client()
                            .describeStreamConsumer(
                                new DescribeStreamConsumerRequest(null, null, arn)))
                    .consumerDescription()
                    .consumerStatus()
                == ConsumerStatus.ACTIVE);
    return arn;
  }
}
