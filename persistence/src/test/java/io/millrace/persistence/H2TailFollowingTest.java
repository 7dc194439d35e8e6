package io.millrace.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.testing.TailFollowingContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract of followers of the tail on H2. */
@Tag("database")
class H2TailFollowingTest {

  private static final Config UNSYNCED =
      ConfigFactory.parseString("millrace.storage.jdbc.durability = process");

  @Nested
  class Synced extends TailFollowingContract {

    @TempDir Path directory;

    @Override
    protected Storage openStorage() {
      return TestStorage.open(H2Fixture.in(directory));
    }
  }

  @Nested
  class Unsynced extends TailFollowingContract {

    @TempDir Path directory;

    @Override
    protected Storage openStorage() {
      return TestStorage.open(UNSYNCED.withFallback(H2Fixture.in(directory)));
    }
  }
}
