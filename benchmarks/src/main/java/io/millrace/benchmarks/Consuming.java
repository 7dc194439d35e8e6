package io.millrace.benchmarks;

import com.typesafe.config.Config;
import io.millrace.benchmarks.Filling.Filled;
import io.millrace.engine.Consumers;
import io.millrace.engine.consumer.ProcessorSettings;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailPage;
import io.millrace.fanout.FanOut;
import java.util.UUID;
import java.util.function.Function;

/** A worker whose processor does nothing, against reading the tail. */
final class Consuming implements Benchmark {

  private static final int PAGE_BYTES = 10 << 20;

  @Override
  public String name() {
    return "consuming";
  }

  @Override
  public String about() {
    return "One worker with an empty record processor over the history of a shard (1 KiB records,"
        + " nothing kept in memory), by fan-out and by polling, from the start of its processor to"
        + " the checkpoint after the last record; against pages of 10 MiB read from the shard's"
        + " tail one after the other.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    try (Site site = lab.database().freshSite()) {
      Filled filled;
      try (Engine engine = Engine.openWithStream(site.settings(), 1)) {
        filled = Filling.fill(engine, lab.sizes().readBytes());
      }
      measure("fan-out", lab, site, filled, section, engine -> pushed(engine));
      measure("polling", lab, site, filled, section, engine -> polled(engine));
    }
  }

  private static Retrieval pushed(Engine engine) {
    return FanOut.of(engine.millrace()).retrieval();
  }

  private static Retrieval polled(Engine engine) {
    return Consumers.of(engine.millrace()).polling();
  }

  private static void measure(
      String name,
      Lab lab,
      Site site,
      Filled filled,
      Section section,
      Function<Engine, Retrieval> retrieval)
      throws Exception {
    Pairs.warmUp(() -> consume(site, filled, retrieval), () -> page(site, filled));
    Pairs<Double, Double> pairs =
        Pairs.measure(
            lab.pairs(), () -> consume(site, filled, retrieval), () -> page(site, filled));
    Spread ratio = pairs.ratio(rate -> rate, rate -> rate);
    section.add(
        Row.of(
                "%,d records consumed by %s".formatted(filled.records(), name),
                Row.figure(pairs.ofFirst(rate -> rate), "MB/s"),
                Row.figure(pairs.ofSecond(rate -> rate), "MB/s"),
                ratio)
            .judged(Bar.atLeast(0.8, ""), ratio.median()));
  }

  private static Engine open(Site site) {
    Config settings = Settings.with(site.settings(), "millrace.window-bytes", "0");
    return Engine.open(settings);
  }

  private static double consume(Site site, Filled filled, Function<Engine, Retrieval> retrieval)
      throws Exception {
    try (Engine engine = open(site)) {
      Consumers consumers = Consumers.of(engine.millrace());
      EmptyProcessor processor = new EmptyProcessor(filled.records());
      WorkerSettings settings =
          WorkerSettings.of("benchmark-" + UUID.randomUUID(), Engine.STREAM)
              .withInitialPosition(CheckpointPosition.TRIM_HORIZON);
      Worker worker =
          consumers.worker(
              settings,
              consumers.processing(
                  retrieval.apply(engine), ProcessorSettings.DEFAULT, () -> processor));
      double rate = rate(filled, processor.awaitAll());
      Engine.answer(worker.shutdown());
      return rate;
    }
  }

  private static double page(Site site, Filled filled) throws Exception {
    try (Engine engine = open(site)) {
      RecordTail tail = engine.tail(0);
      long started = System.nanoTime();
      long read = 0;
      for (long counter = 0; read < filled.records(); ) {
        TailPage page =
            Engine.answer(
                tail.read(counter, Integer.MAX_VALUE, PAGE_BYTES, Engine.RETENTION_MILLIS));
        read += page.records().size();
        counter = page.nextCounter();
      }
      return rate(filled, System.nanoTime() - started);
    }
  }

  private static double rate(Filled filled, long nanos) {
    return filled.records() * Payloads.RECORD_BYTES * 1e3 / nanos;
  }
}
