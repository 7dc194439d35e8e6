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

  /**
   * Whether a failed write certainly left nothing behind: it never reached the database, or the
   * database took it back. When in doubt, no.
   *
   * @param failure what the journal failed with, with its causes
   */
  boolean provesNotWritten(Throwable failure);

  /** One line for people: which database, where, which durability. */
  String describe();

  /** Releases ownership and every connection. Called once, after the last actor has stopped. */
  @Override
  void close();
}
