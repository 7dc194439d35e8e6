package io.millrace.processors.api;

/** What a mapping is doing. */
public enum MappingState {
  /** It is new, and has not begun. */
  CREATING("Creating"),
  /** It is to run and does not yet, for instance because its function is not registered. */
  ENABLING("Enabling"),
  /** It runs. */
  ENABLED("Enabled"),
  /** It is to stop, and calls still run. */
  DISABLING("Disabling"),
  /** It does not run; its position is kept. */
  DISABLED("Disabled"),
  /** It changes, and calls with the earlier options still run. */
  UPDATING("Updating"),
  /** It is going to be gone. */
  DELETING("Deleting");

  private final String apiName;

  MappingState(String apiName) {
    this.apiName = apiName;
  }

  /** How the API calls it. */
  public String apiName() {
    return apiName;
  }
}
