package io.millrace.clients;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What every record of these tests says: which one of its key it is.
 *
 * @param key its partition key
 * @param number from 0, without gaps
 */
record Numbered(String key, int number) {

  static Numbered of(ByteBuffer data) {
    String text = StandardCharsets.UTF_8.decode(data.duplicate()).toString();
    int colon = text.indexOf(':');
    return new Numbered(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  String text() {
    return key + ":" + number;
  }
}
