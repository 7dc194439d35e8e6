package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.model.Payload;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.InMemoryStore.Hold;
import io.millrace.engine.testing.StorageStep;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Closing waits for the calls that have begun, whatever the storage makes them wait for. */
class CloseTest {

  private static final String SHARD = "shardId-000000000000";

  private final InMemoryStore store = InMemoryStore.fresh();

  @AfterEach
  void forget() {
    store.forget();
  }

  private Millrace open(String settings) {
    Config config = ConfigFactory.parseString(settings).withFallback(store.config());
    return Millrace.open(config);
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** Closes the engine while this call waits for the storage. */
  private void closesBehind(
      StorageStep step, Millrace millrace, Function<StreamClient, CompletionStage<?>> call)
      throws Exception {
    Hold hold = store.hold(step);
    CompletableFuture<?> answer = call.apply(millrace.client()).toCompletableFuture();
    hold.awaitReached();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(millrace::close);
    // Once it refuses calls, the engine is closing.
    while (true) {
      try {
        get(millrace.client().listStreams(ListStreamsRequest.all()));
      } catch (ExecutionException refused) {
        break;
      }
    }
    assertThat(answer).isNotDone();
    assertThat(closed).isNotDone();
    hold.release();

    get(closed);
    // It has its outcome before the engine is closed, and tells its caller in that moment.
    get(answer);
  }

  @Test
  void creationIsCarriedOutAndAnswered() throws Exception {
    closesBehind(
        StorageStep.WRITE,
        open("millrace.limits.mode = off"),
        client -> client.createStream("orders", 1));

    try (Millrace again = open("")) {
      get(again.awaitActive("orders"));
    }
  }

  @Test
  void putIsStoredAndAnswered() throws Exception {
    Millrace millrace = open("millrace.limits.mode = off");
    get(millrace.client().createStream("orders", 1));
    get(millrace.awaitActive("orders"));

    closesBehind(
        StorageStep.WRITE,
        millrace,
        client -> client.putRecord("orders", "key", Payload.utf8("data")));
  }

  @Test
  void readIsServed() throws Exception {
    try (Millrace before = open("")) {
      get(before.client().createStream("orders", 1));
      get(before.awaitActive("orders"));
      get(before.client().putRecord("orders", "key", Payload.utf8("data")));
    }
    Millrace millrace = open("millrace.limits.mode = off");
    String iterator =
        get(millrace
                .client()
                .getShardIterator(GetShardIteratorRequest.trimHorizon("orders", SHARD)))
            .shardIterator();

    closesBehind(
        StorageStep.PAGE, millrace, client -> client.getRecords(GetRecordsRequest.of(iterator)));
  }

  @Test
  void whoWaitsForAStreamIsToldThatTheEngineCloses() throws Exception {
    Millrace millrace = open("millrace.streams.creating-delay = 1h");
    get(millrace.client().createStream("orders", 1));
    CompletionStage<Void> active = millrace.awaitActive("orders");

    millrace.close();

    assertThatThrownBy(() -> get(active)).hasCauseInstanceOf(EngineClosedException.class);
    assertThatThrownBy(() -> get(millrace.awaitActive("orders")))
        .hasCauseInstanceOf(EngineClosedException.class);
  }
}
