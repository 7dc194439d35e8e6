package io.millrace.persistence;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A connection to a schema of ours on PostgreSQL. The schema's triggers let nobody write who has
 * lost it; here their refusal gets its name, so that it is known that nothing was written. Used by
 * one thread at a time, like any connection.
 */
final class FencedConnection implements InvocationHandler {

  private final Connection connection;
  private final PostgresDatabase database;

  private FencedConnection(Connection connection, PostgresDatabase database) {
    this.connection = connection;
    this.database = database;
  }

  static Connection of(Connection connection, PostgresDatabase database) {
    return proxy(Connection.class, new FencedConnection(connection, database));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    return switch (method.getName()) {
      case "createStatement" -> explaining(Statement.class, call(connection, method, args));
      case "prepareStatement" ->
          explaining(PreparedStatement.class, call(connection, method, args));
      case "isValid" -> database.isUsable() && (Boolean) call(connection, method, args);
      case "close" -> {
        database.close(connection);
        yield null;
      }
      case "equals" -> proxy == args[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> call(connection, method, args);
    };
  }

  private <S extends Statement> S explaining(Class<S> type, Object statement) {
    return proxy(
        type,
        (proxy, method, args) ->
            switch (method.getName()) {
              case "equals" -> proxy == args[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> call(statement, method, args);
            });
  }

  private Object call(Object target, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof SQLException failure ? database.explain(failure) : e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            FencedConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
