package io.millrace.persistence;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/**
 * A connection whose every writing transaction passes the guard, also those that a statement makes
 * by itself when the connection commits automatically (as snapshots are written). Used by one
 * thread at a time, like any connection.
 */
final class GuardedConnection implements InvocationHandler {

  private final Connection connection;
  private final ConnectionGuard guard;

  /** Something was written and not yet committed. */
  private boolean isDirty;

  private GuardedConnection(Connection connection, ConnectionGuard guard) {
    this.connection = connection;
    this.guard = guard;
  }

  static Connection guard(Connection connection, ConnectionGuard guard) {
    return proxy(Connection.class, new GuardedConnection(connection, guard));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    return switch (method.getName()) {
      case "commit" -> {
        commit();
        yield null;
      }
      case "rollback" -> {
        var result = call(connection, method, args);
        if (args == null) {
          end();
        }
        yield result;
      }
      case "setAutoCommit" -> {
        if (isDirty && (Boolean) args[0]) {
          commit();
        }
        yield call(connection, method, args);
      }
      case "isValid" -> guard.isUsable() && (Boolean) call(connection, method, args);
      case "close" -> {
        close();
        yield null;
      }
      case "createStatement" -> guarded(Statement.class, call(connection, method, args), null);
      case "prepareStatement" ->
          guarded(PreparedStatement.class, call(connection, method, args), (String) args[0]);
      case "prepareCall" ->
          guarded(CallableStatement.class, call(connection, method, args), (String) args[0]);
      case "equals" -> proxy == args[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> call(connection, method, args);
    };
  }

  private <S extends Statement> S guarded(Class<S> type, Object statement, String prepared) {
    return proxy(
        type,
        (proxy, method, args) ->
            switch (method.getName()) {
              case "execute",
                  "executeUpdate",
                  "executeLargeUpdate",
                  "executeBatch",
                  "executeLargeBatch" -> {
                var sql = prepared != null || args == null ? prepared : (String) args[0];
                yield isQuery(sql) ? call(statement, method, args) : write(statement, method, args);
              }
              case "equals" -> proxy == args[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> call(statement, method, args);
            });
  }

  private Object write(Object statement, Method method, Object[] args) throws Throwable {
    if (!connection.getAutoCommit()) {
      begin();
      return call(statement, method, args);
    }
    begin();
    Object result;
    try {
      connection.setAutoCommit(false);
      result = call(statement, method, args);
      commit();
    } catch (SQLException | RuntimeException e) {
      rollBack(e);
      throw e;
    }
    connection.setAutoCommit(true);
    return result;
  }

  /** Undoes a transaction that was begun for one statement. */
  private void rollBack(Exception cause) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    } finally {
      end();
    }
  }

  private void begin() throws SQLException {
    if (!isDirty) {
      guard.beginWrite();
      isDirty = true;
    }
  }

  private void end() {
    if (isDirty) {
      isDirty = false;
      guard.endWrite();
    }
  }

  private void close() throws SQLException {
    try {
      guard.close(connection);
    } finally {
      end();
    }
  }

  private void commit() throws SQLException {
    var hasWritten = isDirty;
    try {
      guard.beforeCommit(hasWritten);
      connection.commit();
    } catch (SQLException e) {
      guard.failed(e);
      throw e;
    }
    end();
    if (hasWritten) {
      guard.afterCommit();
    }
  }

  private Object call(Object target, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException failure) {
        guard.failed(failure);
      }
      throw e.getCause();
    }
  }

  private static boolean isQuery(String sql) {
    return sql != null && sql.stripLeading().toLowerCase(Locale.ROOT).startsWith("select");
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            GuardedConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
