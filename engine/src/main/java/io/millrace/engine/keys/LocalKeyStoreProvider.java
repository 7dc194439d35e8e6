package io.millrace.engine.keys;

import com.typesafe.config.Config;
import io.millrace.engine.model.Account;
import java.nio.file.Path;
import java.util.Map;

/**
 * Opens the {@link LocalKeyStore} that the settings name: {@code environment-variable} first, if it
 * is set, then {@code file}; neither is a store without keys.
 */
public final class LocalKeyStoreProvider implements KeyStoreProvider {

  private final Map<String, String> environment;

  /** Over the environment of this process. */
  public LocalKeyStoreProvider() {
    this(System.getenv());
  }

  LocalKeyStoreProvider(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public KeyStore open(Config keyStore, Account account) {
    String variable = keyStore.getString("environment-variable");
    String text = environment.get(variable);
    if (text != null) {
      return LocalKeyStore.of(text, "the environment variable " + variable, account);
    }
    return keyStore.hasPath("file")
        ? LocalKeyStore.of(new KeyFile(Path.of(keyStore.getString("file"))), account)
        : LocalKeyStore.none(account);
  }
}
