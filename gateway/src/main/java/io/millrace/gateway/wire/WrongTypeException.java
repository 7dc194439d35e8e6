package io.millrace.gateway.wire;

/** A value is not of the type that its place asks for. */
final class WrongTypeException extends Exception {

  WrongTypeException() {
    super(null, null, false, false);
  }
}
