package io.millrace.engine.storage;

/**
 * An open storage: the journal and snapshots of every persistent actor of one engine, and the two
 * roads beside the journal, for reading pages and for trimming. Owned by one engine at a time. Safe
 * for any thread.
 */
public interface Storage extends AutoCloseable {

  /** The journal and snapshot plug-ins under which the engine's actors persist. */
  JournalPlugin plugin();

  /** Reads stored events without their actor. */
  JournalPages pages();

  /** Deletes stored events that nobody may read any more. */
  JournalTrimmer trimmer();

  /** One line for people: which database, where, which durability. */
  String describe();

  /** Releases ownership and every connection. Called once, after the last actor has stopped. */
  @Override
  void close();
}
