package io.millrace.engine.storage;

import com.typesafe.config.Config;

/**
 * The Pekko Persistence plug-ins of a storage. They are handed to each actor with its
 * configuration, so that an engine can run on any actor system, beside other journals.
 *
 * @param journalId configuration path of the journal plug-in, unique per open storage
 * @param journalConfig configuration in which {@code journalId} is a path
 * @param snapshotId configuration path of the snapshot store, unique per open storage
 * @param snapshotConfig configuration in which {@code snapshotId} is a path
 */
public record JournalPlugin(
    String journalId, Config journalConfig, String snapshotId, Config snapshotConfig) {}
