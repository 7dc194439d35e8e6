package io.millrace.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A client that costs next to nothing: writes prepared requests to one connection, and reads of
 * each answer whether every record was stored.
 */
final class PlainConnection implements AutoCloseable {

  private static final int HEAD_BYTES = 8192;
  private static final byte[] NONE_FAILED =
      ("qFailedRecordCount" + (char) 0).getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final InputStream input;

  PlainConnection(URI endpoint) throws IOException {
    socket = new Socket(endpoint.getHost(), endpoint.getPort());
    socket.setTcpNoDelay(true);
    input = new BufferedInputStream(socket.getInputStream(), HEAD_BYTES);
  }

  /**
   * One PutRecords.
   *
   * @throws IOException when not all of its records were stored
   */
  void put(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    String status = line();
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
    }
    byte[] body = input.readNBytes(length);
    if (!status.contains(" 200 ") || !contains(body, NONE_FAILED)) {
      throw new IOException(status + ": " + new String(body, StandardCharsets.ISO_8859_1));
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = input.read(); next != '\n'; next = input.read()) {
      if (next < 0) {
        throw new EOFException(line.toString());
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private static boolean contains(byte[] body, byte[] wanted) {
    for (int at = 0; at + wanted.length <= body.length; at++) {
      if (Arrays.equals(body, at, at + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
