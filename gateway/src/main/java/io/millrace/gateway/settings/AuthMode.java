package io.millrace.gateway.settings;

/** How much a gateway asks of the signature of a call. */
public enum AuthMode {
  /** Nothing; only for a gateway that nobody but this machine reaches. */
  OFF,
  /** A signature has to be there and well formed; it is not verified. */
  LENIENT,
  /** The signature has to be right, made not more than five minutes ago with a known key. */
  STRICT;

  /**
   * Reads a mode, whatever its case.
   *
   * @throws IllegalArgumentException when there is no such mode
   */
  public static AuthMode parse(String text) {
    for (AuthMode mode : values()) {
      if (mode.name().equalsIgnoreCase(text)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("auth is off, lenient or strict, not " + text);
  }
}
