package io.millrace.engine;

import com.typesafe.config.Config;
import io.millrace.engine.testing.InMemoryStore;

/** Many histories, on a storage in memory. */
class HistoryProperties extends HistoryContract {

  @Override
  protected Config storage() {
    return InMemoryStore.fresh().config();
  }

  @Override
  protected int histories() {
    return 5;
  }

  @Override
  protected int steps() {
    return 100;
  }
}
