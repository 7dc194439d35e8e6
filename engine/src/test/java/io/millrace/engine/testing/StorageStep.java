package io.millrace.engine.testing;

/** What a storage does, so that a test can count it, hold it or let it fail. */
public enum StorageStep {
  /** An event is about to be stored. Failing here leaves nothing behind. */
  WRITE,
  /** An event is stored, and its writer is about to be told. Failing here leaves it stored. */
  ACKNOWLEDGE,
  /** A snapshot is about to be stored. */
  SAVE_SNAPSHOT,
  /** The newest snapshot of a recovering actor is about to be read. */
  LOAD_SNAPSHOT,
  /** The events of a recovering actor are about to be read. */
  REPLAY,
  /** A page of events is about to be read. */
  PAGE,
  /** The beginning of an event is about to be read. */
  PREFIX,
  /** Some events are about to be deleted. */
  DELETE_EVENTS,
  /** Some snapshots are about to be deleted. */
  DELETE_SNAPSHOTS,
  /** What is left of an actor is about to be deleted. */
  ERASE
}
