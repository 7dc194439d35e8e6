package io.millrace.persistence;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.io.TempDir;

class H2StorageTest extends StorageContract {

  @TempDir Path directory;

  @Override
  Config settings() {
    return H2Fixture.in(directory);
  }

  @Override
  void raiseSchemaVersion(int by) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:h2:" + directory.resolve("millrace"));
        var statement = connection.createStatement()) {
      statement.execute("UPDATE \"millrace_schema\" SET \"version\" = \"version\" + " + by);
    }
  }
}
