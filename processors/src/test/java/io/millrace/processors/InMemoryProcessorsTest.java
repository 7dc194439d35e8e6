package io.millrace.processors;

import com.typesafe.config.Config;
import io.millrace.engine.testing.InMemoryStore;

class InMemoryProcessorsTest extends ProcessorsContract {

  @Override
  Config storage() {
    return InMemoryStore.fresh().config();
  }
}
