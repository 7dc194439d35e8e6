package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.examples.ExpectedFigures.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("database")
class EarthquakeReplayTest {

  /** Nothing waits at it, not even the last day. */
  private static final String FAST = "20000";

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
    assertThat(summary.in().records()).isEqualTo(expected.events() - expected.live().events());
    assertThat(summary.live().records()).isEqualTo(expected.live().events());
    assertThat(summary.in().bytes() + summary.live().bytes()).isEqualTo(summary.out().bytes());
    assertThat(summary.heard().events()).isEqualTo(expected.live().strong());
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
    assertThat(put(again)).isZero();
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
    assertThat(put(fresh)).isEqualTo(expected.events());
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
    assertThat(put(summary)).isEqualTo(expected.events() - 321);
  }

  @Test
  void startsOverWhenTheOldestRecordsAreGone() {
    put(EarthquakeFeed.load().subList(700, 900));
    ReplaySummary summary = run();
    assertFigures(summary);
    assertThat(put(summary)).isEqualTo(expected.events());
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

  private ReplaySummary run(String... options) {
    List<String> args = new ArrayList<>(List.of("--data", directory.toString(), "--pace", FAST));
    args.addAll(List.of(options));
    return EarthquakeReplay.run(new PrintStream(printed, true, UTF_8), args.toArray(String[]::new));
  }

  private static void assertFigures(ReplaySummary summary) {
    expected.check(summary);
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

  private static int put(ReplaySummary summary) {
    return summary.in().records() + summary.live().records();
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
}
