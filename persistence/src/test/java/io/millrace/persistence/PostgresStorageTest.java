package io.millrace.persistence;

import com.typesafe.config.Config;
import org.junit.jupiter.api.Tag;

@Tag("database")
class PostgresStorageTest extends StorageContract {

  private final Config settings = PostgresFixture.freshSchema();

  @Override
  Config settings() {
    return settings;
  }

  @Override
  void raiseSchemaVersion(int by) throws Exception {
    PostgresFixture.execute(
        "UPDATE "
            + PostgresFixture.schemaOf(settings)
            + ".millrace_schema SET version = version + "
            + by);
  }
}
