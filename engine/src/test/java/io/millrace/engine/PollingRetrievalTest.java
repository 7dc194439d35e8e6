package io.millrace.engine;

import com.typesafe.config.Config;
import io.millrace.engine.consumer.PollingPace;
import io.millrace.engine.consumer.PollingRetrieval;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.testing.InMemoryStore;
import java.time.Duration;
import java.util.Random;

class PollingRetrievalTest extends RetrievalContract {

  @Override
  protected Config storage() {
    return InMemoryStore.fresh().config();
  }

  @Override
  protected Retrieval retrieval(Millrace engine) {
    return engine.extension(
        PollingRetrieval.class,
        inside ->
            new PollingRetrieval(
                inside.reads(),
                PollingPace.of(inside.settings().getConfig("limits"))
                    .withWhenCaughtUp(Duration.ofMillis(20)),
                new Random(7)));
  }
}
