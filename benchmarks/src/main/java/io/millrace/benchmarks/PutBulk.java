package io.millrace.benchmarks;

import io.millrace.benchmarks.Load.Measured;
import io.millrace.engine.api.PutRecordsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Large batches from a few producers, against plain inserts of the same bytes. */
final class PutBulk implements Benchmark {

  private static final int PRODUCERS = 4;
  private static final int SHARDS = 4;

  /** Requests that a producer has prepared, and sends in turn. */
  private static final int PREPARED = 8;

  /** Where a producer's records go. */
  private enum Aim {
    SPREAD("each batch spread over 4 shards"),
    OWN_SHARD("each batch whole to its producer's shard of 4"),
    ONE_SHARD("all batches to one shard of 4");

    private final String description;

    Aim(String description) {
      this.description = description;
    }

    List<String> keys(Payloads payloads, int producer) {
      return switch (this) {
        case SPREAD -> payloads.partitionKeys();
        case OWN_SHARD -> List.of(Engine.keyOf(producer, SHARDS));
        case ONE_SHARD -> List.of(Engine.keyOf(0, SHARDS));
      };
    }
  }

  @Override
  public String name() {
    return "put-bulk";
  }

  @Override
  public String about() {
    return "PutRecords of 500 x 1 KiB from 4 producers with one request in flight each, against 4"
        + " threads that insert the same 500 KiB as one row of the journal's table by plain JDBC,"
        + " one commit for each, with the same durability; beside it a plain file to which 4"
        + " threads append the same, forced once for each batch if commits are synced. CPU and"
        + " allocation are this process's.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    section.remark(
        WarmUp.untilCompilersAreQuiet(
            List.of(
                () -> engine(lab, Aim.SPREAD),
                () -> engine(lab, Aim.OWN_SHARD),
                () -> engine(lab, Aim.ONE_SHARD),
                () -> plain(lab))));
    for (Aim aim : Aim.values()) {
      Progress.say(aim.description);
      Pairs<Measured, Measured> pairs =
          Pairs.measure(lab.pairs(), () -> engine(lab, aim), () -> plain(lab));
      Spread ratio = pairs.ratio(PutBulk::megabytes, PutBulk::megabytes);
      section.add(
          Row.of(
                  aim.description,
                  Row.figure(pairs.ofFirst(PutBulk::megabytes), "MB/s"),
                  Row.figure(pairs.ofSecond(PutBulk::megabytes), "MB/s"),
                  ratio)
              .judged(Bar.atLeast(0.8, ""), ratio.median()));
      section.add(cost(pairs, "CPU per record", PutBulk::cpuMicros, "us"));
      section.add(cost(pairs, "allocated per record", PutBulk::allocated, "bytes"));
      section.add(
          Row.of(
              "latency of a batch, p50 / p99",
              "%s / %s"
                  .formatted(
                      Row.figure(pairs.ofFirst(trial -> trial.millisAt(50)), "ms"),
                      Row.figure(pairs.ofFirst(trial -> trial.millisAt(99)), "ms"))));
      section.remark(
          aim.description
              + ", MB/s by pair: "
              + pairs.list(PutBulk::megabytes, PutBulk::megabytes));
    }
    Pairs<Measured, Measured> limit = Pairs.measure(lab.pairs(), () -> file(lab), () -> plain(lab));
    section.add(
        Row.of(
            "plain file, the physical limit",
            Row.figure(limit.ofFirst(PutBulk::megabytes), "MB/s"),
            Row.figure(limit.ofSecond(PutBulk::megabytes), "MB/s"),
            limit.ratio(PutBulk::megabytes, PutBulk::megabytes)));
  }

  private static Row cost(
      Pairs<Measured, Measured> pairs,
      String what,
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

  /** Heap for each record, bytes. */
  private static double allocated(Measured measured) {
    return 1.0 * measured.cost().allocatedBytes() / measured.calls() / Engine.BATCH_RECORDS;
  }

  private static Measured engine(Lab lab, Aim aim) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), SHARDS)) {
      List<Load.BlockingCall> producers = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        producers.add(producer(engine, i, aim));
      }
      return Load.threads(lab.span(), producers);
    }
  }

  private static Load.BlockingCall producer(Engine engine, int producer, Aim aim) {
    Payloads payloads = new Payloads(producer);
    List<PutRecordsRequest> requests =
        Stream.generate(() -> Engine.batch(payloads, aim.keys(payloads, producer)))
            .limit(PREPARED)
            .toList();
    int[] next = {0};
    return () -> engine.putAll(requests.get(next[0]++ % PREPARED));
  }

  private static Measured plain(Lab lab) throws Exception {
    try (Site site = lab.database().freshSite();
        PlainTable table = site.plainTable()) {
      List<PlainTable.Writer> writers = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        writers.add(table.writer("plain-" + i));
      }
      Measured measured =
          Load.threads(
              lab.span(),
              IntStream.range(0, PRODUCERS)
                  .mapToObj(i -> inTurn(i, bytes -> writers.get(i).insert(bytes)))
                  .toList());
      for (PlainTable.Writer writer : writers) {
        writer.close();
      }
      return measured;
    }
  }

  private static Measured file(Lab lab) throws Exception {
    try (Site site = lab.database().freshSite();
        PlainFile file = new PlainFile(site.directory().resolve("plain"), lab.isSynced())) {
      return Load.threads(
          lab.span(),
          IntStream.range(0, PRODUCERS).mapToObj(i -> inTurn(i, file::append)).toList());
    }
  }

  /** Something that stores the bytes of a batch. */
  @FunctionalInterface
  private interface Store {
    void store(byte[] bytes) throws Exception;
  }

  private static Load.BlockingCall inTurn(int producer, Store store) {
    Payloads payloads = new Payloads(producer);
    List<byte[]> batches =
        Stream.generate(() -> payloads.bytes(Engine.BATCH_BYTES)).limit(PREPARED).toList();
    int[] next = {0};
    return () -> store.store(batches.get(next[0]++ % PREPARED));
  }
}
