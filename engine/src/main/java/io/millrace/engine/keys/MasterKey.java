package io.millrace.engine.keys;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * A master key of a {@link KeyFile}: a Tink key set of AES-256-GCM keys, of which the primary one
 * wraps and each unwraps what it has wrapped. Immutable.
 *
 * @param id its bare key id
 * @param aliases its other names, {@code alias/...}
 * @param state whether it may be used
 * @param keySet the key set; never shown
 */
record MasterKey(String id, List<String> aliases, State state, KeysetHandle keySet) {

  /** Whether a master key may be used. */
  enum State {
    ENABLED,
    DISABLED,
    PENDING_DELETION
  }

  static {
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  MasterKey {
    aliases = List.copyOf(aliases);
  }

  /** A fresh key that is enabled. */
  static MasterKey create(String id, List<String> aliases) {
    try {
      return new MasterKey(
          id,
          aliases,
          State.ENABLED,
          KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("no AES-256-GCM on this Java", impossible);
    }
  }

  /** From here on it wraps with fresh key material; the older stays, to unwrap. */
  MasterKey rotated() {
    try {
      KeysetHandle.Builder builder = KeysetHandle.newBuilder(keySet);
      builder.addEntry(
          KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
              .withRandomId()
              .makePrimary());
      return new MasterKey(id, aliases, state, builder.build());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("no AES-256-GCM on this Java", impossible);
    }
  }

  MasterKey in(State next) {
    return new MasterKey(id, aliases, next, keySet);
  }

  /** The same with one more name. */
  MasterKey known(String alias) {
    List<String> more = new ArrayList<>(aliases);
    more.add(alias);
    return new MasterKey(id, more, state, keySet);
  }

  /** The same without a name. */
  MasterKey unknown(String alias) {
    return new MasterKey(
        id, aliases.stream().filter(name -> !name.equals(alias)).toList(), state, keySet);
  }

  /** What wraps and unwraps. */
  Aead aead() throws GeneralSecurityException {
    return keySet.getPrimitive(RegistryConfiguration.get(), Aead.class);
  }

  /** The secret itself, as it stands in a key file. */
  String secret() throws GeneralSecurityException {
    return TinkJsonProtoKeysetFormat.serializeKeyset(keySet, InsecureSecretKeyAccess.get());
  }

  static KeysetHandle keySet(String secret) throws GeneralSecurityException {
    return TinkJsonProtoKeysetFormat.parseKeyset(secret, InsecureSecretKeyAccess.get());
  }

  @Override
  public String toString() {
    return "MasterKey[" + id + ", " + aliases + ", " + state + "]";
  }
}
