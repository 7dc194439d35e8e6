package io.millrace.benchmarks;

import java.util.function.LongConsumer;

/**
 * Bytes read in a time.
 *
 * @param databaseReads how often the journal was asked meanwhile
 */
record Throughput(long bytes, long nanos, long databaseReads) {

  /** Something that reads everything once, and tells how many bytes as it goes. */
  @FunctionalInterface
  interface Pass {
    void read(LongConsumer bytes) throws Exception;
  }

  /** Repeats whole passes, first to warm up, then measured, at least one of each. */
  static Throughput measure(Span span, Pass pass) throws Exception {
    repeat(span.warmUp().toNanos(), pass);
    return repeat(span.measured().toNanos(), pass);
  }

  private static Throughput repeat(long atLeastNanos, Pass pass) throws Exception {
    long[] bytes = {0};
    long reads = CountingStorageProvider.reads();
    long started = System.nanoTime();
    long nanos;
    do {
      pass.read(page -> bytes[0] += page);
      nanos = System.nanoTime() - started;
    } while (nanos < atLeastNanos);
    return new Throughput(bytes[0], nanos, CountingStorageProvider.reads() - reads);
  }

  double megabytesPerSecond() {
    return bytes * 1e3 / nanos;
  }
}
