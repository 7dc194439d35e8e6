package io.millrace.engine.reshard;

/** What becomes of a wish to split or to merge. */
public sealed interface ReshardDecision {

  /** It can be done. */
  record Planned(ReshardPlan plan) implements ReshardDecision {}

  /**
   * It is an InvalidArgument: asking again does not help.
   *
   * @param message one sentence for people
   */
  record Refused(String message) implements ReshardDecision {}
}
