package io.millrace.examples;

import io.millrace.engine.Millrace;
import io.millrace.examples.EarthquakeAlerts.Alerts;
import io.millrace.examples.EarthquakeGroup.Counts;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * What consumes the stream by checkpoints: a group of workers that counts, and a function that
 * raises alerts.
 */
final class EarthquakeApplications {

  private final EarthquakeGroup group;
  private final EarthquakeAlerts alerts;
  private final int events;

  /**
   * What they found.
   *
   * @param counts the counts of the group
   * @param alerts the alerts of the function
   */
  record Findings(Counts counts, Alerts alerts) {

    boolean isExact() {
      return counts.isExact() && alerts.isExact();
    }
  }

  EarthquakeApplications(Millrace millrace, String stream, Path directory, List<Earthquake> feed) {
    this.group = new EarthquakeGroup(millrace, stream, directory, feed);
    this.alerts = new EarthquakeAlerts(millrace, stream, directory, feed);
    this.events = feed.size();
  }

  /** Lets them go on from where they were until they have caught up. */
  Findings catchUp(PrintStream out, boolean isTerminal) {
    Counts counts;
    try (Progress counting = new Progress(out, isTerminal, "count", events)) {
      counts = group.run(counting::reached);
    }
    try (Progress alerting = new Progress(out, isTerminal, "alert", events)) {
      return new Findings(counts, alerts.run(alerting::reached));
    }
  }

  /** Lets them begin again, with a stream that is going to be another one. */
  void forget() {
    group.forget();
    alerts.forget();
  }
}
