package io.millrace.persistence;

import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * The tables of a storage. Each version of the schema is a script beside this class; the scripts
 * above the version that is found run in one transaction each, where the database can do that.
 * Empty lines separate the statements of a script.
 */
final class Schema {

  private final String scripts;
  private final int latest;

  private Schema(String scripts, int latest) {
    this.scripts = scripts;
    this.latest = latest;
  }

  static Schema h2() {
    return new Schema("h2", 1);
  }

  static Schema postgresql() {
    return new Schema("postgresql", 2);
  }

  /**
   * Brings the tables up to this release.
   *
   * @param namespace the SQL schema that holds them
   * @param where for people
   * @throws StorageException with {@link Reason#NEWER_SCHEMA} if a newer release was here
   */
  void migrate(Connection connection, String namespace, String where) throws SQLException {
    var found = version(connection, namespace);
    if (found > latest) {
      throw new StorageException(
          Reason.NEWER_SCHEMA,
          "The storage in "
              + where
              + " has schema version "
              + found
              + ", this release knows "
              + latest
              + ". Use the release that wrote it, or a newer one.");
    }
    if (found == latest) {
      return;
    }
    connection.setAutoCommit(false);
    for (var version = found + 1; version <= latest; version++) {
      for (var statement : statements(version)) {
        try (var prepared = connection.prepareStatement(statement)) {
          prepared.execute();
        }
      }
      connection.commit();
    }
    connection.setAutoCommit(true);
  }

  private static int version(Connection connection, String namespace) throws SQLException {
    try (var tables =
        connection.getMetaData().getTables(null, namespace, "millrace_schema", null)) {
      if (!tables.next()) {
        return 0;
      }
    }
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT MAX(\"version\") FROM \"millrace_schema\"")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private List<String> statements(int version) {
    var name = "schema/" + scripts + "-v" + version + ".sql";
    try (var in = Schema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("No resource " + name);
      }
      var script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      var withoutComments = script.replaceAll("(?m)^--.*$", "");
      return Arrays.stream(withoutComments.split(";\\s*\\n\\s*\\n|;\\s*$"))
          .map(String::strip)
          .filter(statement -> !statement.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("Resource " + name + " cannot be read", e);
    }
  }
}
