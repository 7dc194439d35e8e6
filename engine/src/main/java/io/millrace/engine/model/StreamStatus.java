package io.millrace.engine.model;

/** Where a stream is in its life. */
public enum StreamStatus {
  /** Being created; takes neither puts nor reads. */
  CREATING,
  /** Ready for everything. */
  ACTIVE,
  /** Being changed; puts and reads go on. */
  UPDATING,
  /** Being deleted; takes no puts. */
  DELETING
}
