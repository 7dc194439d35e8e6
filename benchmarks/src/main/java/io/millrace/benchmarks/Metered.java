package io.millrace.benchmarks;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.benchmarks.Load.Measured;
import io.millrace.engine.api.EnableEnhancedMonitoringRequest;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.model.MetricsName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What it costs to be counted: processor time for each record, with a registry and without. */
final class Metered implements Benchmark {

  private static final int PRODUCERS = 4;
  private static final int CALLERS = 64;
  private static final int SHARDS = 4;
  private static final int PREPARED = 8;

  @Override
  public String name() {
    return "metrics";
  }

  @Override
  public String about() {
    return "Processor time for each record, with a Prometheus registry and all shard-level metrics"
        + " switched on, against the same without a registry: PutRecords of 500 x 1 KiB from 4"
        + " producers, and PutRecord of 1 KiB from 64 chains of stages; 4 shards. Two trials scatter"
        + " by more than the bar; so the share of the flight recorder's samples, of one more trial"
        + " with metrics, that lie in their code is judged as well.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    Progress.say("warming up");
    Lab warmUp = lab.forCompilers();
    Pairs.warmUp(() -> bulk(warmUp, true), () -> single(warmUp, true));
    Progress.say("bulk");
    add(
        section,
        "PutRecords of 500",
        Engine.BATCH_RECORDS,
        Pairs.measure(lab.pairs(), () -> bulk(lab, true), () -> bulk(lab, false)));
    addShare(section, "PutRecords of 500", () -> bulk(warmUp, true));
    Progress.say("single");
    add(
        section,
        "PutRecord",
        1,
        Pairs.measure(lab.pairs(), () -> single(lab, true), () -> single(lab, false)));
    addShare(section, "PutRecord", () -> single(warmUp, true));
  }

  private static void add(
      Section section, String what, int records, Pairs<Measured, Measured> pairs) {
    Spread ratio =
        pairs.ratio(trial -> cpuMicros(trial, records), trial -> cpuMicros(trial, records));
    section.add(
        Row.of(
                what + ", CPU per record",
                Row.figure(pairs.ofFirst(trial -> cpuMicros(trial, records)), "us"),
                Row.figure(pairs.ofSecond(trial -> cpuMicros(trial, records)), "us"),
                ratio)
            .judged(Bar.atMost(1.03, ""), ratio.median()));
    section.add(
        Row.of(
            what + ", records per second",
            Row.figure(pairs.ofFirst(trial -> trial.callsPerSecond() * records), "records/s"),
            Row.figure(pairs.ofSecond(trial -> trial.callsPerSecond() * records), "records/s"),
            pairs.ratio(Measured::callsPerSecond, Measured::callsPerSecond)));
    section.remark(
        what
            + ", us of CPU per record by pair: "
            + pairs.list(trial -> cpuMicros(trial, records), trial -> cpuMicros(trial, records)));
  }

  private static void addShare(Section section, String what, Callable<Measured> trial)
      throws Exception {
    StackSamples samples = StackSamples.of(trial, Metered::isOfMetrics);
    String share =
        String.format(
            Locale.ROOT, "%.2f %% (%d of %d)", samples.percent(), samples.hits(), samples.all());
    section.add(
        Row.of(what + ", samples in metrics", share)
            .judged(Bar.atMost(3, " %"), samples.percent()));
  }

  private static boolean isOfMetrics(String className) {
    return className.startsWith("io.millrace.engine.metrics.")
        || className.startsWith("io.micrometer.")
        || className.startsWith("io.prometheus.");
  }

  private static double cpuMicros(Measured measured, int records) {
    return measured.cost().cpuNanos() / 1e3 / measured.calls() / records;
  }

  private static Engine open(Site site, boolean isCounted) throws Exception {
    Engine engine = Engine.openWithStream(site.settings(), SHARDS);
    if (isCounted) {
      engine.millrace().bindMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
      Engine.answer(
          engine
              .client()
              .enableEnhancedMonitoring(
                  EnableEnhancedMonitoringRequest.of(Engine.STREAM, MetricsName.ALL)));
    }
    return engine;
  }

  private static Measured bulk(Lab lab, boolean isCounted) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = open(site, isCounted)) {
      return Load.threads(
          lab.span(),
          IntStream.range(0, PRODUCERS).mapToObj(producer -> producer(engine, producer)).toList());
    }
  }

  private static Load.BlockingCall producer(Engine engine, int producer) {
    Payloads payloads = new Payloads(producer);
    List<PutRecordsRequest> requests =
        Stream.generate(() -> Engine.batch(payloads, payloads.partitionKeys()))
            .limit(PREPARED)
            .toList();
    int[] next = {0};
    return () -> engine.putAll(requests.get(next[0]++ % PREPARED));
  }

  private static Measured single(Lab lab, boolean isCounted) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = open(site, isCounted)) {
      Payloads payloads = new Payloads(CALLERS);
      List<Supplier<CompletionStage<?>>> puts = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        PutRecordRequest request =
            PutRecordRequest.of(Engine.STREAM, payloads.partitionKey(), payloads.record());
        puts.add(() -> engine.client().putRecord(request));
      }
      return Load.chains(lab.span(), puts);
    }
  }
}
