package io.millrace.engine.model;

/** How an account stands to a commitment to a minimum throughput. */
public enum MinimumThroughputBillingCommitmentOutputStatus {
  /** It is committed. */
  ENABLED,
  /** It is not. */
  DISABLED,
  /** It is committed, until the commitment may end. */
  ENABLED_UNTIL_EARLIEST_ALLOWED_END
}
