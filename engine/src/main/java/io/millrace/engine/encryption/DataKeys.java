package io.millrace.engine.encryption;

import io.millrace.engine.keys.KeyStore;
import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.WrappedKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The data keys of an engine: asked of the key store when they are needed, once for all who wait,
 * and kept for a few minutes. Every stage fails with a {@link KeyStoreException} and nothing else,
 * at the latest when the key store's time is up. Safe for any thread; never blocks.
 */
public final class DataKeys implements AutoCloseable {

  /** The context under which a stream's keys are wrapped. */
  private static final String STREAM = "millrace:stream";

  private static final int MOST_KEPT = 4096;

  private final KeyStore store;
  private final EncryptionSettings settings;
  private final EngineClock clock;
  private final Executor executor;
  private final Kept<Sealing> sealing = new Kept<>();
  private final Kept<Opening> opening = new Kept<>();

  /** The key that a stream's events are sealed with. */
  private record Sealing(KeyId masterKey, String stream) {}

  /** A key that some events of a stream are sealed with. */
  private record Opening(WrappedKey wrapped, String stream) {}

  /** The keys that were used last. */
  private static final class Kept<P> extends LinkedHashMap<P, CompletableFuture<DataKey>> {

    private static final long serialVersionUID = 1L;

    Kept() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<P, CompletableFuture<DataKey>> eldest) {
      return size() > MOST_KEPT;
    }
  }

  /**
   * The keys of one engine.
   *
   * @param store closed with it
   * @param executor where the key store may block
   */
  public DataKeys(
      KeyStore store, EncryptionSettings settings, EngineClock clock, Executor executor) {
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    this.executor = executor;
  }

  /**
   * A key to seal events of a stream with, now.
   *
   * @param stream the stream, with its incarnation
   */
  public CompletionStage<DataKey> toSeal(KeyId masterKey, String stream) {
    return kept(
        sealing,
        new Sealing(masterKey, stream),
        key -> isAtHand(key) && key.usedBytes() < settings.dataKeyBytes(),
        () -> generated(masterKey, stream));
  }

  private DataKey generated(KeyId masterKey, String stream) {
    long until = until();
    KeyStore.NewDataKey fresh = store.generateDataKey(masterKey, context(stream));
    DataKey key = DataKey.of(fresh.plain(), fresh.wrapped(), until);
    synchronized (this) {
      opening.put(new Opening(fresh.wrapped(), stream), CompletableFuture.completedFuture(key));
    }
    return key;
  }

  /** The key that events of a stream were sealed with. */
  CompletionStage<DataKey> toOpen(WrappedKey wrapped, String stream) {
    return kept(
        opening,
        new Opening(wrapped, stream),
        this::isAtHand,
        () -> {
          long until = until();
          return DataKey.of(store.unwrap(wrapped, context(stream)), wrapped, until);
        });
  }

  /** Whether this key can be had without asking the key store. */
  synchronized boolean isAtHand(WrappedKey wrapped, String stream) {
    return isGood(opening.get(new Opening(wrapped, stream)), this::isAtHand);
  }

  /** Finds out whether a stream could be encrypted under this master key, and read again. */
  public CompletionStage<Void> tryOut(KeyId masterKey, String stream) {
    return ask(
        () -> {
          KeyStore.NewDataKey fresh = store.generateDataKey(masterKey, context(stream));
          if (!store.unwrap(fresh.wrapped(), context(stream)).equals(fresh.plain())) {
            throw new KeyStoreException(
                KeyFailure.INVALID_STATE, "the key " + masterKey + " unwraps to another key");
          }
          return null;
        });
  }

  private boolean isAtHand(DataKey key) {
    return key.isAtHand(clock.nanoTime());
  }

  private long until() {
    return clock.nanoTime() + settings.dataKeyLife().toNanos();
  }

  private static Map<String, String> context(String stream) {
    return Map.of(STREAM, stream);
  }

  private synchronized <P> CompletionStage<DataKey> kept(
      Kept<P> keys, P place, Predicate<DataKey> isGood, Supplier<DataKey> call) {
    CompletableFuture<DataKey> known = keys.get(place);
    if (known != null && (!known.isDone() || isGood(known, isGood))) {
      return known;
    }
    forgetOld();
    CompletableFuture<DataKey> asked = ask(call);
    keys.put(place, asked);
    return asked;
  }

  private static boolean isGood(CompletableFuture<DataKey> known, Predicate<DataKey> isGood) {
    return known != null
        && known.isDone()
        && !known.isCompletedExceptionally()
        && isGood.test(known.join());
  }

  private void forgetOld() {
    sealing.values().removeIf(key -> key.isDone() && !isGood(key, this::isAtHand));
    opening.values().removeIf(key -> key.isDone() && !isGood(key, this::isAtHand));
  }

  private <T> CompletableFuture<T> ask(Supplier<T> call) {
    long asked = clock.nanoTime();
    try {
      return CompletableFuture.supplyAsync(() -> inTime(call, asked), executor)
          .orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
          .handle(
              (answer, failure) -> {
                if (failure != null) {
                  throw problem(failure);
                }
                return answer;
              });
    } catch (RejectedExecutionException closing) {
      return CompletableFuture.failedFuture(problem(closing));
    }
  }

  /** Calls that nobody waits for any more would only hold up the others. */
  private <T> T inTime(Supplier<T> call, long asked) {
    if (clock.nanoTime() - asked >= settings.timeout().toNanos()) {
      throw new KeyStoreException(KeyFailure.UNAVAILABLE, "the key store is busy");
    }
    return call.get();
  }

  private KeyStoreException problem(Throwable failure) {
    return KeyStoreException.within(failure)
        .orElseGet(
            () -> {
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              return new KeyStoreException(
                  KeyFailure.UNAVAILABLE,
                  cause instanceof TimeoutException
                      ? "the key store did not answer within " + settings.timeout()
                      : "the key store failed: " + cause,
                  cause);
            });
  }

  @Override
  public void close() {
    store.close();
  }
}
