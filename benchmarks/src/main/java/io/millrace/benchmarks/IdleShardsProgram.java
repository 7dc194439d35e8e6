package io.millrace.benchmarks;

import com.typesafe.config.Config;
import io.millrace.benchmarks.IdleShards.Figure;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.Shard;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Opens an engine with so many shards again, leaves it idle and puts to one of them; prints a
 * figure a line. Arguments: file with settings, number of shards, milliseconds to warm up, and to
 * measure.
 */
final class IdleShardsProgram {

  /** After so many collections nothing is left that the first ones only made unreachable. */
  private static final int COLLECTIONS = 3;

  private IdleShardsProgram() {}

  public static void main(String[] arguments) throws Exception {
    Config settings = Settings.read(Path.of(arguments[0]));
    int shards = Integer.parseInt(arguments[1]);
    Span span =
        new Span(
            Duration.ofMillis(Long.parseLong(arguments[2])),
            Duration.ofMillis(Long.parseLong(arguments[3])));
    try (Engine engine = Engine.openWithStream(settings, shards)) {
      putToEach(engine);
    }
    long started = System.nanoTime();
    try (Engine engine = Engine.open(settings)) {
      print(Figure.OPEN, (System.nanoTime() - started) / 1e6);
      print(Figure.WAKE, Interval.of(() -> putToEach(engine)).millis());
      print(Figure.HEAP, 1.0 * heapAfterCollection());
      print(Figure.CPU, idleCpuMillisPerSecond(span));
      putToOne(engine, span);
    }
  }

  /** Puts one record to every shard. */
  private static void putToEach(Engine engine) throws Exception {
    Payloads payloads = new Payloads(13);
    List<PutRecordsRequestEntry> entries =
        engine.openShards().stream().map(shard -> entry(payloads, shard)).toList();
    for (int from = 0; from < entries.size(); from += Engine.BATCH_RECORDS) {
      int to = Math.min(entries.size(), from + Engine.BATCH_RECORDS);
      engine.putAll(PutRecordsRequest.of(Engine.STREAM, entries.subList(from, to)));
    }
  }

  private static PutRecordsRequestEntry entry(Payloads payloads, Shard shard) {
    return PutRecordsRequestEntry.of("key", payloads.record())
        .withExplicitHashKey(shard.hashKeyRange().starting().toString());
  }

  private static long heapAfterCollection() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static double idleCpuMillisPerSecond(Span span) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(span.warmUp().toNanos());
    Cost.Start start = new Cost.Start();
    TimeUnit.NANOSECONDS.sleep(span.measured().toNanos());
    return start.untilNow().cpuNanos() * 1e3 / span.measured().toNanos();
  }

  private static void putToOne(Engine engine, Span span) throws Exception {
    PutRecordRequest request = PutRecordRequest.of(Engine.STREAM, "key", new Payloads(17).record());
    Load.Measured measured =
        Load.threads(span, List.of(() -> Engine.answer(engine.client().putRecord(request))));
    print(Figure.PUTS, measured.callsPerSecond());
    print(Figure.P50, measured.millisAt(50));
    print(Figure.P99, measured.millisAt(99));
  }

  private static void print(Figure figure, double value) {
    System.out.printf(Locale.ROOT, "%s %.3f%n", Settings.lowerCase(figure), value);
  }
}
