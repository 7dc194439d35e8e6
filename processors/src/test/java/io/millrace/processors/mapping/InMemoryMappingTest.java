package io.millrace.processors.mapping;

import com.typesafe.config.Config;
import io.millrace.engine.testing.InMemoryStore;

class InMemoryMappingTest extends MappingContract {

  @Override
  Config storage() {
    return InMemoryStore.fresh().config();
  }
}
