package io.millrace.persistence.internal;

import java.io.IOException;
import java.io.InputStream;

/** Functions that a database in H2 calls by name. */
public final class H2Functions {

  private H2Functions() {}

  /** The first bytes of a BLOB, reading no more of it than them. */
  public static byte[] prefix(InputStream blob, int bytes) throws IOException {
    try (blob) {
      return blob.readNBytes(bytes);
    }
  }
}
