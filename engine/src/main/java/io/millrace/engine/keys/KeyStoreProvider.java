package io.millrace.engine.keys;

import com.typesafe.config.Config;
import io.millrace.engine.model.Account;

/**
 * Opens a key store. Named by class in {@code millrace.encryption.key-store.provider}; needs a
 * public constructor without parameters.
 */
public interface KeyStoreProvider {

  /**
   * Opens the key store that the settings describe. Called on the thread that opens the engine, and
   * also where no stream is encrypted: a store that is away now need not fail before it is used.
   *
   * @param keyStore the section {@code millrace.encryption.key-store}, complete with defaults
   * @param account the account that bare key ids and aliases belong to
   * @throws com.typesafe.config.ConfigException when a setting is missing or out of its bounds
   */
  KeyStore open(Config keyStore, Account account);
}
