package io.millrace.engine;

import com.typesafe.config.Config;
import io.millrace.engine.testing.InMemoryStore;
import org.junit.jupiter.api.Nested;

/** The contracts of the client on a storage in memory. */
class InMemoryClientTest {

  @Nested
  class Streams extends StreamContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class StreamMonitoring extends StreamMonitoringContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class StreamDeletions extends StreamDeletionContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class StreamQuotas extends StreamQuotaContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Listings extends ListingContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Puts extends PutContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Reads extends ReadContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Retention extends RetentionContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Restarts extends RestartContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Reshards extends ReshardContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class IdempotentPuts extends IdempotentPutContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Consumers extends ConsumerContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Attachments extends AttachmentContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Distributions extends DistributionContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class DryRuns extends DryRunContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Accounts extends AccountContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Workers extends WorkerContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }

  @Nested
  class Encryption extends EncryptionContract {
    @Override
    protected Config storage() {
      return InMemoryStore.fresh().config();
    }
  }
}
