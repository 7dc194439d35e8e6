package io.millrace.engine.keys;

import io.millrace.engine.model.Account;
import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.WrappedKey;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Master keys on this machine: of a {@link KeyFile}, or of an environment variable that holds the
 * text of one. They are read anew for each call, so that a change takes effect, and a file that is
 * away for a while does no lasting harm.
 */
public final class LocalKeyStore implements KeyStore {

  private static final String KEY = ":key/";

  private final Supplier<MasterKeys> keys;
  private final Account account;
  private final SecureRandom random = new SecureRandom();

  private LocalKeyStore(Supplier<MasterKeys> keys, Account account) {
    this.keys = keys;
    this.account = account;
  }

  /** The keys of a file, which need not be there before it is used. */
  public static LocalKeyStore of(KeyFile file, Account account) {
    return new LocalKeyStore(file::read, account);
  }

  /**
   * The keys of a document.
   *
   * @param text the text of a key file
   * @param origin where it comes from, for people
   */
  public static LocalKeyStore of(String text, String origin, Account account) {
    return new LocalKeyStore(() -> MasterKeys.parse(text, origin), account);
  }

  /** No keys at all. */
  static LocalKeyStore none(Account account) {
    return new LocalKeyStore(
        () -> {
          throw new KeyStoreException(
              KeyFailure.NOT_FOUND,
              "there is no key store: set millrace.encryption.key-store.file, or another");
        },
        account);
  }

  @Override
  public NewDataKey generateDataKey(KeyId masterKey, Map<String, String> context) {
    MasterKey key = usable(masterKey);
    byte[] plain = new byte[DATA_KEY_BYTES];
    random.nextBytes(plain);
    try {
      byte[] wrapped = key.aead().encrypt(plain, bytes(context));
      return new NewDataKey(
          Payload.wrap(plain),
          new WrappedKey(KeyId.ofKey(account, key.id()).value(), Payload.wrap(wrapped)));
    } catch (GeneralSecurityException failure) {
      throw new KeyStoreException(
          KeyFailure.INVALID_STATE, "the key " + key.id() + " does not encrypt", failure);
    }
  }

  @Override
  public Payload unwrap(WrappedKey wrapped, Map<String, String> context) {
    MasterKey key = usable(new KeyId(wrapped.masterKey()));
    try {
      return Payload.wrap(key.aead().decrypt(wrapped.bytes().toByteArray(), bytes(context)));
    } catch (GeneralSecurityException failure) {
      throw new KeyStoreException(
          KeyFailure.ACCESS_DENIED,
          "the key %s did not wrap this data key for %s".formatted(key.id(), context),
          failure);
    }
  }

  private MasterKey usable(KeyId id) {
    MasterKey key = find(id);
    return switch (key.state()) {
      case ENABLED -> key;
      case DISABLED ->
          throw new KeyStoreException(KeyFailure.DISABLED, "the key " + id + " is disabled");
      case PENDING_DELETION ->
          throw new KeyStoreException(
              KeyFailure.INVALID_STATE, "the key " + id + " is pending deletion");
    };
  }

  private MasterKey find(KeyId id) {
    String arn = id.arn(account);
    String name = arn.substring(arn.lastIndexOf(':') + 1);
    boolean isKey = arn.contains(KEY);
    MasterKeys all = keys.get();
    // A key of another account or region is not here, even if its id were.
    String here = new KeyId(isKey ? name.substring("key/".length()) : name).arn(account);
    return (isKey ? all.withId(name.substring("key/".length())) : all.withAlias(name))
        .filter(found -> here.equals(arn))
        .orElseThrow(
            () -> new KeyStoreException(KeyFailure.NOT_FOUND, "there is no key " + id + " here"));
  }

  /** The context in one form only, whatever the order of the map. */
  private static byte[] bytes(Map<String, String> context) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Map.Entry<String, String> entry : new TreeMap<>(context).entrySet()) {
        out.writeUTF(entry.getKey());
        out.writeUTF(entry.getValue());
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    // It holds nothing open.
  }
}
