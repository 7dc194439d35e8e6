package io.millrace.engine;

import static io.millrace.engine.StreamClientContract.failure;
import static io.millrace.engine.StreamClientContract.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.StorageStep;
import io.millrace.testkit.Awaits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a coordinator tells of its writes, and how few it needs. */
class CoordinatorStorageTest {

  private static final String STREAM = "orders";
  private static final ApplicationName APPLICATION = new ApplicationName("billing");
  private static final String ID = "application|billing";
  private static final int RECORDS = 20;

  private final InMemoryStore store = InMemoryStore.fresh();
  private final Puppets puppets = new Puppets();
  private final List<SequenceNumber> numbers = new ArrayList<>();
  private Millrace engine;
  private LeasedShard shard;

  @BeforeEach
  void open() {
    Config settings =
        ConfigFactory.parseString(
            """
            millrace.limits.mode = off
            millrace.consumers { min-backoff = 1ms, max-backoff = 5ms, snapshot-every = 5 }
            """);
    engine = Millrace.open(settings.withFallback(store.config()));
    get(engine.client().createStream(STREAM, 1));
    get(engine.awaitActive(STREAM));
    for (int i = 0; i < RECORDS; i++) {
      numbers.add(
          get(engine.client().putRecord(STREAM, "key", Payload.utf8("r" + i))).sequenceNumber());
    }
    Consumers.of(engine)
        .worker(
            WorkerSettings.of(APPLICATION.value(), STREAM)
                .withInitialPosition(CheckpointPosition.TRIM_HORIZON),
            puppets);
    shard = get(puppets.next().started);
  }

  @AfterEach
  void close() {
    engine.close();
    store.forget();
  }

  private CompletionStage<Void> checkpoint(int record) {
    return shard.checkpoint(CheckpointPosition.after(numbers.get(record)));
  }

  private CheckpointPosition stored() {
    return get(Consumers.of(engine).describe(APPLICATION)).leases().get(0).checkpoint();
  }

  @Test
  void writesWhatGathersDuringAWriteAsOneEvent() {
    long before = lastEvent();
    List<CompletionStage<Void>> stages = new ArrayList<>();
    try (InMemoryStore.Hold hold = store.hold(StorageStep.WRITE)) {
      stages.add(checkpoint(0));
      hold.awaitReached();
      for (int i = 1; i < RECORDS; i++) {
        stages.add(checkpoint(i));
      }
      assertThat(stages).noneMatch(stage -> stage.toCompletableFuture().isDone());
    }
    stages.forEach(StreamClientContract::get);
    assertThat(stored()).isEqualTo(CheckpointPosition.after(numbers.get(RECORDS - 1)));
    assertThat(lastEvent() - before).isBetween(2L, 3L);
  }

  private long lastEvent() {
    List<Long> events = store.eventNumbers(ID);
    return events.get(events.size() - 1);
  }

  @Test
  void saysWhatItDoesNotKnowAndRecovers() {
    store.fail(StorageStep.ACKNOWLEDGE, ID, new InMemoryStore.StorageFailed());
    InternalFailureException unknown = failure(InternalFailureException.class, checkpoint(3));
    assertThat(unknown.outcome()).isEqualTo(Outcome.UNKNOWN);
    get(checkpoint(3));
    get(checkpoint(4));
    assertThat(stored()).isEqualTo(CheckpointPosition.after(numbers.get(4)));
    assertThat(get(Consumers.of(engine).describe(APPLICATION)).leases().get(0).epoch())
        .isEqualTo(shard.epoch());
  }

  @Test
  void deletesEventsBelowItsSnapshots() {
    for (int i = 0; i < RECORDS; i++) {
      get(checkpoint(i));
    }
    Awaits.await("old events to go", () -> store.eventNumbers(ID).get(0) > 1);
    assertThat(store.snapshotNumbers(ID)).isNotEmpty();
    engine.close();
    engine = Millrace.open(store.config());
    assertThat(stored()).isEqualTo(CheckpointPosition.after(numbers.get(RECORDS - 1)));
  }
}
