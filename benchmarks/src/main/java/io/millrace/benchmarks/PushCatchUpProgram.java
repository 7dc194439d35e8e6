package io.millrace.benchmarks;

import com.typesafe.config.Config;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailPage;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reads a whole shard in two ways in turn, and prints both rates of each turn in MB/s. Arguments:
 * file with settings, number of records, number of turns.
 */
final class PushCatchUpProgram {

  private static final int PAGE_BYTES = 10 << 20;

  private PushCatchUpProgram() {}

  public static void main(String[] arguments) throws Exception {
    Config settings =
        Settings.with(Settings.read(Path.of(arguments[0])), "millrace.window-bytes", "0");
    long records = Long.parseLong(arguments[1]);
    int turns = Integer.parseInt(arguments[2]);
    try (Engine engine = Engine.open(settings)) {
      pushed(engine, records);
      paged(engine, records);
      for (int i = 0; i < turns; i++) {
        System.out.printf(
            Locale.ROOT, "%.3f %.3f%n", pushed(engine, records), paged(engine, records));
      }
    }
  }

  private static double pushed(Engine engine, long records) throws Exception {
    long started = System.nanoTime();
    PushSubscriber subscriber = PushSubscriber.start(engine.push(0), pushed -> {});
    subscriber.await(records);
    double rate = rate(records, started);
    subscriber.cancel();
    return rate;
  }

  private static double paged(Engine engine, long records) throws Exception {
    long started = System.nanoTime();
    RecordTail tail = engine.tail(0);
    long read = 0;
    for (long counter = 0; read < records; ) {
      TailPage page =
          Engine.answer(tail.read(counter, Integer.MAX_VALUE, PAGE_BYTES, Engine.RETENTION_MILLIS));
      read += page.records().size();
      counter = page.nextCounter();
    }
    return rate(records, started);
  }

  private static double rate(long records, long started) {
    return records * Payloads.RECORD_BYTES * 1e3 / (System.nanoTime() - started);
  }
}
