package io.millrace.benchmarks;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What shards cost that nobody uses. */
final class IdleShards implements Benchmark {

  private static final int FEW = 4;

  @Override
  public String name() {
    return "idle-shards";
  }

  @Override
  public String about() {
    return "An engine whose one stream has 1,000 open shards (or as many as given), a record in"
        + " each, against an engine with 4: opened again, then a record put to every shard so that"
        + " all of them run, then left idle, then PutRecord of 1 KiB to one shard from one caller."
        + " Each trial has a JVM and a database of its own; heap is what is left after a"
        + " collection, CPU is the whole process's. Idle time is shorter than the time between two"
        + " rounds of trimming.";
  }

  /** What {@link IdleShardsProgram} prints. */
  enum Figure {
    /** Opening the engine again, milliseconds. */
    OPEN,
    /** The first put to every shard after that, milliseconds. */
    WAKE,
    /** Used after a collection, bytes. */
    HEAP,
    /** Processor time in a second of idleness, milliseconds. */
    CPU,
    /** Single puts in a second. */
    PUTS,
    /** Of single puts, milliseconds. */
    P50,
    /** Of single puts, milliseconds. */
    P99;

    ToDoubleFunction<Map<Figure, Double>> value() {
      return figures -> figures.get(this);
    }
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    int many = lab.sizes().idleShards();
    Pairs<Map<Figure, Double>, Map<Figure, Double>> pairs =
        Pairs.measure(lab.pairs(), () -> trial(lab, many), () -> trial(lab, FEW));
    double[] perShard = new double[lab.pairs()];
    for (int i = 0; i < perShard.length; i++) {
      double more = pairs.first().get(i).get(Figure.HEAP) - pairs.second().get(i).get(Figure.HEAP);
      perShard[i] = more / (many - FEW) / 1024;
    }
    String shards = "%,d shards against %d: ".formatted(many, FEW);
    section.add(row(pairs, Figure.HEAP, 1 / 0x1p20, shards + "heap after a collection", "MiB"));
    section.add(Row.of("heap for each further shard", Row.figure(Spread.of(perShard), "KiB")));
    section.add(row(pairs, Figure.CPU, 1, "CPU in a second of idleness", "ms"));
    section.add(row(pairs, Figure.OPEN, 1, "opening the engine again", "ms"));
    section.add(row(pairs, Figure.WAKE, 1, "first put to every shard after that", "ms"));
    Spread puts = pairs.ratio(Figure.PUTS.value(), Figure.PUTS.value());
    section.add(
        row(pairs, Figure.PUTS, 1, "single puts to one shard", "records/s")
            .judged(Bar.atLeast(0.9, ""), puts.median()));
    section.add(row(pairs, Figure.P50, 1, "the same, p50", "ms"));
    section.add(row(pairs, Figure.P99, 1, "the same, p99", "ms"));
    section.remark(
        "single puts, records/s by pair: " + pairs.list(Figure.PUTS.value(), Figure.PUTS.value()));
  }

  private static Row row(
      Pairs<Map<Figure, Double>, Map<Figure, Double>> pairs,
      Figure figure,
      double factor,
      String what,
      String unit) {
    return Row.of(
        what,
        Row.figure(pairs.ofFirst(trial -> trial.get(figure) * factor), unit),
        Row.figure(pairs.ofSecond(trial -> trial.get(figure) * factor), unit),
        pairs.ratio(figure.value(), figure.value()));
  }

  private static Map<Figure, Double> trial(Lab lab, int shards) throws Exception {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    try (Site site = lab.database().freshSite()) {
      Path settings = Settings.write(site.settings(), site.directory().resolve("settings.conf"));
      Child.run(
          List.of("-Xmx1g"),
          IdleShardsProgram.class,
          List.of(
              settings.toString(),
              Integer.toString(shards),
              Long.toString(lab.span().warmUp().toMillis()),
              Long.toString(lab.span().measured().toMillis())),
          line -> {
            Progress.say(line);
            String[] words = line.split(" ", 2);
            figures.put(
                Figure.valueOf(words[0].toUpperCase(Locale.ROOT)), Double.parseDouble(words[1]));
          });
    }
    return figures;
  }
}
