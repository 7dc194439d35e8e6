package io.millrace.gateway.call;

/**
 * Where a call comes from.
 *
 * @param address the IP address of the client, without a port; empty when it is not known
 * @param isSecure whether it came over TLS
 */
public record Origin(String address, boolean isSecure) {

  /** Nobody knows where. */
  public static final Origin UNKNOWN = new Origin("", false);
}
