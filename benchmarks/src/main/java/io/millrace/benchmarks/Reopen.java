package io.millrace.benchmarks;

import com.typesafe.config.Config;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.model.ShardId;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/** Coming back: a shard that holds much, against one that holds little. */
final class Reopen implements Benchmark {

  /** Batches in the small shard, and after the last snapshot of the large one: both replay them. */
  private static final int FEW = 100;

  /** Reopenings that are not counted. */
  private static final int WARM_UP = 3;

  @Override
  public String name() {
    return "reopen";
  }

  @Override
  public String about() {
    return "Opening an engine again and asking its one shard for its first answers: a read at its"
        + " end, which waits for recovery, then a put; last, a read of the one oldest record. A"
        + " shard with 100,000 stored batches of 1 KiB (or as many as given) against one with 100;"
        + " closed in order, and killed. Opening the engine and the shard's answers are timed"
        + " apart. Both shards replay about 100 batches.";
  }

  /** How the engine before ended. */
  private enum End {
    CLOSE("closed in order"),
    HALT("killed");

    private final String description;

    End(String description) {
      this.description = description;
    }
  }

  /** Durations of one reopening, in milliseconds. */
  private record Reopened(double open, double read, double put, double readOldest) {

    double answers() {
      return read + put;
    }

    double total() {
      return open + read + put;
    }
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    try (Site large = lab.database().freshSite();
        Site small = lab.database().freshSite()) {
      int many = lab.sizes().reopenBatches() + FEW;
      Progress.say("storing %,d batches".formatted(many));
      store(large, many, "create", End.CLOSE);
      store(small, FEW, "create", End.CLOSE);
      for (int i = 0; i < WARM_UP; i++) {
        reopen(large);
        reopen(small);
      }
      for (End end : End.values()) {
        Progress.say(end.description);
        add(
            section,
            "%s, %,d batches against %d".formatted(end.description, many, FEW),
            Pairs.measure(lab.pairs(), () -> after(end, large), () -> after(end, small)));
      }
    }
  }

  private static void add(Section section, String what, Pairs<Reopened, Reopened> pairs) {
    Spread ratio = pairs.ratio(Reopened::answers, Reopened::answers);
    section.add(
        Row.of(
                what + ": read and put",
                Row.figure(pairs.ofFirst(Reopened::answers), "ms"),
                Row.figure(pairs.ofSecond(Reopened::answers), "ms"),
                ratio)
            .judged(Bar.atMost(1.5, ""), ratio.median()));
    section.add(
        Row.of(
            "the read alone",
            Row.figure(pairs.ofFirst(Reopened::read), "ms"),
            Row.figure(pairs.ofSecond(Reopened::read), "ms"),
            pairs.ratio(Reopened::read, Reopened::read)));
    section.add(
        Row.of(
            "opening the engine",
            Row.figure(pairs.ofFirst(Reopened::open), "ms"),
            Row.figure(pairs.ofSecond(Reopened::open), "ms"),
            pairs.ratio(Reopened::open, Reopened::open)));
    Spread total = pairs.ratio(Reopened::total, Reopened::total);
    section.add(
        Row.of(
                "all together",
                Row.figure(pairs.ofFirst(Reopened::total), "ms"),
                Row.figure(pairs.ofSecond(Reopened::total), "ms"),
                total)
            .judged(Bar.atMost(1.5, ""), total.median()));
    section.add(
        Row.of(
            "a read of the oldest record",
            Row.figure(pairs.ofFirst(Reopened::readOldest), "ms"),
            Row.figure(pairs.ofSecond(Reopened::readOldest), "ms"),
            pairs.ratio(Reopened::readOldest, Reopened::readOldest)));
  }

  /** Lets another process put a record and end so, then reopens. */
  private static Reopened after(End end, Site site) throws Exception {
    store(site, 1, "append", end);
    return reopen(site);
  }

  /** Many batches are stored without syncs; nothing of that is measured. */
  private static void store(Site site, int batches, String mode, End end) throws Exception {
    Config unsynced = Settings.with(site.settings(), "millrace.storage.jdbc.durability", "process");
    Path file = Settings.write(unsynced, site.directory().resolve("settings.conf"));
    Child.run(
        List.of("-Xmx512m"),
        FillProgram.class,
        List.of(file.toString(), Integer.toString(batches), mode, Settings.lowerCase(end)),
        line -> {});
  }

  private static Reopened reopen(Site site) throws Exception {
    double[] open = {0};
    try (Engine engine = Engine.openAfterKill(site.settings(), nanos -> open[0] = nanos / 1e6)) {
      double read = millis(() -> read(engine, GetShardIteratorRequest::latest));
      PutRecordRequest request =
          PutRecordRequest.of(Engine.STREAM, "key", new Payloads(5).record());
      double put = millis(() -> Engine.answer(engine.client().putRecord(request)));
      double readOldest = millis(() -> read(engine, GetShardIteratorRequest::trimHorizon));
      return new Reopened(open[0], read, put, readOldest);
    }
  }

  private static double millis(Load.BlockingCall call) throws Exception {
    long started = System.nanoTime();
    call.call();
    return (System.nanoTime() - started) / 1e6;
  }

  /** Reads at most one record at a place, given a stream and a shard of it. */
  private static void read(Engine engine, BiFunction<String, String, GetShardIteratorRequest> at)
      throws Exception {
    GetShardIteratorRequest place = at.apply(Engine.STREAM, new ShardId(0).toString());
    String iterator = Engine.answer(engine.client().getShardIterator(place)).shardIterator();
    Engine.answer(engine.client().getRecords(GetRecordsRequest.of(iterator).withLimit(1)));
  }
}
