package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.examples.EarthquakeAlerts.Alerts;
import io.millrace.examples.EarthquakeGroup.Counts;
import io.millrace.examples.ExpectedFigures.Network;
import io.millrace.testkit.Awaits;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("database")
class EarthquakeReplayTest {

  private static final int KILLS = 4;
  private static final Pattern STORED = Pattern.compile("put +([\\d,]+) of .*");
  private static final Pattern FOUND = Pattern.compile("found +([\\d,]+) of .*");

  private static ExpectedFigures expected;

  @TempDir private Path directory;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeAll
  static void readTheFile() throws IOException {
    expected = ExpectedFigures.ofFile();
  }

  @Test
  void figuresAreThoseOfTheFile() {
    ReplaySummary summary = run();
    assertFigures(summary);
    assertThat(summary.resumed()).isZero();
    assertThat(summary.in().records()).isEqualTo(expected.events());
    assertThat(summary.in().bytes()).isEqualTo(summary.out().bytes());
    assertThat(summary.heard().events()).isEqualTo(expected.strong());
    assertThat(summary.heard().slowest()).isPositive();
    assertThat(summary.findings().counts().byMember().values()).hasSize(2).allMatch(n -> n > 0);
    assertThat(summary.findings().counts().processed()).isGreaterThanOrEqualTo(expected.events());
    assertThat(summary.findings().alerts().processed())
        .isGreaterThanOrEqualTo(expected.events() - 1);
    assertThat(printedLines())
        .contains("order  by event time in every network, no duplicates")
        .contains(
            "refuse %s, given up after a few tries: see refused.jsonl"
                .formatted(expected.middle().id()));
    expected
        .byNetwork()
        .forEach(
            (name, figures) ->
                assertThat(printedLines()).anySatisfy(line -> assertRow(line, name, figures)));
    assertThat(printedLines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void secondRunPutsNothingAndPrintsTheSame() {
    run();
    List<String> first = table();
    printed.reset();
    ReplaySummary again = run();
    assertFigures(again);
    assertThat(again.in().records()).isZero();
    assertThat(again.findings().counts().processed()).isZero();
    assertThat(again.findings().alerts().processed()).isZero();
    assertThat(again.findings().alerts().raised()).isZero();
    assertThat(printedLines())
        .contains("found  all of them there: nothing to put")
        .anyMatch(line -> line.startsWith("group ") && line.endsWith(": nothing new"))
        .anyMatch(line -> line.startsWith("alerts ") && line.endsWith(": nothing new"));
    assertThat(table()).isEqualTo(first);
  }

  @Test
  void freshRunStartsOver() {
    run();
    ReplaySummary fresh = run("--fresh");
    assertFigures(fresh);
    assertThat(fresh.in().records()).isEqualTo(expected.events());
    assertThat(fresh.findings().counts().processed()).isGreaterThanOrEqualTo(expected.events());
    assertThat(fresh.findings().alerts().processed()).isGreaterThanOrEqualTo(expected.events() - 1);
  }

  @Test
  void checkpointsSayWhatIsCountedAndAFreshRunCountsAnew() throws IOException {
    run();
    Files.delete(directory.resolve(EarthquakeGroup.COUNTS_FILE));
    assertThatThrownBy(this::run).hasMessage("exit code 1");
    assertThat(printedLines()).anyMatch(line -> line.startsWith("wrong  counts or alerts"));
    assertFigures(run("--fresh"));
  }

  @Test
  void putsWhatIsMissing() {
    put(EarthquakeFeed.load().subList(0, 321));
    ReplaySummary summary = run();
    assertFigures(summary);
    assertThat(summary.resumed()).isEqualTo(321);
    assertThat(summary.in().records()).isEqualTo(expected.events() - 321);
  }

  @Test
  void startsOverWhenTheOldestRecordsAreGone() {
    put(EarthquakeFeed.load().subList(700, 900));
    ReplaySummary summary = run();
    assertFigures(summary);
    assertThat(summary.in().records()).isEqualTo(expected.events());
    assertThat(printedLines()).contains("note   the oldest records have expired: starting over");
  }

  @Test
  void refusesADirectoryInUse() {
    try (Millrace other = Millrace.open(EarthquakeReplay.settings(directory))) {
      assertThat(other.describe()).isNotEmpty();
      assertThatThrownBy(this::run).hasMessage("exit code 1");
    }
    assertFigures(run());
  }

  /**
   * A child process is killed again and again, each time after so many lines of its output, while
   * it opens, reads or waits for an acknowledgement. Each next one must find at least what was
   * acknowledged, and the last one makes the stream complete.
   */
  @RepeatedTest(2)
  @ExtendWith(Seeds.class)
  @Tag("process")
  void goesOnAfterEachKill(Seed seed) {
    Random random = seed.random("kills");
    int acknowledged = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      int lines = 1 + random.nextInt(6);
      for (String line : linesOfKilledChild(random.nextBoolean() ? 0 : 2000, after(lines))) {
        Matcher found = FOUND.matcher(line);
        if (found.matches()) {
          assertThat(number(found))
              .as("seed %s, kill %d", seed, kill)
              .isGreaterThanOrEqualTo(acknowledged);
        }
        Matcher stored = STORED.matcher(line);
        if (stored.matches()) {
          acknowledged = number(stored);
        }
      }
    }
    ReplaySummary summary = run();
    assertFigures(summary);
    assertThat(summary.resumed()).as("seed %s", seed).isGreaterThanOrEqualTo(acknowledged);
  }

  /** The same while the group counts, and while alerts are raised. */
  @Test
  @Tag("process")
  void applicationsGoOnAfterEachKill() {
    linesOfKilledChild(0, line -> line.startsWith("count "));
    linesOfKilledChild(0, line -> line.startsWith("alert ") || line.startsWith("network "));
    ReplaySummary summary = run();
    assertFigures(summary);
    assertThat(summary.resumed()).isEqualTo(expected.events());
  }

  private static Predicate<String> after(int lines) {
    AtomicInteger seen = new AtomicInteger();
    return line -> seen.incrementAndGet() == lines;
  }

  private List<String> linesOfKilledChild(int pace, Predicate<String> last) {
    List<String> seen = new ArrayList<>();
    try (ChildJvm child =
        ChildJvm.of(EarthquakeReplay.class)
            .arguments("--data", directory.toString(), "--pace", Integer.toString(pace))
            .start()) {
      for (Optional<String> line = child.nextLine(Awaits.PATIENCE);
          line.isPresent();
          line = child.nextLine(Awaits.PATIENCE)) {
        seen.add(line.get());
        if (last.test(line.get())) {
          child.kill();
        }
      }
    }
    return seen;
  }

  private ReplaySummary run(String... options) {
    List<String> args = new ArrayList<>(List.of("--data", directory.toString()));
    args.addAll(List.of(options));
    return EarthquakeReplay.run(new PrintStream(printed, true, UTF_8), args.toArray(String[]::new));
  }

  private void put(List<Earthquake> events) {
    try (Millrace millrace = Millrace.open(EarthquakeReplay.settings(directory))) {
      StreamClient client = millrace.client();
      client
          .createStream(EarthquakeReplay.STREAM, EarthquakeReplay.SHARDS)
          .thenCompose(created -> millrace.awaitActive(EarthquakeReplay.STREAM))
          .toCompletableFuture()
          .join();
      PutRecordsResponse response =
          client
              .putRecords(
                  PutRecordsRequest.of(
                      EarthquakeReplay.STREAM,
                      events.stream()
                          .map(event -> PutRecordsRequestEntry.of(event.network(), event.json()))
                          .toList()))
              .toCompletableFuture()
              .join();
      assertThat(response.failedRecordCount()).isZero();
    }
  }

  private static void assertFigures(ReplaySummary summary) {
    StreamContents contents = summary.contents();
    assertThat(contents.events()).isEqualTo(expected.events());
    assertThat(contents.duplicates()).isZero();
    assertThat(contents.misplaced()).isZero();
    assertThat(contents.networks().keySet()).isEqualTo(expected.byNetwork().keySet());
    contents
        .networks()
        .forEach(
            (name, tally) -> {
              Network figures = expected.byNetwork().get(name);
              Earthquake strongest = tally.strongest().orElseThrow();
              assertThat(tally.events()).as(name).isEqualTo(figures.events());
              assertThat(strongest.magnitude()).as(name).hasValue(figures.magnitude());
              assertThat(strongest.place()).as(name).isEqualTo(figures.place());
            });
    assertThat(
            contents.shards().entrySet().stream()
                .collect(
                    toMap(entry -> entry.getKey().index(), entry -> entry.getValue().records())))
        .isEqualTo(expected.byShard());
    assertCounts(summary.findings().counts());
    assertAlerts(summary.findings().alerts());
  }

  private static void assertCounts(Counts counts) {
    Map<String, Integer> events = new TreeMap<>();
    expected.byNetwork().forEach((name, figures) -> events.put(name, figures.events()));
    assertThat(counts.networks()).isEqualTo(events);
  }

  private static void assertAlerts(Alerts alerts) {
    List<Integer> events = new ArrayList<>(expected.byMagnitude());
    events.set(expected.middle().magnitude(), events.get(expected.middle().magnitude()) - 1);
    assertThat(alerts.events().keySet()).containsExactly(MagnitudeClass.values());
    assertThat(alerts.events().values()).containsExactlyElementsOf(events);
    assertThat(alerts.refused()).containsExactly(expected.middle().id());
  }

  private static void assertRow(String line, String name, Network figures) {
    assertThat(line.trim().split(" +", 4))
        .containsExactly(
            name,
            String.format(Locale.ROOT, "%,d", figures.events()),
            String.format(Locale.ROOT, "%.1f", figures.magnitude()),
            figures.place());
  }

  private List<String> printedLines() {
    return printed.toString(UTF_8).lines().toList();
  }

  /** The figures of networks and shards, without those of time. */
  private List<String> table() {
    return printedLines().stream()
        .dropWhile(line -> !line.startsWith("network"))
        .takeWhile(line -> !line.startsWith("in "))
        .toList();
  }

  private static int number(Matcher matched) {
    return Integer.parseInt(matched.group(1).replace(",", ""));
  }
}
