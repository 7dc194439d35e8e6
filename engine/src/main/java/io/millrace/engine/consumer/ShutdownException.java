package io.millrace.engine.consumer;

/**
 * The lease of a shard is gone: another worker has it or will get it. Stop working on the shard;
 * trying again does not help. Whoever has the lease begins after the last checkpoint.
 */
public final class ShutdownException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The error with a sentence about it. */
  public ShutdownException(String message) {
    super(message);
  }
}
