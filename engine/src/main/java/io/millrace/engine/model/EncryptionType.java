package io.millrace.engine.model;

/** Whether a record was encrypted when it was written. */
public enum EncryptionType {
  /** Stored as it came. */
  NONE,
  /** Encrypted under a key of the stream. */
  KMS
}
