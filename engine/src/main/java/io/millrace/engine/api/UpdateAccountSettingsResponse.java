package io.millrace.engine.api;

/**
 * The answer to {@link UpdateAccountSettingsRequest}.
 *
 * @param minimumThroughputBillingCommitment the commitment to a minimum throughput
 */
public record UpdateAccountSettingsResponse(
    MinimumThroughputBillingCommitmentOutput minimumThroughputBillingCommitment) {}
