package io.millrace.channels;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** On files of a real database. */
@Tag("database")
class H2ChannelsTest extends ChannelsContract {

  @TempDir static Path directory;

  @Override
  Config storage() {
    return ConfigFactory.empty()
        .withValue(
            "millrace.storage.directory",
            ConfigValueFactory.fromAnyRef(
                directory.resolve(UUID.randomUUID().toString()).toString()));
  }
}
