package io.millrace.engine.api;

/**
 * DescribeAccountSettings: the account's settings.
 *
 * @param minimumThroughputBillingCommitment the commitment to a minimum throughput
 */
public record DescribeAccountSettingsResponse(
    MinimumThroughputBillingCommitmentOutput minimumThroughputBillingCommitment) {}
