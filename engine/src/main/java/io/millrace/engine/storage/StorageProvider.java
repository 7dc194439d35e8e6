package io.millrace.engine.storage;

import com.typesafe.config.Config;

/**
 * Opens a storage. Named by class in {@code millrace.storage.provider}; needs a public constructor
 * without parameters.
 */
public interface StorageProvider {

  /**
   * Opens the storage that the settings describe, creates or migrates what is missing, and takes
   * ownership of it. May block; called on the thread that opens the engine.
   *
   * @param millrace the section {@code millrace} of the configuration, complete with defaults
   * @throws StorageException when it cannot be opened; the reason says whether trying again helps
   */
  Storage open(Config millrace);
}
