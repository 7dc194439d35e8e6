package io.millrace.persistence;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** How long a statement may take. */
record Timeouts(Duration statement) {

  void apply(Statement target) throws SQLException {
    target.setQueryTimeout((int) statement.toSeconds());
  }
}
