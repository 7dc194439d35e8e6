package io.millrace.persistence;

import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may write to a schema. Two things together: an advisory lock, held by a connection kept for
 * it alone, refuses a second engine politely at open; an epoch in a row of the schema, raised at
 * open and checked by the schema's own triggers in every transaction that writes, fences an engine
 * that has lost the lock without noticing.
 */
final class PostgresOwnership implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PostgresOwnership.class);

  private static final String LOCK = "SELECT pg_try_advisory_lock(hashtextextended(?, 0))";

  private static final String TAKE_OVER =
      "UPDATE millrace_owner SET epoch = epoch + 1 RETURNING epoch";

  /** Tells the fence of the schema which epoch writes through this connection. */
  private static final String STAMP = "SELECT set_config('millrace.epoch', ?, false)";

  /** How the fence says that another epoch has begun. */
  private static final String FENCED = "MR001";

  private static final String EPOCH = "SELECT epoch FROM millrace_owner";

  private static final Duration KILLED_OWNER_GRACE = Duration.ofSeconds(3);
  private static final long LOCK_RETRY_NANOS = 20_000_000;

  private final PostgresServer server;
  private final ScheduledExecutorService watch;

  private Connection holder;
  private long epoch;

  private volatile boolean isLost;

  private PostgresOwnership(PostgresServer server, Connection holder) {
    this.server = server;
    this.holder = holder;
    watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var thread = new Thread(task, "millrace-owner-" + server.schema());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Locks the schema, which need not exist yet. Waits a little for it: the server takes a moment to
   * notice that a process has been killed, and until then the dead one has the lock.
   *
   * @param holder a connection that is ours from now on
   * @throws StorageException with {@link Reason#IN_USE} if another engine has it
   */
  static PostgresOwnership lock(PostgresServer server, Connection holder) throws SQLException {
    if (!tryLock(holder, server.schema(), KILLED_OWNER_GRACE)) {
      throw new StorageException(
          Reason.IN_USE,
          "The storage at "
              + server
              + " is open in another engine. Close it there, or choose another schema.");
    }
    return new PostgresOwnership(server, holder);
  }

  private static boolean tryLock(Connection holder, String schema, Duration atMost)
      throws SQLException {
    var deadline = System.nanoTime() + atMost.toNanos();
    while (!tryLock(holder, schema)) {
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOCK_RETRY_NANOS);
    }
    return true;
  }

  private static boolean tryLock(Connection holder, String schema) throws SQLException {
    try (var statement = holder.prepareStatement(LOCK)) {
      statement.setString(1, "millrace." + schema);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getBoolean(1);
      }
    }
  }

  /** Fences everybody who owned the schema before, and begins to watch the lock. */
  void takeOver(Duration checkInterval) throws SQLException {
    try (var statement = holder.createStatement();
        var rows = statement.executeQuery(TAKE_OVER)) {
      rows.next();
      epoch = rows.getLong(1);
    }
    var millis = Math.max(1, checkInterval.toMillis());
    var unused = watch.scheduleWithFixedDelay(this::check, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Makes a new connection one of this epoch: what it writes passes the fence of the schema. */
  void stamp(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(STAMP)) {
      statement.setString(1, Long.toString(epoch));
      statement.execute();
    }
  }

  /** What a failure of a statement means: the fence's refusal is the loss of the ownership. */
  SQLException explain(SQLException failure) {
    if (!FENCED.equals(failure.getSQLState())) {
      return failure;
    }
    lose();
    return new SQLException(failure.getMessage(), "08004", lost(failure));
  }

  /** Fails if the ownership is known to be lost; does not ask the server. */
  void requireOwnership() {
    if (isLost) {
      throw lost(null);
    }
  }

  private StorageException lost(Throwable cause) {
    return new StorageException(
        Reason.OWNERSHIP_LOST,
        "Another engine has taken over the storage at " + server + ". This one must be closed.",
        cause);
  }

  boolean isLost() {
    return isLost;
  }

  private void lose() {
    if (!isLost) {
      isLost = true;
      log.error("Another engine has taken over the storage at {}", server);
    }
  }

  private synchronized void check() {
    if (isLost || watch.isShutdown()) {
      return;
    }
    try {
      if (holder.isValid(5)) {
        return;
      }
      log.warn("The connection that owns the storage at {} is gone, and is replaced", server);
      closeHolder();
      holder = server.connect();
      if (readEpoch(holder) != epoch) {
        lose();
      } else if (tryLock(holder, server.schema())) {
        log.info("The storage at {} is owned again", server);
      } else {
        // Perhaps the server has not noticed yet that the old connection is gone.
        closeHolder();
      }
    } catch (SQLException | RuntimeException e) {
      log.debug("The storage at {} is not owned yet", server, e);
    }
  }

  private static long readEpoch(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(EPOCH)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void closeHolder() {
    try {
      holder.close();
    } catch (SQLException e) {
      log.debug("While closing the connection that owns the storage at {}", server, e);
    }
  }

  /** The server notices later that a connection was closed; the next owner need not wait for it. */
  private void unlock() {
    try (var statement = holder.createStatement()) {
      statement.execute("SELECT pg_advisory_unlock_all()");
    } catch (SQLException e) {
      log.debug("While giving back the storage at {}", server, e);
    }
  }

  @Override
  public void close() {
    watch.shutdown();
    synchronized (this) {
      unlock();
      closeHolder();
    }
  }
}
