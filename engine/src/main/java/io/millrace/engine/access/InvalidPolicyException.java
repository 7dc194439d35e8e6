package io.millrace.engine.access;

/** A policy document that is not well formed, or says what is not understood here. */
public final class InvalidPolicyException extends IllegalArgumentException {

  InvalidPolicyException(String message) {
    super("Invalid policy: " + message);
  }
}
