package io.millrace.benchmarks;

import io.millrace.benchmarks.Load.Measured;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.model.ProducerId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What it costs that producers number their records, so that a repeat is stored once. */
final class PutIdempotent implements Benchmark {

  private static final int SHARDS = 4;
  private static final int PRODUCERS = 4;
  private static final int CALLERS = 64;

  /** Requests that a producer has prepared, and sends in turn. */
  private static final int PREPARED = 8;

  @Override
  public String name() {
    return "put-idempotent";
  }

  @Override
  public String about() {
    return "Puts that carry a producer's sequence against the same puts without one: PutRecords of"
        + " 500 x 1 KiB from 4 producers with one request in flight each, spread over 4 shards; then"
        + " PutRecord of 1 KiB from 64 chains of one producer to one shard. CPU and allocation are"
        + " this process's; where rates scatter more than they differ, CPU per record tells.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    Progress.say("warming up");
    Lab warmUp = lab.forCompilers();
    Pairs.warmUp(() -> bulk(warmUp, true), () -> bulk(warmUp, false));
    Progress.say("batches");
    add(
        section,
        "batches of 500",
        Engine.BATCH_RECORDS,
        Pairs.measure(lab.pairs(), () -> bulk(lab, true), () -> bulk(lab, false)));
    Progress.say("warming up for single records");
    Pairs.warmUp(() -> single(warmUp, true), () -> single(warmUp, false));
    Progress.say("single records");
    add(
        section,
        "single records",
        1,
        Pairs.measure(lab.pairs(), () -> single(lab, true), () -> single(lab, false)));
  }

  private static void add(
      Section section, String what, int recordsInCall, Pairs<Measured, Measured> pairs) {
    ToDoubleFunction<Measured> rate = trial -> trial.callsPerSecond() * recordsInCall;
    ToDoubleFunction<Measured> cpuMicros =
        trial -> trial.cost().cpuNanos() / 1e3 / trial.calls() / recordsInCall;
    ToDoubleFunction<Measured> allocated =
        trial -> 1.0 * trial.cost().allocatedBytes() / trial.calls() / recordsInCall;
    section.add(
        row(what, pairs, rate, "records/s")
            .judged(Bar.atLeast(0.9, ""), pairs.ratio(rate, rate).median()));
    section.add(
        row("CPU per record", pairs, cpuMicros, "us")
            .judged(Bar.atMost(1 / 0.9, ""), pairs.ratio(cpuMicros, cpuMicros).median()));
    section.add(row("allocated per record", pairs, allocated, "bytes"));
    section.remark(what + ", records/s by pair: " + pairs.list(rate, rate));
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

  private static Measured bulk(Lab lab, boolean numbered) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), SHARDS)) {
      return Load.threads(
          lab.span(),
          IntStream.range(0, PRODUCERS).mapToObj(i -> producer(engine, i, numbered)).toList());
    }
  }

  private static Load.BlockingCall producer(Engine engine, int producer, boolean numbered) {
    Payloads payloads = new Payloads(producer);
    List<PutRecordsRequest> requests =
        Stream.generate(() -> Engine.batch(payloads, payloads.partitionKeys()))
            .limit(PREPARED)
            .toList();
    ProducerId id = new ProducerId(1, producer);
    long[] sequence = {0};
    int[] next = {0};
    return () -> {
      PutRecordsRequest request = requests.get(next[0]++ % PREPARED);
      List<PutRecordsRequestEntry> entries = new ArrayList<>(request.records().size());
      for (PutRecordsRequestEntry entry : request.records()) {
        entries.add(numbered ? entry.withProducer(id, sequence[0]++) : entry);
      }
      engine.putAll(PutRecordsRequest.of(Engine.STREAM, entries));
    };
  }

  private static Measured single(Lab lab, boolean numbered) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), 1)) {
      Payloads payloads = new Payloads(CALLERS);
      StreamClient client = engine.client();
      ProducerId id = new ProducerId(1, 1);
      AtomicLong sequence = new AtomicLong();
      return Load.chains(
          lab.span(),
          Stream.generate(
                  () ->
                      PutRecordRequest.of(
                          Engine.STREAM, payloads.partitionKey(), payloads.record()))
              .limit(CALLERS)
              .<Supplier<CompletionStage<?>>>map(
                  request ->
                      () ->
                          client.putRecord(
                              numbered
                                  ? request.withProducer(id, sequence.getAndIncrement())
                                  : request))
              .toList());
    }
  }
}
