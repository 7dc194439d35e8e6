package io.millrace.engine.api;

import io.millrace.engine.model.MinimumThroughputBillingCommitmentOutputStatus;
import java.time.Instant;

/**
 * The account's commitment to a minimum throughput. It lasts 24 hours at least, and unlocks warm
 * throughput.
 *
 * @param status how the account stands to it now
 * @param startedAt when it started; null if it never did
 * @param endedAt when it ended; null unless it has
 * @param earliestAllowedEndAt when it may end; null unless it is on
 */
public record MinimumThroughputBillingCommitmentOutput(
    MinimumThroughputBillingCommitmentOutputStatus status,
    Instant startedAt,
    Instant endedAt,
    Instant earliestAllowedEndAt) {}
