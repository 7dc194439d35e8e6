package io.millrace.engine.model;

/** What an account may do about its commitment to a minimum throughput. */
public enum MinimumThroughputBillingCommitmentInputStatus {
  /** Enter into it, or stay in it. */
  ENABLED,
  /** Leave it, as soon as that is allowed. */
  DISABLED
}
