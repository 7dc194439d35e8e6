package io.millrace.engine.batch;

/** Stored bytes that fail their checksum, or are missing. Reading them again does not help. */
public final class CorruptFrameException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What is wrong, in words that name the event where it is known. */
  public CorruptFrameException(String message) {
    super(message);
  }
}
