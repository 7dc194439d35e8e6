package io.millrace.benchmarks;

import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.Shard;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Whether it matters for a split how much the shard holds. */
final class SplitSize implements Benchmark {

  /**
   * Pairs that are not counted: a split takes so little that the compiler needs many to get warm.
   */
  private static final int WARM_UP = 15;

  /** Requests that are prepared for a shard, and sent in turn. */
  private static final int PREPARED = 8;

  @Override
  public String name() {
    return "split-size";
  }

  @Override
  public String about() {
    return "The time from SplitShard until the stream is ACTIVE, of a shard that holds 1 GiB (or as"
        + " much as given) against an empty shard of the same stream; nothing else goes on. Beside"
        + " it the split of an empty shard in a database that holds nothing else.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    int trials = lab.pairs();
    long bytes = lab.sizes().splitBytes();
    try (Site large = lab.database().freshSite();
        Site small = lab.database().freshSite();
        Engine filled = Engine.openWithStream(large.settings(), 2 * (WARM_UP + trials));
        Engine empty = Engine.openWithStream(small.settings(), WARM_UP + trials)) {
      List<Shard> shards = filled.openShards();
      Iterator<Shard> full = shards.subList(0, WARM_UP + trials).iterator();
      Iterator<Shard> beside = shards.subList(WARM_UP + trials, shards.size()).iterator();
      Iterator<Shard> alone = empty.openShards().iterator();
      for (int i = 0; i < WARM_UP; i++) {
        fill(filled, shards.get(i), Engine.BATCH_BYTES);
        Pairs.warmUp(() -> millis(filled, full.next()), () -> millis(filled, beside.next()));
        millis(empty, alone.next());
      }
      for (int i = 0; i < trials; i++) {
        Progress.say("storing %,d MiB in shard %d of %d".formatted(bytes >> 20, i + 1, trials));
        fill(filled, shards.get(WARM_UP + i), bytes);
      }
      List<Double> ofNothing = new ArrayList<>();
      Pairs<Double, Double> pairs =
          Pairs.measure(
              trials,
              () -> millis(filled, full.next()),
              () -> {
                ofNothing.add(millis(empty, alone.next()));
                return millis(filled, beside.next());
              });
      Spread ratio = pairs.ratio(millis -> millis, millis -> millis);
      section.add(
          Row.of(
                  "split of a shard of %,d MiB against an empty one".formatted(bytes >> 20),
                  Row.figure(pairs.ofFirst(millis -> millis), "ms"),
                  Row.figure(pairs.ofSecond(millis -> millis), "ms"),
                  ratio)
              .judged(Bar.atMost(1.5, ""), ratio.median()));
      section.add(
          Row.of(
              "split in a database that holds nothing",
              Row.figure(
                  Spread.of(ofNothing.stream().mapToDouble(Double::doubleValue).toArray()), "ms")));
      section.remark("ms by pair: " + pairs.list(millis -> millis, millis -> millis));
    }
  }

  private static double millis(Engine engine, Shard shard) throws Exception {
    return Interval.of(() -> engine.split(shard)).millis();
  }

  /** Stores so many bytes in one shard. */
  private static void fill(Engine engine, Shard shard, long bytes) throws Exception {
    Payloads payloads = new Payloads(11);
    String hashKey = shard.hashKeyRange().starting().toString();
    List<PutRecordsRequest> requests =
        Stream.generate(() -> batch(payloads, hashKey)).limit(PREPARED).toList();
    long batches = Math.max(1, bytes / Engine.BATCH_BYTES);
    for (int i = 0; i < batches; i++) {
      engine.putAll(requests.get(i % PREPARED));
    }
  }

  private static PutRecordsRequest batch(Payloads payloads, String hashKey) {
    return PutRecordsRequest.of(
        Engine.STREAM,
        Stream.generate(
                () ->
                    PutRecordsRequestEntry.of("key", payloads.record())
                        .withExplicitHashKey(hashKey))
            .limit(Engine.BATCH_RECORDS)
            .toList());
  }
}
