package io.millrace.gateway.settings;

/** What becomes of clients that speak without TLS. */
public enum PlainText {
  /** They are served like all others. */
  ALLOW,
  /** They are told to use TLS, whatever they ask for, and their connection is closed. */
  REFUSE;

  /**
   * Reads what it is to be, whatever its case.
   *
   * @throws IllegalArgumentException when it is neither
   */
  static PlainText parse(String text) {
    for (PlainText choice : values()) {
      if (choice.name().equalsIgnoreCase(text)) {
        return choice;
      }
    }
    throw new IllegalArgumentException("plain is allow or refuse, not " + text);
  }
}
