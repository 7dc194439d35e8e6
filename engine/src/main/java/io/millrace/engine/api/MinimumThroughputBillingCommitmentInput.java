package io.millrace.engine.api;

import io.millrace.engine.model.MinimumThroughputBillingCommitmentInputStatus;

/**
 * What is to become of the account's commitment to a minimum throughput.
 *
 * @param status whether it is to be committed; required
 */
public record MinimumThroughputBillingCommitmentInput(
    MinimumThroughputBillingCommitmentInputStatus status) {}
