package io.millrace.benchmarks;

import com.typesafe.config.Config;
import io.millrace.benchmarks.Load.Measured;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.StartStreamEncryptionRequest;
import io.millrace.engine.keys.KeyFile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What encryption at rest costs those who put, and those who read history. */
final class Encryption implements Benchmark {

  private static final int PRODUCERS = 4;
  private static final int SHARDS = 4;
  private static final String KEY = "alias/aws/kinesis";

  /** Requests that a producer has prepared, and sends in turn. */
  private static final int PREPARED = 8;

  @Override
  public String name() {
    return "encryption";
  }

  @Override
  public String about() {
    return "An encrypted stream against one that is not: PutRecords of 500 x 1 KiB from 4 producers"
        + " with one request in flight each, spread over 4 shards; and GetRecords over a reopened"
        + " shard, nothing kept in memory.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    Progress.say("warming up");
    Lab warmUp = lab.forCompilers();
    Pairs.warmUp(() -> puts(warmUp, true), () -> puts(warmUp, false));
    Pairs<Measured, Measured> puts =
        Pairs.measure(lab.pairs(), () -> puts(lab, true), () -> puts(lab, false));
    Spread ratio = puts.ratio(Encryption::megabytes, Encryption::megabytes);
    section.add(
        row("put", puts, Encryption::megabytes, "MB/s")
            .judged(Bar.atLeast(0.75, ""), ratio.median()));
    section.add(row("CPU per record", puts, Encryption::cpuMicros, "us"));
    section.add(row("latency of a batch, p50", puts, trial -> trial.millisAt(50), "ms"));
    section.add(row("latency of a batch, p99", puts, trial -> trial.millisAt(99), "ms"));
    section.remark(
        "puts, MB/s by pair: " + puts.list(Encryption::megabytes, Encryption::megabytes));
    Pairs<Throughput, Throughput> reads =
        Pairs.measure(lab.pairs(), () -> reads(lab, true), () -> reads(lab, false));
    section.add(
        Row.of(
            "read history",
            Row.figure(reads.ofFirst(Throughput::megabytesPerSecond), "MB/s"),
            Row.figure(reads.ofSecond(Throughput::megabytesPerSecond), "MB/s"),
            reads.ratio(Throughput::megabytesPerSecond, Throughput::megabytesPerSecond)));
  }

  private static Row row(
      String what,
      Pairs<Measured, Measured> pairs,
      ToDoubleFunction<Measured> figure,
      String unit) {
    return Row.of(
        what,
        Row.figure(pairs.ofFirst(figure), unit),
        Row.figure(pairs.ofSecond(figure), unit),
        pairs.ratio(figure, figure));
  }

  private static double megabytes(Measured measured) {
    return measured.callsPerSecond() * Engine.BATCH_BYTES / 1e6;
  }

  /** Processor time for each record, microseconds. */
  private static double cpuMicros(Measured measured) {
    return measured.cost().cpuNanos() / 1e3 / measured.calls() / Engine.BATCH_RECORDS;
  }

  /** Settings of an engine with a key file beside its database. */
  private static Config withKeys(Site site) throws Exception {
    KeyFile keys = KeyFile.create(site.directory().resolve("keys.json"));
    return Settings.with(
        site.settings(), "millrace.encryption.key-store.file", keys.path().toString());
  }

  private static void createStream(Engine engine, int shards, boolean isEncrypted)
      throws Exception {
    engine.createStream(shards);
    if (isEncrypted) {
      Engine.answer(
          engine
              .client()
              .startStreamEncryption(StartStreamEncryptionRequest.of(Engine.STREAM, KEY)));
    }
  }

  private static Measured puts(Lab lab, boolean isEncrypted) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.open(withKeys(site))) {
      createStream(engine, SHARDS, isEncrypted);
      List<Load.BlockingCall> producers = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        producers.add(producer(engine, new Payloads(i)));
      }
      return Load.threads(lab.span(), producers);
    }
  }

  private static Load.BlockingCall producer(Engine engine, Payloads payloads) {
    List<PutRecordsRequest> requests =
        Stream.generate(() -> Engine.batch(payloads, payloads.partitionKeys()))
            .limit(PREPARED)
            .toList();
    int[] next = {0};
    return () -> engine.putAll(requests.get(next[0]++ % PREPARED));
  }

  private static Throughput reads(Lab lab, boolean isEncrypted) throws Exception {
    try (Site site = lab.database().freshSite()) {
      Config settings = withKeys(site);
      try (Engine engine = Engine.open(settings)) {
        createStream(engine, 1, isEncrypted);
        PutRecordsRequest batch = Engine.batch(new Payloads(1), new Payloads(1).partitionKeys());
        for (long stored = 0; stored < lab.sizes().readBytes(); stored += Engine.BATCH_BYTES) {
          engine.putAll(batch);
        }
      }
      try (Engine engine = Engine.open(settings)) {
        return Throughput.measure(lab.span(), bytes -> engine.readShard(0, bytes));
      }
    }
  }
}
