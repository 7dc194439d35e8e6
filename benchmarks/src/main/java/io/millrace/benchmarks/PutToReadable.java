package io.millrace.benchmarks;

import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.tail.TailPage;
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

/** How old a record is when a follower gets it. */
final class PutToReadable implements Benchmark {

  private static final int PER_SECOND = 1000;
  private static final long NANOS_APART = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  @Override
  public String name() {
    return "put-to-readable";
  }

  @Override
  public String about() {
    return "1,000 records of 1 KiB a second, each put at its own time whether or not earlier ones"
        + " are answered; measured from that intended time to the record's arrival at a reader that"
        + " follows the shard, and to the answer to the put.";
  }

  /** Latencies in nanoseconds. */
  private record Delays(Histogram readable, Histogram answered) {

    static double millis(Histogram histogram, double percentile) {
      return histogram.getValueAtPercentile(percentile) / 1e6;
    }
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    for (int shards : new int[] {1, 4}) {
      String stream = shards == 1 ? "1 shard" : shards + " shards";
      List<Delays> trials = new ArrayList<>();
      for (int i = 0; i < lab.pairs(); i++) {
        Progress.say("%s, trial %d of %d".formatted(stream, i + 1, lab.pairs()));
        trials.add(trial(lab, shards));
      }
      Spread p99 = at(trials, 99);
      section.add(Row.of(stream + ", put to readable, p50", Row.figure(at(trials, 50), "ms")));
      section.add(
          Row.of(stream + ", put to readable, p99", Row.figure(p99, "ms"))
              .judged(Bar.atMost(20, " ms"), p99.median()));
      section.add(Row.of(stream + ", put to readable, longest", Row.figure(at(trials, 100), "ms")));
      section.add(
          Row.of(
              stream + ", put to its answer, p50 / p99",
              "%s / %s"
                  .formatted(
                      Row.figure(answeredAt(trials, 50), "ms"),
                      Row.figure(answeredAt(trials, 99), "ms"))));
    }
  }

  private static Spread at(List<Delays> trials, double percentile) {
    return Spread.of(
        trials.stream()
            .mapToDouble(trial -> Delays.millis(trial.readable(), percentile))
            .toArray());
  }

  private static Spread answeredAt(List<Delays> trials, double percentile) {
    return Spread.of(
        trials.stream()
            .mapToDouble(trial -> Delays.millis(trial.answered(), percentile))
            .toArray());
  }

  private static Delays trial(Lab lab, int shards) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), shards)) {
      Delays delays = new Delays(new SynchronizedHistogram(3), new SynchronizedHistogram(3));
      long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
      long measuredFrom = start + lab.span().warmUp().toNanos();
      List<Follower> followers = new ArrayList<>();
      for (int i = 0; i < shards; i++) {
        followers.add(
            Follower.start(
                engine, engine.tail(i), page -> arrived(page, measuredFrom, delays.readable())));
      }
      long[] perShard = put(engine, lab.span(), shards, start, measuredFrom, delays.answered());
      for (int i = 0; i < shards; i++) {
        followers.get(i).await(perShard[i]);
      }
      return delays;
    }
  }

  /** Puts at a steady pace, then waits for all answers; returns how many went to each shard. */
  private static long[] put(
      Engine engine, Span span, int shards, long start, long measuredFrom, Histogram answered)
      throws Exception {
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
              .thenRun(
                  () -> {
                    if (intended >= measuredFrom) {
                      answered.recordValue(System.nanoTime() - intended);
                    }
                  })
              .toCompletableFuture());
    }
    try {
      CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).join();
    } catch (CompletionException e) {
      throw new IllegalStateException("a put failed", e.getCause());
    }
    return perShard;
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

  private static void arrived(TailPage page, long measuredFrom, Histogram readable) {
    long now = System.nanoTime();
    for (Record record : page.records()) {
      long intended = record.data().asByteBuffer().getLong(0);
      if (intended >= measuredFrom) {
        readable.recordValue(now - intended);
      }
    }
  }
}
