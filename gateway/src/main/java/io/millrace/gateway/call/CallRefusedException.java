package io.millrace.gateway.call;

/** A call that ends before any operation sees it. */
public final class CallRefusedException extends RuntimeException {

  private final String type;

  /**
   * A refusal.
   *
   * @param type the error's name on the wire
   * @param message a sentence about it
   */
  public CallRefusedException(String type, String message) {
    super(message, null, false, false);
    this.type = type;
  }

  /** The error's name on the wire. */
  public String type() {
    return type;
  }
}
