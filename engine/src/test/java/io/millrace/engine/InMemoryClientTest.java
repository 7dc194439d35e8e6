package io.millrace.engine;

import com.typesafe.config.Config;
import io.millrace.engine.testing.InMemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The contracts of the client on a storage in memory. */
class InMemoryClientTest {

  private final InMemoryStore store = InMemoryStore.fresh();

  @AfterEach
  void forget() {
    store.forget();
  }

  @Nested
  class Streams extends StreamContract {
    @Override
    protected Config storage() {
      return store.config();
    }
  }

  @Nested
  class Listings extends ListingContract {
    @Override
    protected Config storage() {
      return store.config();
    }
  }

  @Nested
  class Puts extends PutContract {
    @Override
    protected Config storage() {
      return store.config();
    }
  }

  @Nested
  class Reads extends ReadContract {
    @Override
    protected Config storage() {
      return store.config();
    }
  }
}
