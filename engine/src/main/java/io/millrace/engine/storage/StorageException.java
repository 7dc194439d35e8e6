package io.millrace.engine.storage;

/**
 * A storage that cannot be opened or no longer be used. The message names the directory or database
 * and what to do.
 */
public final class StorageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why a storage is not to be had. */
  public enum Reason {
    /**
     * Another engine, in this or another process, has it open. Trying again helps once it closes.
     */
    IN_USE,
    /** Written by a newer release. Trying again does not help; a newer release does. */
    NEWER_SCHEMA,
    /** The settings contradict themselves or the database. Trying again does not help. */
    MISCONFIGURED,
    /** The stored bytes cannot be read as a database. Nothing was changed or deleted. */
    UNREADABLE,
    /** The database does not answer, or the disk refuses. Trying again may help. */
    UNAVAILABLE,
    /** Another engine has taken the storage over; this one may never write again. */
    OWNERSHIP_LOST
  }

  private final Reason reason;

  public StorageException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public StorageException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why the storage is not to be had. */
  public Reason reason() {
    return reason;
  }
}
