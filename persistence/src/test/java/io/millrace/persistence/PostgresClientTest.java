package io.millrace.persistence;

import com.typesafe.config.Config;
import io.millrace.engine.AccountContract;
import io.millrace.engine.AttachmentContract;
import io.millrace.engine.ConsumerContract;
import io.millrace.engine.DistributionContract;
import io.millrace.engine.DryRunContract;
import io.millrace.engine.EncryptionContract;
import io.millrace.engine.HistoryContract;
import io.millrace.engine.IdempotentPutContract;
import io.millrace.engine.ListingContract;
import io.millrace.engine.PutContract;
import io.millrace.engine.ReadContract;
import io.millrace.engine.ReshardContract;
import io.millrace.engine.RestartContract;
import io.millrace.engine.RetentionContract;
import io.millrace.engine.StreamContract;
import io.millrace.engine.StreamDeletionContract;
import io.millrace.engine.StreamMonitoringContract;
import io.millrace.engine.StreamQuotaContract;
import io.millrace.engine.WorkerContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contracts of the client on PostgreSQL. */
@Tag("database")
class PostgresClientTest {

  @Nested
  class Streams extends StreamContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class StreamMonitoring extends StreamMonitoringContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class StreamDeletions extends StreamDeletionContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class StreamQuotas extends StreamQuotaContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Listings extends ListingContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Puts extends PutContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Reads extends ReadContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Retention extends RetentionContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Restarts extends RestartContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Reshards extends ReshardContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class IdempotentPuts extends IdempotentPutContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Consumers extends ConsumerContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Attachments extends AttachmentContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Distributions extends DistributionContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class DryRuns extends DryRunContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Accounts extends AccountContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Histories extends HistoryContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }

    @Override
    protected int histories() {
      return 2;
    }

    @Override
    protected int steps() {
      return 80;
    }
  }

  @Nested
  class Encryption extends EncryptionContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }

  @Nested
  class Workers extends WorkerContract {
    @Override
    protected Config storage() {
      return PostgresFixture.freshSchema();
    }
  }
}
