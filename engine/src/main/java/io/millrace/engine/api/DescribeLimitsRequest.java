package io.millrace.engine.api;

/** DescribeLimits: asks what the account has, and how much it may have. */
public record DescribeLimitsRequest() implements Request {

  @Override
  public void validate() {
    // There is nothing to be wrong.
  }
}
