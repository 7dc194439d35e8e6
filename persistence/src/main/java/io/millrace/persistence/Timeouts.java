package io.millrace.persistence;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** How long a statement may take. */
record Timeouts(Duration statement) {

  /**
   * Sets it where it is another. To H2 it is one of the whole connection, and setting it has every
   * connection of the database parse its statements anew.
   */
  void apply(Statement target) throws SQLException {
    var seconds = (int) statement.toSeconds();
    if (target.getQueryTimeout() != seconds) {
      target.setQueryTimeout(seconds);
    }
  }
}
