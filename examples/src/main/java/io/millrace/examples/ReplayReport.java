package io.millrace.examples;

import static java.util.stream.Collectors.joining;

import io.millrace.examples.EarthquakeAlarm.Heard;
import io.millrace.examples.EarthquakeAlerts.Alerts;
import io.millrace.examples.EarthquakeGroup.Counts;
import io.millrace.examples.EarthquakeGroup.Member;
import io.millrace.examples.ReplaySummary.Flow;
import io.millrace.examples.StreamContents.NetworkTally;
import io.millrace.examples.StreamContents.ShardTally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The figures of a run as lines of text, none wider than the given width. */
final class ReplayReport {

  private static final int MIN_WIDTH = 40;
  private static final String NOTHING_NEW = "nothing new";

  private final int width;

  ReplayReport(int width) {
    this.width = Math.max(MIN_WIDTH, width);
  }

  List<String> lines(ReplaySummary summary) {
    List<String> lines = new ArrayList<>();
    lines.add(line("%-8s %7s  %9s  %s", "network", "events", "strongest", "where"));
    summary.contents().networks().entrySet().stream()
        .sorted(
            Comparator.comparingInt(
                    (Map.Entry<String, NetworkTally> network) -> -network.getValue().events())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(network -> lines.add(network(network.getKey(), network.getValue())));
    lines.add(line("%-8s %,7d", "all", summary.contents().events()));
    lines.add("");
    lines.add(line("%-20s  %7s  %7s  %6s", "shard", "records", "kB", "share"));
    summary
        .contents()
        .shards()
        .forEach(
            (shard, tally) ->
                lines.add(shard(shard.toString(), tally, summary.contents().events())));
    lines.add("");
    lines.add(flow("in", summary.in()));
    lines.add(flow("live", summary.live()));
    if (summary.heard().events() > 0) {
      lines.add(push(summary.heard()));
    }
    lines.add(flow("out", summary.out()));
    lines.add(
        line(
            "order  %s, %s",
            summary.contents().misplaced() == 0
                ? "by event time in every network"
                : plural(summary.contents().misplaced(), "event") + " misplaced",
            summary.contents().duplicates() == 0
                ? "no duplicates"
                : plural(summary.contents().duplicates(), "duplicate")));
    lines.add(group(summary.findings().counts()));
    lines.add(alerts(summary.findings().alerts()));
    if (!summary.findings().alerts().refused().isEmpty()) {
      lines.add(
          line(
              "refuse %s, given up after a few tries: see %s",
              String.join(" ", summary.findings().alerts().refused()),
              EarthquakeAlerts.REFUSED_FILE));
    }
    if (!summary.findings().isExact()) {
      lines.add(line("wrong  counts or alerts are not those of the feed: start over by --fresh"));
    }
    return lines;
  }

  private String group(Counts counts) {
    return line(
        "group  %,d events of %s: %s",
        counts.events(),
        plural(counts.networks().size(), "network"),
        counts.processed() == 0
            ? NOTHING_NEW
            : String.format(
                Locale.ROOT,
                "first worker %,d, second worker %,d",
                counts.byMember().getOrDefault(Member.FIRST, 0),
                counts.byMember().getOrDefault(Member.SECOND, 0)));
  }

  private String alerts(Alerts alerts) {
    return line(
        "alerts %s: %s",
        alerts.events().entrySet().stream()
            .map(
                ofClass ->
                    String.format(
                        Locale.ROOT, "%,d %s", ofClass.getValue(), ofClass.getKey().label()))
            .collect(joining(", ")),
        alerts.processed() == 0 ? NOTHING_NEW : plural(alerts.raised(), "alert"));
  }

  private String network(String name, NetworkTally tally) {
    Optional<Earthquake> strongest = tally.strongest();
    return line(
        "%-8s %,7d  %9s  %s",
        name,
        tally.events(),
        strongest
            .map(event -> String.format(Locale.ROOT, "%.1f", event.magnitude().getAsDouble()))
            .orElse("-"),
        strongest.map(Earthquake::place).orElse("-"));
  }

  private String shard(String id, ShardTally tally, int all) {
    return line(
        "%-20s  %,7d  %,7d  %4.1f %%",
        id, tally.records(), tally.bytes() / 1000, 100.0 * tally.records() / Math.max(1, all));
  }

  private String flow(String name, Flow flow) {
    return flow.records() == 0
        ? line("%-6s nothing to do", name)
        : line(
            "%-6s %,d records in %.2f s: %,.0f records/s, %.1f MB/s",
            name,
            flow.records(),
            flow.time().toNanos() / 1e9,
            flow.recordsPerSecond(),
            flow.megabytesPerSecond());
  }

  private String push(Heard heard) {
    return line(
        "%-6s %,d live ones from magnitude %.1f, %.1f ms after the put, %.1f at most",
        "push",
        heard.events(),
        EarthquakeAlarm.STRONG,
        heard.median().toNanos() / 1e6,
        heard.slowest().toNanos() / 1e6);
  }

  private static String plural(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** Too long a line is cut; what a place is called is the only thing that can make one so. */
  private String line(String format, Object... values) {
    String line = String.format(Locale.ROOT, format, values).stripTrailing();
    return line.codePointCount(0, line.length()) <= width
        ? line
        : line.substring(0, line.offsetByCodePoints(0, width - 3)) + "...";
  }
}
