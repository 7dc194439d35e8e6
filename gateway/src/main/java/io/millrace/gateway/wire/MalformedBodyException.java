package io.millrace.gateway.wire;

/** A body is not of its encoding, or a member is not of its type. */
public final class MalformedBodyException extends RuntimeException {

  MalformedBodyException(String message) {
    super(message, null, false, false);
  }
}
