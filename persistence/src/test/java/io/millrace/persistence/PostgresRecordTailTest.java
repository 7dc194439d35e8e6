package io.millrace.persistence;

import io.millrace.engine.storage.Storage;
import io.millrace.engine.testing.RecordTailContract;
import org.junit.jupiter.api.Tag;

/** The contract of the tail on PostgreSQL. */
@Tag("database")
class PostgresRecordTailTest extends RecordTailContract {

  @Override
  protected Storage openStorage() {
    return TestStorage.open(PostgresFixture.freshSchema());
  }
}
