package io.millrace.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** What one benchmark found, as a table and remarks. */
final class Section {

  private final String title;
  private final String about;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  Section(String title, String about) {
    this.title = title;
    this.about = about;
  }

  void add(Row row) {
    rows.add(row);
  }

  void remark(String remark) {
    remarks.add(remark);
  }

  String markdown() {
    StringBuilder text = new StringBuilder("### " + title + "\n\n" + about + "\n");
    if (!rows.isEmpty()) {
      text.append("\n| what | measured | baseline | ratio | expected |\n|---|---|---|---|---|\n");
      for (Row row : rows) {
        String cells =
            String.join(" | ", row.what(), row.measured(), row.baseline(), row.ratio(), row.bar());
        text.append("| ").append(cells).append(" |\n");
      }
    }
    if (!remarks.isEmpty()) {
      text.append('\n');
      remarks.forEach(remark -> text.append("- ").append(remark).append('\n'));
    }
    return text.toString();
  }
}
