package io.millrace.examples.capacity;

import io.millrace.engine.capacity.CapacityDecision.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was decided on which day, for people. */
final class DecisionTable {

  /** Decisions of one reason on one day. */
  private record Row(int day, Reason reason, int decisions, int shardsBefore, int shardsAfter) {}

  private final List<Row> rows = new ArrayList<>();
  private int throttledMinutes;

  void add(SimulatedMinute minute) {
    throttledMinutes += minute.isThrottled() ? 1 : 0;
    Reason reason = minute.decision().reason();
    if (reason == Reason.ENOUGH) {
      return;
    }
    int day = 1 + minute.minute() / Workload.MINUTES_OF_A_DAY;
    int after = minute.after().size();
    Row last = rows.isEmpty() ? null : rows.get(rows.size() - 1);
    if (last != null && last.day() == day && last.reason() == reason) {
      rows.set(
          rows.size() - 1, new Row(day, reason, last.decisions() + 1, last.shardsBefore(), after));
    } else {
      rows.add(new Row(day, reason, 1, minute.before().size(), after));
    }
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("day  decision     times  shards");
    for (Row row : rows) {
      String shards =
          row.shardsBefore() == row.shardsAfter()
              ? "" + row.shardsAfter()
              : row.shardsBefore() + " -> " + row.shardsAfter();
      lines.add(
          String.format(
              Locale.ROOT,
              "%3d  %-11s  %5d  %s",
              row.day(),
              row.reason(),
              row.decisions(),
              shards));
    }
    lines.add("throttled minutes: " + throttledMinutes);
    return lines;
  }
}
