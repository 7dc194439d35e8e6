package io.millrace.engine.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Payload;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.StorageStep;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a put is told when the storage fails one of its shards. */
class PutFaultTest {

  private final InMemoryStore store = InMemoryStore.fresh();
  private Millrace millrace;

  @BeforeEach
  void open() throws Exception {
    millrace =
        Millrace.open(
            ConfigFactory.parseString("millrace.limits.mode = off").withFallback(store.config()));
    get(millrace.client().createStream("orders", 2));
    get(millrace.awaitActive("orders"));
  }

  @AfterEach
  void close() {
    millrace.close();
    store.forget();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(
      value = Outcome.class,
      names = {"NOT_WRITTEN", "UNKNOWN"})
  void faultOfOneShardLeavesTheOthersAlone(Outcome outcome) throws Exception {
    store.fail(
        StorageStep.WRITE,
        "shard|orders~1~0",
        outcome == Outcome.UNKNOWN
            ? new InMemoryStore.StorageFailed()
            : new InMemoryStore.ProvenNotWritten());

    PutRecordsResponse response =
        get(
            millrace
                .client()
                .putRecords(
                    PutRecordsRequest.of(
                        "orders",
                        PutRecordsRequestEntry.of("k", Payload.EMPTY).withExplicitHashKey("0"),
                        PutRecordsRequestEntry.of("k", Payload.EMPTY)
                            .withExplicitHashKey(HashKey.MAX.toString()))));

    assertThat(response.failedRecordCount()).isEqualTo(1);
    PutRecordsResultEntry failed = response.records().get(0);
    assertThat(failed.failure()).isEqualTo(outcome);
    assertThat(failed.errorCode()).isEqualTo("InternalFailure");
    assertThat(failed.errorMessage()).startsWith("Internal Service Failure.");
    assertThat(failed.sequenceNumber()).isNull();
    assertThat(response.records().get(1).isStored()).isTrue();
  }
}
