package io.millrace.benchmarks;

import io.millrace.persistence.JdbcStorageSettings.DatabaseKind;
import io.millrace.persistence.JdbcStorageSettings.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures everything, or what is named, and prints a report in Markdown. */
@Command(
    name = "benchmarks",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Measures Millrace against stated baselines.")
public final class Benchmarks implements Callable<Integer> {

  private static final List<Benchmark> ALL =
      List.of(
          new PutBulk(),
          new PutSingle(),
          new PutIdempotent(),
          new ReadWindow(),
          new ReadHistory(),
          new PutToReadable(),
          new PutToPush(),
          new PushLive(),
          new PushCatchUp(),
          new Consuming(),
          new Checkpointing(),
          new TakeOver(),
          new Reopen(),
          new LongRun(),
          new ReshardIngest(),
          new SplitSize(),
          new ScaleOut(),
          new IdleShards(),
          new Encryption(),
          new Metered(),
          new GatewayPut(),
          new GatewayPush());

  @Spec private CommandSpec spec;

  @Option(names = "--only", split = ",", description = "Names of benchmarks; all if not given.")
  private List<String> only = List.of();

  @Option(names = "--database", split = ",", description = "${COMPLETION-CANDIDATES}")
  private List<DatabaseKind> databases = List.of(DatabaseKind.H2);

  @Option(names = "--durability", split = ",", description = "${COMPLETION-CANDIDATES}")
  private List<Durability> durabilities = List.of(Durability.SYNCED);

  @Option(names = "--seconds", description = "Measured in each trial, after a quarter of warm-up.")
  private int seconds = 10;

  @Option(names = "--pairs", description = "Trials of A and of B, in turn.")
  private int pairs = 5;

  @Option(names = "--read-mib", description = "Stored for read-history.")
  private int readMebibytes = 256;

  @Option(names = "--reopen-batches", description = "Stored in the larger shard of reopen.")
  private int reopenBatches = 100_000;

  @Option(names = "--long-run-mib", description = "Put and read by long-run.")
  private int longRunMebibytes = 4096;

  @Option(names = "--slice-mib", description = "Between two figures of long-run.")
  private int sliceMebibytes = 256;

  @Option(names = "--split-mib", description = "Stored in each shard that split-size splits.")
  private int splitMebibytes = 1024;

  @Option(names = "--idle-shards", description = "Open in the larger engine of idle-shards.")
  private int idleShards = 1000;

  @Option(names = "--dir", description = "For the databases; deleted piece by piece.")
  private Path directory = Path.of("benchmarks", "target", "measured");

  @Option(names = "--note", description = "A condition to be reported; may be repeated.")
  private List<String> notes = List.of();

  @Option(names = "--out", description = "File for the report, beside standard output.")
  private Path out;

  public static void main(String[] arguments) {
    CommandLine program = new CommandLine(new Benchmarks());
    System.exit(program.setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    List<Benchmark> chosen = chosen();
    Files.createDirectories(directory);
    Span span = Lab.span(Duration.ofSeconds(seconds));
    Lab.Sizes sizes =
        new Lab.Sizes(
            (long) readMebibytes << 20,
            reopenBatches,
            (long) longRunMebibytes << 20,
            (long) sliceMebibytes << 20,
            (long) splitMebibytes << 20,
            idleShards);
    Report report =
        new Report(Optional.ofNullable(out), Conditions.markdown(directory, span, pairs, notes));
    boolean allRan = true;
    for (DatabaseKind kind : databases) {
      for (Durability durability : durabilities) {
        try (Database database = start(kind, durability)) {
          Lab lab = new Lab(database, durability, span, pairs, sizes);
          report.add("## " + Settings.lowerCase(durability) + ": " + database.describe() + "\n");
          for (Benchmark benchmark : chosen) {
            allRan &= run(benchmark, lab, report);
          }
        } catch (Exception e) {
          allRan = false;
          report.add(failed(e));
        }
      }
    }
    return allRan ? 0 : 1;
  }

  private List<Benchmark> chosen() {
    for (String name : only) {
      if (ALL.stream().noneMatch(benchmark -> benchmark.name().equals(name))) {
        throw new ParameterException(
            spec.commandLine(),
            "no benchmark " + name + "; there are " + ALL.stream().map(Benchmark::name).toList());
      }
    }
    return ALL.stream()
        .filter(benchmark -> only.isEmpty() || only.contains(benchmark.name()))
        .toList();
  }

  private Database start(DatabaseKind kind, Durability durability) throws IOException {
    return switch (kind) {
      case H2 -> new H2(directory, durability);
      case POSTGRESQL -> Postgres.start(directory, durability);
    };
  }

  /** Runs one benchmark; if it fails, the others are run all the same. */
  private static boolean run(Benchmark benchmark, Lab lab, Report report) throws IOException {
    Progress.say("--- " + benchmark.name());
    Section section = new Section(benchmark.name(), benchmark.about());
    boolean ran = true;
    try {
      benchmark.run(lab, section);
    } catch (Exception e) {
      ran = false;
      section.remark(failed(e));
    }
    report.add(section.markdown());
    return ran;
  }

  private static String failed(Exception e) {
    e.printStackTrace();
    return "**failed**: " + e;
  }
}
