package io.millrace.engine.testing;

import io.millrace.engine.encryption.DataKeys;
import io.millrace.engine.encryption.EncryptionSettings;
import io.millrace.engine.keys.KeyStore;
import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.WrappedKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** A key store in memory that fails when a test wants it to. Its data keys are no secret. */
public final class FakeKeyStore implements KeyStore {

  private static final Map<String, FakeKeyStore> NAMED = new ConcurrentHashMap<>();

  private final Map<WrappedKey, Payload> made = new ConcurrentHashMap<>();
  private final Map<WrappedKey, Map<String, String>> contexts = new ConcurrentHashMap<>();
  private final AtomicInteger generated = new AtomicInteger();
  private final AtomicInteger unwrapped = new AtomicInteger();
  private volatile Optional<KeyFailure> failure = Optional.empty();
  private volatile CountDownLatch open = new CountDownLatch(0);

  /** The store of this name, for {@link FakeKeyStoreProvider}. */
  public static FakeKeyStore named(String name) {
    return NAMED.computeIfAbsent(name, first -> new FakeKeyStore());
  }

  /** Data keys of this store, asked for on the caller's thread. */
  public DataKeys dataKeys(EngineClock clock) {
    return dataKeys(clock, Runnable::run);
  }

  /** Data keys of this store, asked for by this executor. */
  public DataKeys dataKeys(EngineClock clock, Executor executor) {
    return new DataKeys(
        this,
        new EncryptionSettings(Duration.ofMinutes(5), 1L << 30, Duration.ofMinutes(1)),
        clock,
        executor);
  }

  /** From here on every call fails. */
  public void fail(KeyFailure why) {
    failure = Optional.of(why);
  }

  /** From here on calls succeed. */
  public void heal() {
    failure = Optional.empty();
  }

  /** From here on calls hang. */
  public void hang() {
    open = new CountDownLatch(1);
  }

  /** Lets calls go on that hang. */
  public void letGo() {
    open.countDown();
  }

  /** How many data keys it has made. */
  public int generated() {
    return generated.get();
  }

  /** How many data keys it has unwrapped. */
  public int unwrapped() {
    return unwrapped.get();
  }

  @Override
  public NewDataKey generateDataKey(KeyId masterKey, Map<String, String> context) {
    failIfWanted();
    int number = generated.incrementAndGet();
    Payload plain = Payload.wrap(ByteBuffer.allocate(DATA_KEY_BYTES).putInt(number).array());
    WrappedKey wrapped = new WrappedKey(masterKey.value(), Payload.utf8("key " + number));
    made.put(wrapped, plain);
    contexts.put(wrapped, context);
    return new NewDataKey(plain, wrapped);
  }

  @Override
  public Payload unwrap(WrappedKey wrapped, Map<String, String> context) {
    failIfWanted();
    unwrapped.incrementAndGet();
    if (!context.equals(contexts.get(wrapped))) {
      throw new KeyStoreException(KeyFailure.ACCESS_DENIED, "not for " + context);
    }
    return made.get(wrapped);
  }

  private void failIfWanted() {
    try {
      open.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    failure.ifPresent(
        why -> {
          throw new KeyStoreException(why, "the test says " + why);
        });
  }

  @Override
  public void close() {
    // What it made is asked for again when the engine is opened anew.
  }
}
