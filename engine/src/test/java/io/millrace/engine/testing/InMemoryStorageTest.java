package io.millrace.engine.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Millrace;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import io.millrace.engine.tail.TailPage;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** That the storage in memory carries a whole engine, and keeps what it was given. */
class InMemoryStorageTest {

  @Test
  void keepsEverythingUntilTheNextEngineOpensIt() {
    InMemoryStore store = InMemoryStore.fresh();
    try (Millrace millrace = Millrace.open(store.config())) {
      get(millrace.client().createStream("orders", 1));
      get(millrace.awaitActive("orders"));
      get(millrace.client().putRecord("orders", "key", Payload.utf8("data")));
      assertThatThrownBy(store::open)
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IN_USE));
    }
    try (Millrace millrace = Millrace.open(store.config())) {
      TailPage page =
          get(
              get(millrace.tail("orders", new ShardId(0)))
                  .read(0, 10, 1000, Duration.ofDays(1).toMillis()));
      assertThat(page.records()).hasSize(1);
      assertThat(page.records().get(0).data().utf8()).isEqualTo("data");
    }
    store.forget();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
