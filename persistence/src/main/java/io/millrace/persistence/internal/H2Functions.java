package io.millrace.persistence.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Functions that a database in H2 calls by name. */
public final class H2Functions {

  private H2Functions() {}

  /** The first bytes of a BLOB, reading no more of it than them. */
  public static byte[] prefix(InputStream blob, int bytes) throws IOException {
    try (blob) {
      return blob.readNBytes(bytes);
    }
  }

  /** All of a BLOB of known length, into an array that need not grow. */
  public static byte[] whole(InputStream blob, int length) throws IOException {
    try (blob) {
      var bytes = new byte[length];
      var read = blob.readNBytes(bytes, 0, length);
      return read == length ? bytes : Arrays.copyOf(bytes, read);
    }
  }
}
