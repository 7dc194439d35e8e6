package io.millrace.clients;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/**
 * Puts one record of each key, waits for the answer, and begins again until it is told to stop.
 * Every record is put exactly once.
 */
final class Traffic implements AutoCloseable {

  private static final int KEYS = 40;

  private final KinesisAsyncClient kinesis;
  private final String stream;
  private final Duration rest;
  private final AtomicInteger rounds = new AtomicInteger();
  private final CompletableFuture<Void> running;
  private volatile boolean isStopped;

  /** Traffic as fast as it is answered. */
  Traffic(KinesisAsyncClient kinesis, String stream) {
    this(kinesis, stream, Duration.ZERO);
  }

  /** Traffic that rests so long after each answer. */
  Traffic(KinesisAsyncClient kinesis, String stream, Duration rest) {
    this.kinesis = kinesis;
    this.stream = stream;
    this.rest = rest;
    this.running = CompletableFuture.runAsync(this::run);
  }

  private void run() {
    while (!isStopped) {
      int round = rounds.get();
      List<PutRecordsRequestEntry> entries =
          IntStream.range(0, KEYS).mapToObj(key -> entry("key-" + key, round)).toList();
      PutRecordsResponse response =
          kinesis.putRecords(r -> r.streamName(stream).records(entries)).join();
      if (response.failedRecordCount() != 0) {
        throw new AssertionError("records were refused: " + response);
      }
      rounds.incrementAndGet();
      LockSupport.parkNanos(rest.toNanos());
    }
  }

  private static PutRecordsRequestEntry entry(String key, int number) {
    return PutRecordsRequestEntry.builder()
        .partitionKey(key)
        .data(SdkBytes.fromUtf8String(new Numbered(key, number).text()))
        .build();
  }

  /** How many records are put. */
  int count() {
    return rounds.get() * KEYS;
  }

  /** Stops; after that the count stays. */
  void stop() {
    isStopped = true;
    running.join();
  }

  @Override
  public void close() {
    isStopped = true;
  }
}
