package io.millrace.engine.model;

/** What storage of delivered objects is optimised for. A directory keeps it and does nothing. */
public enum S3StorageClass {
  /** Frequent access. */
  STANDARD,
  /** Access that changes. */
  INTELLIGENT_TIERING,
  /** Rare access. */
  GLACIER_IR
}
