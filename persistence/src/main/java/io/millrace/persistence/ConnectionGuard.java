package io.millrace.persistence;

import java.sql.Connection;
import java.sql.SQLException;

/** What a database adds to every transaction that writes through a connection of ours. */
interface ConnectionGuard {

  /** A transaction has begun to write. */
  void beganWriting();

  /** The transaction has been committed, or taken back, or has failed. */
  void endedWriting();

  /**
   * Before the transaction commits, on its connection. Throwing means that nothing is committed.
   */
  void beforeCommit(Connection connection) throws SQLException;

  /** After the commit; returns when it has the promised durability. */
  void afterCommit() throws SQLException;

  /** Whether connections of this opening of the database can still be used. */
  boolean isUsable();

  /** A statement or commit has failed. */
  void failed(SQLException failure);

  /** Closes a connection. */
  void close(Connection connection) throws SQLException;
}
