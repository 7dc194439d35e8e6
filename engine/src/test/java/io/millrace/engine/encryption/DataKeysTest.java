package io.millrace.engine.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.testing.FakeKeyStore;
import io.millrace.engine.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class DataKeysTest {

  private static final String ORDERS = "orders~1";
  private static final Duration LIFE = Duration.ofMinutes(5);

  private final ManualClock clock = new ManualClock();
  private final FakeKeyStore store = new FakeKeyStore();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final DataKeys keys =
      new DataKeys(
          store, new EncryptionSettings(LIFE, 100, Duration.ofSeconds(30)), clock, waiting::add);
  private final Seal seal = new Seal("shard|orders~1~0");
  private final Opener opener = new Opener(keys, ORDERS, "shard|orders~1~0");

  private void answer() {
    while (!waiting.isEmpty()) {
      waiting.remove().run();
    }
  }

  private DataKey toSeal() {
    CompletionStage<DataKey> key = keys.toSeal(KeyId.DEFAULT, ORDERS);
    answer();
    return key.toCompletableFuture().join();
  }

  private Frame sealed(long event) {
    return seal.close(Frame.of((byte) 1, event, 0, 0, new byte[] {1, 2, 3}), toSeal());
  }

  private List<Frame> open(Frame... frames) {
    CompletionStage<List<Frame>> opened = opener.open(List.of(frames));
    answer();
    return opened.toCompletableFuture().join();
  }

  private static KeyFailure reason(CompletionStage<?> failed) {
    CompletionException failure =
        catchThrowableOfType(CompletionException.class, () -> failed.toCompletableFuture().join());
    return KeyStoreException.within(failure).orElseThrow().reason();
  }

  @Test
  void whoeverWaitsForAKeySharesTheCall() {
    CompletionStage<DataKey> first = keys.toSeal(KeyId.DEFAULT, ORDERS);
    CompletionStage<DataKey> second = keys.toSeal(KeyId.DEFAULT, ORDERS);
    assertThat(waiting).hasSize(1);
    answer();
    assertThat(second.toCompletableFuture().join()).isSameAs(first.toCompletableFuture().join());
    assertThat(store.generated()).isEqualTo(1);
  }

  @Test
  void aKeyIsForOneStream() {
    DataKey orders = toSeal();
    CompletionStage<DataKey> bills = keys.toSeal(KeyId.DEFAULT, "bills~1");
    answer();
    assertThat(bills.toCompletableFuture().join().wrapped()).isNotEqualTo(orders.wrapped());
    CompletionStage<DataKey> stolen = keys.toOpen(orders.wrapped(), "bills~1");
    answer();
    assertThat(reason(stolen)).isEqualTo(KeyFailure.ACCESS_DENIED);
  }

  @Test
  void aKeyIsReplacedAfterItsLife() {
    DataKey first = toSeal();
    clock.advance(LIFE.minusNanos(1));
    assertThat(toSeal()).isSameAs(first);
    clock.advance(Duration.ofNanos(1));
    assertThat(toSeal().wrapped()).isNotEqualTo(first.wrapped());
  }

  @Test
  void aKeyIsReplacedWhenItHasEncryptedEnough() {
    DataKey first = toSeal();
    first.encrypt(new byte[99], new byte[0]);
    assertThat(toSeal()).isSameAs(first);
    first.encrypt(new byte[1], new byte[0]);
    assertThat(toSeal().wrapped()).isNotEqualTo(first.wrapped());
  }

  @Test
  void aKeyThatWasMadeNeedNotBeUnwrappedBeforeItsLifeIsOver() {
    Frame event = sealed(1);
    open(event);
    assertThat(store.unwrapped()).isZero();
    clock.advance(LIFE);
    open(event);
    open(event);
    assertThat(store.unwrapped()).isEqualTo(1);
  }

  @Test
  void whatWasOpenedIsClosedAgainWhenItsKeyIsOld() {
    Frame opened = open(sealed(1)).get(0);
    assertThat(opener.areOpen(List.of(opened))).isTrue();
    store.fail(KeyFailure.DISABLED);
    clock.advance(LIFE.minusNanos(1));
    assertThat(opener.areOpen(List.of(opened))).isTrue();
    clock.advance(Duration.ofNanos(1));
    assertThat(opener.areOpen(List.of(opened))).isFalse();
    CompletionStage<List<Frame>> again = opener.open(List.of(opened));
    answer();
    assertThat(reason(again)).isEqualTo(KeyFailure.DISABLED);
    store.heal();
    assertThat(open(opened)).containsExactly(opened);
    assertThat(opener.areOpen(List.of(opened))).isTrue();
  }

  @Test
  void aFailureIsNotRemembered() {
    store.fail(KeyFailure.THROTTLED);
    CompletionStage<DataKey> refused = keys.toSeal(KeyId.DEFAULT, ORDERS);
    answer();
    assertThat(reason(refused)).isEqualTo(KeyFailure.THROTTLED);
    store.heal();
    assertThat(toSeal()).isNotNull();
  }

  @Test
  void servesWhatPrecedesAnEventWhoseKeyIsAway() {
    Frame clear = Frame.of((byte) 1, 1, 0, 0, new byte[] {9});
    Frame event = sealed(2);
    clock.advance(LIFE);
    store.fail(KeyFailure.NOT_FOUND);
    assertThat(open(clear, event)).containsExactly(clear);
    CompletionStage<List<Frame>> refused = opener.open(List.of(event, clear));
    answer();
    assertThat(reason(refused)).isEqualTo(KeyFailure.NOT_FOUND);
  }

  @Test
  void servesWhatPrecedesAnEventThatWasForged() {
    Frame good = sealed(1);
    Frame moved = Frame.of((byte) 1, 2, 0, 0, new byte[0]).with(Frame.SEALED, good.bytes().clone());
    assertThat(open(good, moved)).hasSize(1);
    CompletionStage<List<Frame>> refused = opener.open(List.of(moved, good));
    answer();
    assertThatThrownBy(() -> refused.toCompletableFuture().join())
        .hasCauseInstanceOf(CorruptFrameException.class);
    clock.advance(LIFE);
    CompletionStage<List<Frame>> later = opener.open(List.of(moved, good));
    answer();
    assertThatThrownBy(() -> later.toCompletableFuture().join())
        .hasCauseInstanceOf(CorruptFrameException.class);
  }

  @Test
  void aKeyThatCannotBeUnwrappedIsNotTakenForAStream() {
    CompletionStage<Void> good = keys.tryOut(KeyId.DEFAULT, ORDERS);
    answer();
    good.toCompletableFuture().join();
    assertThat(store.generated()).isEqualTo(1);
    assertThat(store.unwrapped()).isEqualTo(1);
    store.fail(KeyFailure.OPT_IN_REQUIRED);
    CompletionStage<Void> bad = keys.tryOut(KeyId.DEFAULT, ORDERS);
    answer();
    assertThat(reason(bad)).isEqualTo(KeyFailure.OPT_IN_REQUIRED);
  }

  @Test
  void aKeyStoreThatDoesNotAnswerIsGivenUp() {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      store.hang();
      DataKeys impatient =
          new DataKeys(
              store, new EncryptionSettings(LIFE, 100, Duration.ofMillis(1)), clock, threads);
      assertThat(reason(impatient.toSeal(KeyId.DEFAULT, ORDERS))).isEqualTo(KeyFailure.UNAVAILABLE);
    } finally {
      store.letGo();
      threads.shutdown();
    }
  }

  @Test
  void aKeyLivesForFiveMinutesAtMost() {
    for (String life : List.of("301s", "0s", "-1s")) {
      assertThatThrownBy(
              () ->
                  EncryptionSettings.of(
                      ConfigFactory.parseString(
                          "data-key-life = %s, data-key-bytes = 1, timeout = 1s".formatted(life))))
          .isInstanceOf(ConfigException.class);
    }
  }
}
