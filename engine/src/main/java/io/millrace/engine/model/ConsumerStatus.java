package io.millrace.engine.model;

/** Where a registered consumer is in its life. */
public enum ConsumerStatus {
  /** Being registered; cannot subscribe yet. */
  CREATING,
  /** Being deregistered; cannot subscribe any more. */
  DELETING,
  /** Can subscribe. */
  ACTIVE
}
