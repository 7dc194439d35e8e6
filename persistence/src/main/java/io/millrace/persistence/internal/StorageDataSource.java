package io.millrace.persistence.internal;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Connections of one open storage, found by the storage's id. A pool that outlives its storage gets
 * no more connections.
 */
public final class StorageDataSource implements DataSource {

  /** Where the connections of an open storage come from. */
  @FunctionalInterface
  public interface Connections {
    Connection connect() throws SQLException;
  }

  private static final Map<String, Connections> OPEN = new ConcurrentHashMap<>();

  private volatile String storage = "";

  /** Only remembered: the pool waits this long for its threads when it closes. */
  private volatile int loginTimeoutSeconds = 1;

  /** Makes the connections of a storage available to pools, under its id. */
  public static void register(String storage, Connections connections) {
    if (OPEN.putIfAbsent(storage, connections) != null) {
      throw new IllegalStateException("A storage with id " + storage + " is open already");
    }
  }

  /** From here on nobody gets a connection under this id. */
  public static void unregister(String storage) {
    OPEN.remove(storage);
  }

  public String getStorage() {
    return storage;
  }

  /** The id of the storage; set by the pool from its properties. */
  public void setStorage(String storage) {
    this.storage = storage;
  }

  @Override
  public Connection getConnection() throws SQLException {
    var connections = OPEN.get(storage);
    if (connections == null) {
      throw new SQLException("The storage " + storage + " is closed", "08003");
    }
    return connections.connect();
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {
    loginTimeoutSeconds = seconds;
  }

  @Override
  public int getLoginTimeout() {
    return loginTimeoutSeconds;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("Wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
