package io.millrace.processors.mapping;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import org.junit.jupiter.api.Tag;

/** On files of a real database, the one that {@code Millrace.open} on a directory has. */
@Tag("database")
class H2MappingTest extends MappingContract {

  @Override
  Config storage() {
    return ConfigFactory.empty()
        .withValue(
            "millrace.storage.directory",
            ConfigValueFactory.fromAnyRef(directory.resolve("data").toString()));
  }
}
