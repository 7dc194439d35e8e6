package io.millrace.engine.api;

import io.millrace.engine.model.MinimumThroughputBillingCommitmentInputStatus;

/**
 * UpdateAccountSettings: begins or ends the account's commitment to a minimum throughput. One that
 * is younger than 24 hours ends when they are over; until then it can be kept by asking for it
 * again. The present status is accepted and changes nothing.
 *
 * @param minimumThroughputBillingCommitment what is to become of it; required
 */
public record UpdateAccountSettingsRequest(
    MinimumThroughputBillingCommitmentInput minimumThroughputBillingCommitment) implements Request {

  /** The account commits itself, or stays committed. */
  public static UpdateAccountSettingsRequest commit() {
    return of(MinimumThroughputBillingCommitmentInputStatus.ENABLED);
  }

  /** The account's commitment ends, as soon as that is allowed. */
  public static UpdateAccountSettingsRequest endCommitment() {
    return of(MinimumThroughputBillingCommitmentInputStatus.DISABLED);
  }

  private static UpdateAccountSettingsRequest of(
      MinimumThroughputBillingCommitmentInputStatus status) {
    return new UpdateAccountSettingsRequest(new MinimumThroughputBillingCommitmentInput(status));
  }

  @Override
  public void validate() {
    new Violations()
        .required("minimumThroughputBillingCommitment", minimumThroughputBillingCommitment)
        .throwIfAny();
    new Violations()
        .required(
            "minimumThroughputBillingCommitment.status",
            minimumThroughputBillingCommitment.status())
        .throwIfAny();
  }
}
