package io.millrace.channels.delivery;

import com.github.luben.zstd.ZstdOutputStream;
import io.millrace.engine.model.S3CompressionType;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** Compresses objects, always in the same way: the same content gives the same bytes. */
enum Compression {
  NONE("") {
    @Override
    OutputStream into(OutputStream out) {
      return out;
    }
  },
  GZIP(".gz") {
    @Override
    OutputStream into(OutputStream out) throws IOException {
      return new GZIPOutputStream(out, BUFFER_BYTES);
    }
  },
  ZSTD(".zst") {
    @Override
    OutputStream into(OutputStream out) throws IOException {
      return new ZstdOutputStream(out);
    }
  };

  private static final int BUFFER_BYTES = 1 << 16;

  private final String extension;

  Compression(String extension) {
    this.extension = extension;
  }

  static Compression of(S3CompressionType type) {
    return switch (type) {
      case NONE -> NONE;
      case GZIP -> GZIP;
      case ZSTD -> ZSTD;
    };
  }

  /** What is added to names of files. */
  String extension() {
    return extension;
  }

  /** Compresses what is written into this; closing the result completes it. */
  abstract OutputStream into(OutputStream out) throws IOException;
}
