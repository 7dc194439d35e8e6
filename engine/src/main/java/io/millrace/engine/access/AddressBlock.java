package io.millrace.engine.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** A block of IP addresses, {@code 10.0.0.0/8}, or one address. Never asks a name server. */
@SuppressWarnings("ArrayRecordComponent") // made, asked and dropped
record AddressBlock(byte[] address, int prefixBits) {

  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]{1,44}");

  /**
   * Reads a block.
   *
   * @throws IllegalArgumentException when it is none
   */
  static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
    int bits = address.length * Byte.SIZE;
    int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("no such block of addresses: " + text);
    }
    return new AddressBlock(address, prefix);
  }

  /** Whether it has an address, of whichever scope ({@code fe80::1%eth0}). */
  boolean contains(String other) {
    int scope = other.indexOf('%');
    byte[] bytes = bytes(scope < 0 ? other : other.substring(0, scope));
    if (bytes.length != address.length) {
      return false;
    }
    int whole = prefixBits / Byte.SIZE;
    int mask = (0xff00 >> (prefixBits % Byte.SIZE)) & 0xff;
    return Arrays.equals(address, 0, whole, bytes, 0, whole)
        && (mask == 0 || ((address[whole] ^ bytes[whole]) & mask) == 0);
  }

  private static byte[] bytes(String text) {
    Pattern form = text.contains(":") ? IPV6 : IPV4;
    if (!form.matcher(text).matches()) {
      throw new IllegalArgumentException("not an IP address: " + text);
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException wrong) {
      throw new IllegalArgumentException("not an IP address: " + text, wrong);
    }
  }
}
