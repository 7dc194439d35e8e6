package io.millrace.persistence;

import java.sql.Connection;
import java.sql.SQLException;

/** A database that is open and owned by us. Safe for any thread. */
interface OpenDatabase extends AutoCloseable {

  /**
   * A new connection, guarded: its commits have the promised durability and are fenced. Fails at
   * once while the database is away; trying again may help.
   */
  Connection connect() throws SQLException;

  /** How this database says it. */
  Dialect dialect();

  /** One line for people. */
  String describe();

  /** Lets go of the database. Connections in use fail. */
  @Override
  void close();
}
