package io.millrace.persistence;

import java.sql.Connection;
import java.sql.SQLException;

/** What H2 needs added to every transaction that writes through a connection of ours. */
interface ConnectionGuard {

  /**
   * Before the first write of a transaction. Followed by {@link #endWrite} whatever happens then,
   * unless it throws.
   */
  void beginWrite() throws SQLException;

  /** After the commit of a transaction that has written, or after its end without one. */
  void endWrite();

  /**
   * Before the transaction commits. Throwing means that nothing is committed.
   *
   * @param hasWritten whether it has, and so has its turn to write
   */
  void beforeCommit(boolean hasWritten) throws SQLException;

  /** After the commit, and after {@link #endWrite}; returns when it has the promised durability. */
  void afterCommit() throws SQLException;

  /** Whether connections of this opening of the database can still be used. */
  boolean isUsable();

  /** A statement or commit has failed. */
  void failed(SQLException failure);

  /** Closes a connection. */
  void close(Connection connection) throws SQLException;
}
