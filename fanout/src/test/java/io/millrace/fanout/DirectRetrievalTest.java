package io.millrace.fanout;

import com.typesafe.config.Config;
import io.millrace.engine.Millrace;
import io.millrace.engine.RetrievalContract;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.testing.InMemoryStore;

class DirectRetrievalTest extends RetrievalContract {

  @Override
  protected Config storage() {
    return InMemoryStore.fresh().config();
  }

  @Override
  protected Retrieval retrieval(Millrace engine) {
    return FanOut.of(engine).retrieval();
  }
}
