package io.millrace.benchmarks;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/**
 * Subscribes to every shard with so many consumers and puts to all shards in turn at a steady pace,
 * each record at its own time; task after task. Arguments: endpoint, shards, consumers, records per
 * second, milliseconds of warm-up, milliseconds measured. Figures: milliseconds from that time to
 * the answer (p50) and to the record's arrival at the subscriptions (p50, p99), and the processors
 * that this process kept busy meanwhile.
 */
final class GatewayPushProgram {

  private final KinesisAsyncClient kinesis;
  private final int shards;
  private final Histogram answered = new SynchronizedHistogram(3);
  private final Histogram arrived = new SynchronizedHistogram(3);
  private final AtomicLong arrivals = new AtomicLong();
  private volatile long measuredFrom = Long.MAX_VALUE;
  private double processors;

  private GatewayPushProgram(KinesisAsyncClient kinesis, int shards) {
    this.kinesis = kinesis;
    this.shards = shards;
  }

  public static void main(String[] none) throws Exception {
    Peer.serve(GatewayPushProgram::push);
  }

  private static double[] push(String[] arguments, Runnable begun) {
    int consumers = Integer.parseInt(arguments[2]);
    try (KinesisAsyncClient kinesis = GatewayClient.connect(URI.create(arguments[0]))) {
      GatewayPushProgram program = new GatewayPushProgram(kinesis, Integer.parseInt(arguments[1]));
      program.subscribe(consumers);
      begun.run();
      long count =
          program.put(
              Integer.parseInt(arguments[3]),
              Long.parseLong(arguments[4]),
              Long.parseLong(arguments[5]));
      program.awaitArrivals(count * consumers);
      return new double[] {
        program.answered.getValueAtPercentile(50) / 1e6,
        program.arrived.getValueAtPercentile(50) / 1e6,
        program.arrived.getValueAtPercentile(99) / 1e6,
        program.processors
      };
    }
  }

  private void subscribe(int consumers) {
    String stream =
        kinesis
            .describeStreamSummary(r -> r.streamName(Engine.STREAM))
            .join()
            .streamDescriptionSummary()
            .streamARN();
    for (int i = 0; i < consumers; i++) {
      String name = "reader-" + i;
      String consumer =
          kinesis
              .registerStreamConsumer(r -> r.streamARN(stream).consumerName(name))
              .join()
              .consumer()
              .consumerARN();
      while (kinesis
              .describeStreamConsumer(r -> r.consumerARN(consumer))
              .join()
              .consumerDescription()
              .consumerStatus()
          != ConsumerStatus.ACTIVE) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
      for (int shard = 0; shard < shards; shard++) {
        subscribe(consumer, "shardId-%012d".formatted(shard));
      }
    }
  }

  private void subscribe(String consumer, String shard) {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    var unused =
        kinesis
            .subscribeToShard(
                r ->
                    r.consumerARN(consumer)
                        .shardId(shard)
                        .startingPosition(p -> p.type(ShardIteratorType.TRIM_HORIZON)),
                SubscribeToShardResponseHandler.builder()
                    .onResponse(response -> begun.complete(null))
                    .subscriber(this::arrived)
                    .build())
            .whenComplete(
                (ended, failure) -> {
                  if (failure != null) {
                    begun.completeExceptionally(failure);
                  }
                });
    begun.join();
  }

  private void arrived(SubscribeToShardEventStream event) {
    long now = System.nanoTime();
    ((SubscribeToShardEvent) event)
        .records()
        .forEach(
            record -> {
              long intended = record.data().asByteBuffer().getLong(0);
              if (intended >= measuredFrom) {
                arrived.recordValue(now - intended);
              }
              arrivals.incrementAndGet();
            });
  }

  private long put(int perSecond, long warmUpMillis, long measuredMillis) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      keys.add(Engine.keyOf(i, shards));
    }
    byte[] data = new Payloads(9).bytes(Payloads.RECORD_BYTES);
    long apart = TimeUnit.SECONDS.toNanos(1) / perSecond;
    long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
    measuredFrom = start + TimeUnit.MILLISECONDS.toNanos(warmUpMillis);
    long count = TimeUnit.MILLISECONDS.toNanos(warmUpMillis + measuredMillis) / apart;
    List<CompletableFuture<?>> answers = new ArrayList<>();
    Cost.Start cost = null;
    for (long i = 0; i < count; i++) {
      long intended = start + i * apart;
      if (cost == null && intended >= measuredFrom) {
        cost = new Cost.Start();
      }
      for (long left = intended - System.nanoTime();
          left > 0;
          left = intended - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      byte[] stamped = data.clone();
      ByteBuffer.wrap(stamped).putLong(0, intended);
      String key = keys.get((int) (i % shards));
      answers.add(
          kinesis
              .putRecord(
                  r ->
                      r.streamName(Engine.STREAM)
                          .partitionKey(key)
                          .data(SdkBytes.fromByteArrayUnsafe(stamped)))
              .thenRun(
                  () -> {
                    if (intended >= measuredFrom) {
                      answered.recordValue(System.nanoTime() - intended);
                    }
                  }));
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).join();
    processors = 1.0 * cost.untilNow().cpuNanos() / (System.nanoTime() - measuredFrom);
    return count;
  }

  private void awaitArrivals(long expected) {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (arrivals.get() < expected) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(arrivals.get() + " records have come of " + expected);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
