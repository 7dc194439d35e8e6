package io.millrace.engine.model;

/** How delivered objects are compressed. */
public enum S3CompressionType {
  /** Not at all. */
  NONE,
  /** By gzip, RFC 1952. */
  GZIP,
  /** By Zstandard, RFC 8878. */
  ZSTD
}
