package io.millrace.engine.access;

/** What policies say of a request. */
public enum AccessDecision {
  /** It may happen. */
  ALLOWED,
  /** Nothing allows it. */
  NOT_ALLOWED,
  /** Something forbids it, whatever allows it. */
  FORBIDDEN;

  /** Whether it may happen. */
  public boolean isAllowed() {
    return this == ALLOWED;
  }
}
