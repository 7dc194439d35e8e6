package io.millrace.benchmarks;

import io.millrace.benchmarks.Load.Measured;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.gateway.Gateway;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What a put costs when it comes over the wire, beside the same put in this process. */
final class GatewayPut implements Benchmark {

  private static final int SHARDS = 8;
  private static final int PRODUCERS = 4;
  private static final int PREPARED = 8;
  private static final double ENOUGH = 0.6;

  /** Of the machine, used by client and server together. */
  private static final double BUSY = 0.85;

  @Override
  public String name() {
    return "gateway-put";
  }

  @Override
  public String about() {
    return "PutRecords of 500 x 1 KiB over 8 shards with 4 requests in flight, and PutRecord of 1"
        + " KiB to one shard with 1 and 64 in flight: by the official client of Java in a JVM"
        + " of its own through a gateway in this one, against the same calls made to the engine in"
        + " this process. Prepared: the same bytes as that client's, encoded and signed once, from"
        + " a program that does nothing but write them, which shows what the gateway can do for"
        + " whoever has processors of his own. Both JVMs have warmed up for two minutes. CPU is in"
        + " processors, of each process.";
  }

  /**
   * What one trial achieved.
   *
   * @param perSecond calls
   * @param clientCpu processors kept busy by the client's process; 0 when it is this one
   * @param serverCpu processors kept busy by this process
   */
  private record Trial(
      double perSecond, double clientCpu, double serverCpu, double p50Millis, double p99Millis) {

    double megabytes() {
      return perSecond * Engine.BATCH_BYTES / 1e6;
    }

    double allCpu() {
      return clientCpu + serverCpu;
    }
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    try (Peer client = Peer.start(List.of("-Xmx512m"), GatewayPutProgram.class)) {
      Progress.say("warming up");
      for (String what : List.of("batches", "records", "prepared")) {
        remote(lab, client, lab.forCompilers().span(), SHARDS, what, PRODUCERS);
      }
      batches(lab);
      for (String what : List.of("batches", "prepared")) {
        Progress.say(what);
        Pairs<Trial, Trial> bulk =
            Pairs.measure(
                lab.pairs(),
                () -> remote(lab, client, lab.span(), SHARDS, what, PRODUCERS),
                () -> batches(lab));
        addBulk(section, what.equals("batches") ? "PutRecords" : "PutRecords, prepared", bulk);
      }
      for (int callers : new int[] {1, 64}) {
        Progress.say(callers + " callers");
        Pairs<Trial, Trial> single =
            Pairs.measure(
                lab.pairs(),
                () -> remote(lab, client, lab.span(), 1, "records", callers),
                () -> records(lab, callers));
        String what = "PutRecord, %d in flight".formatted(callers);
        section.add(row(what, "records/s", single, Trial::perSecond));
        section.add(row(what + ", p50", "ms", single, Trial::p50Millis));
        section.add(row(what + ", p99", "ms", single, Trial::p99Millis));
        addCpu(section, what, single);
      }
    }
  }

  private static void addBulk(Section section, String what, Pairs<Trial, Trial> bulk) {
    Spread ratio = bulk.ratio(Trial::megabytes, Trial::megabytes);
    double used = bulk.ofFirst(Trial::allCpu).median() / processors();
    section.add(
        row(what, "MB/s", bulk, Trial::megabytes)
            .judged(
                ">= %.1f, or no processor left".formatted(ENOUGH),
                ratio.median() >= ENOUGH || used >= BUSY));
    section.add(row(what + ", p50", "ms", bulk, Trial::p50Millis));
    section.add(row(what + ", p99", "ms", bulk, Trial::p99Millis));
    addCpu(section, what, bulk);
    section.remark(what + ", MB/s by pair: " + bulk.list(Trial::megabytes, Trial::megabytes));
  }

  private static void addCpu(Section section, String what, Pairs<Trial, Trial> pairs) {
    section.add(
        Row.of(
            what + ", CPU of client / gateway and engine",
            "%s / %s of %d"
                .formatted(
                    Row.figure(pairs.ofFirst(Trial::clientCpu), ""),
                    Row.figure(pairs.ofFirst(Trial::serverCpu), ""),
                    processors())));
    section.add(
        Row.of(
            what + ", CPU embedded",
            Row.figure(pairs.ofSecond(Trial::serverCpu), "of " + processors())));
  }

  private static Row row(
      String what, String unit, Pairs<Trial, Trial> pairs, ToDoubleFunction<Trial> figure) {
    return Row.of(
        what,
        Row.figure(pairs.ofFirst(figure), unit),
        Row.figure(pairs.ofSecond(figure), unit),
        pairs.ratio(figure, figure));
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static Trial remote(Lab lab, Peer client, Span span, int shards, String what, int callers)
      throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), shards);
        Gateway gateway = Gateway.bind(engine.millrace(), 0)) {
      Cost.Start[] cost = new Cost.Start[1];
      long[] started = new long[1];
      double[] figures =
          client.ask(
              List.of(
                  gateway.endpoint().toString(),
                  what,
                  Integer.toString(callers),
                  Long.toString(span.warmUp().toMillis()),
                  Long.toString(span.measured().toMillis())),
              () -> {
                cost[0] = new Cost.Start();
                started[0] = System.nanoTime();
              });
      double busy = 1.0 * cost[0].untilNow().cpuNanos() / (System.nanoTime() - started[0]);
      return new Trial(figures[0], figures[1], busy, figures[2], figures[3]);
    }
  }

  private static Trial batches(Lab lab) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), SHARDS)) {
      List<Supplier<CompletionStage<?>>> chains = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        Payloads payloads = new Payloads(i);
        List<PutRecordsRequest> requests =
            Stream.generate(() -> Engine.batch(payloads, payloads.partitionKeys()))
                .limit(PREPARED)
                .toList();
        int[] next = {0};
        chains.add(() -> engine.client().putRecords(requests.get(next[0]++ % PREPARED)));
      }
      return embedded(Load.chains(lab.span(), chains));
    }
  }

  private static Trial records(Lab lab, int callers) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), 1)) {
      List<Supplier<CompletionStage<?>>> chains = new ArrayList<>();
      Payloads payloads = new Payloads(1);
      for (int i = 0; i < callers; i++) {
        PutRecordRequest request =
            PutRecordRequest.of(Engine.STREAM, payloads.partitionKey(), payloads.record());
        chains.add(() -> engine.client().putRecord(request));
      }
      return embedded(Load.chains(lab.span(), chains));
    }
  }

  private static Trial embedded(Measured measured) {
    return new Trial(
        measured.callsPerSecond(),
        0,
        1.0 * measured.cost().cpuNanos() / measured.nanos(),
        measured.millisAt(50),
        measured.millisAt(99));
  }
}
