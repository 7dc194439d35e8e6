package io.millrace.gateway.audit;

import io.millrace.engine.model.Account;
import io.millrace.gateway.call.AuditTrail;
import io.millrace.gateway.call.CallReport;
import java.nio.file.Path;
import java.util.Set;

/**
 * An audit trail in a file: a line of JSON for each call, in the fields of AWS CloudTrail. Calls of
 * the data plane are left out unless asked for; no line holds the data of a record. Safe for any
 * thread.
 */
public final class AuditLog implements AuditTrail, AutoCloseable {

  private static final Set<String> DATA_PLANE =
      Set.of("PutRecord", "PutRecords", "GetRecords", "GetShardIterator", "SubscribeToShard");

  private final LineFile file;
  private final AuditLine lines;
  private final boolean withDataPlane;

  /**
   * Opens a trail; lines are added to what is in the file.
   *
   * @param home whose streams are called
   * @param withDataPlane whether puts and reads are written down too
   * @throws java.io.UncheckedIOException when the file cannot be written
   */
  public AuditLog(Path file, Account home, boolean withDataPlane) {
    this.file = LineFile.open(file, AuditLine::ofLost);
    this.lines = new AuditLine(home);
    this.withDataPlane = withDataPlane;
  }

  @Override
  public void note(CallReport report) {
    boolean isData = DATA_PLANE.contains(report.operation());
    if (withDataPlane || !isData) {
      try {
        file.add(lines.of(report, isData));
      } catch (RuntimeException fault) {
        file.lose();
        throw fault;
      }
    }
  }

  /** Writes what waits, at most for a few seconds, and closes the file. */
  @Override
  public void close() {
    file.close();
  }
}
