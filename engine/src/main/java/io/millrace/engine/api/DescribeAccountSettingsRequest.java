package io.millrace.engine.api;

/** DescribeAccountSettings: asks for the settings of the account. */
public record DescribeAccountSettingsRequest() implements Request {

  @Override
  public void validate() {
    // There is nothing to be wrong.
  }
}
