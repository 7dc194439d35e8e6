package io.millrace.engine.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** A block of IP addresses, {@code 10.0.0.0/8}, or one address. Never asks a name server. */
@SuppressWarnings("ArrayRecordComponent") // made, asked and dropped
record AddressBlock(byte[] address, int prefixBits) {

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

  boolean contains(String other) {
    byte[] bytes = bytes(other);
    if (bytes.length != address.length) {
      return false;
    }
    int whole = prefixBits / Byte.SIZE;
    int mask = (0xff00 >> (prefixBits % Byte.SIZE)) & 0xff;
    return Arrays.equals(address, 0, whole, bytes, 0, whole)
        && (mask == 0 || ((address[whole] ^ bytes[whole]) & mask) == 0);
  }

  private static byte[] bytes(String text) {
    boolean isLiteral =
        text.contains(":") ? text.matches("[0-9a-fA-F:.]+") : text.matches("\\d+(\\.\\d+){3}");
    if (!isLiteral) {
      throw new IllegalArgumentException("not an IP address: " + text);
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException wrong) {
      throw new IllegalArgumentException("not an IP address: " + text, wrong);
    }
  }
}
