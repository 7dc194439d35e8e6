package io.millrace.engine.testing;

import com.typesafe.config.Config;
import io.millrace.engine.keys.KeyStore;
import io.millrace.engine.keys.KeyStoreProvider;
import io.millrace.engine.model.Account;

/** Opens the {@link FakeKeyStore} that the setting {@code name} names. */
public final class FakeKeyStoreProvider implements KeyStoreProvider {

  @Override
  public KeyStore open(Config keyStore, Account account) {
    return FakeKeyStore.named(keyStore.getString("name"));
  }
}
