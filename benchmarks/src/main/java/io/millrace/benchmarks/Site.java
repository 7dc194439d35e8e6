package io.millrace.benchmarks;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** A fresh place in a database, for an engine or for plain rows, one at a time. */
interface Site extends AutoCloseable {

  /** Settings with which an engine opens here, limits off. */
  Config settings();

  /** The journal's table of this place, without an engine; created if there is none yet. */
  PlainTable plainTable() throws SQLException;

  /** A directory for files beside the database. */
  Path directory();

  /** Removes everything. */
  @Override
  void close() throws IOException, SQLException;
}
