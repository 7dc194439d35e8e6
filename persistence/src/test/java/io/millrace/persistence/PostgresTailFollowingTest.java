package io.millrace.persistence;

import io.millrace.engine.storage.Storage;
import io.millrace.engine.testing.TailFollowingContract;
import org.junit.jupiter.api.Tag;

/** The contract of followers of the tail on PostgreSQL. */
@Tag("database")
class PostgresTailFollowingTest extends TailFollowingContract {

  @Override
  protected Storage openStorage() {
    return TestStorage.open(PostgresFixture.freshSchema());
  }
}
