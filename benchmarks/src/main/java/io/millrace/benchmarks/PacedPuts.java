package io.millrace.benchmarks;

import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * Records put at a steady pace, each at its own time whether or not earlier ones are answered. A
 * record says when it was to be put, so that a stall counts against every record it delays.
 */
final class PacedPuts {

  private static final int PER_SECOND = 1000;
  private static final long NANOS_APART = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  private final Engine engine;
  private final Span span;
  private final int shards;
  private final long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
  private final long measuredFrom;
  private final Delays delays =
      new Delays(new SynchronizedHistogram(3), new SynchronizedHistogram(3));

  /**
   * From the intended time of a put, nanoseconds.
   *
   * @param arrived until the record reached its reader
   * @param answered until the put was answered
   */
  record Delays(Histogram arrived, Histogram answered) {

    static double millis(Histogram histogram, double percentile) {
      return histogram.getValueAtPercentile(percentile) / 1e6;
    }
  }

  PacedPuts(Engine engine, Span span, int shards) {
    this.engine = engine;
    this.span = span;
    this.shards = shards;
    this.measuredFrom = start + span.warmUp().toNanos();
  }

  Delays delays() {
    return delays;
  }

  /** Puts in turn to all shards, then waits for all answers; returns how many went to each. */
  long[] run() {
    byte[] data = new Payloads(9).bytes(Payloads.RECORD_BYTES);
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      keys.add(Engine.keyOf(i, shards));
    }
    long count = span.warmUp().plus(span.measured()).toNanos() / NANOS_APART;
    long[] perShard = new long[shards];
    List<CompletableFuture<?>> answers = Collections.synchronizedList(new ArrayList<>());
    for (long i = 0; i < count; i++) {
      long intended = start + i * NANOS_APART;
      waitUntil(intended);
      int shard = (int) (i % shards);
      perShard[shard]++;
      PutRecordRequest request =
          PutRecordRequest.of(Engine.STREAM, keys.get(shard), stamped(data, intended));
      answers.add(
          engine
              .client()
              .putRecord(request)
              .thenRun(() -> record(delays.answered(), intended))
              .toCompletableFuture());
    }
    try {
      CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).join();
    } catch (CompletionException e) {
      throw new IllegalStateException("a put failed", e.getCause());
    }
    return perShard;
  }

  /** These records have reached their reader. */
  void arrived(List<Record> records) {
    for (Record record : records) {
      record(delays.arrived(), record.data().asByteBuffer().getLong(0));
    }
  }

  private void record(Histogram histogram, long intended) {
    if (intended >= measuredFrom) {
      histogram.recordValue(System.nanoTime() - intended);
    }
  }

  private static void waitUntil(long nanoTime) {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** The data of a record that says when it was to be put. */
  private static Payload stamped(byte[] data, long nanoTime) {
    byte[] stamped = data.clone();
    ByteBuffer.wrap(stamped).putLong(0, nanoTime);
    return Payload.wrap(stamped);
  }
}
