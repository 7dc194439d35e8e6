package io.millrace.engine.api;

/**
 * The stream or the consumer is not in the status that the operation needs, or the name or the
 * subscription is taken. Sending the request again helps once that has changed.
 */
public final class ResourceInUseException extends MillraceException {

  /** The error with a sentence about it. */
  public ResourceInUseException(String message) {
    super("ResourceInUseException", Outcome.REFUSED, message, null);
  }
}
