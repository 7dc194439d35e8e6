package io.millrace.engine.model;

/** Why a master key cannot be used now: the errors of the API that begin with KMS, and one more. */
public enum KeyFailure {
  /** The key is disabled. It helps to enable it. */
  DISABLED,
  /** The key is in a state that does not allow this, such as pending deletion. */
  INVALID_STATE,
  /** The key may not be used by this engine, or what was wrapped under it is not for it. */
  ACCESS_DENIED,
  /** There is no such key. */
  NOT_FOUND,
  /** The account has not subscribed to the key service. */
  OPT_IN_REQUIRED,
  /** The key service has too much to do. Trying again later helps. */
  THROTTLED,
  /** The key service did not answer, or failed. Trying again helps. */
  UNAVAILABLE
}
