package io.millrace.engine.model;

/** How the files of a table are compressed. */
public enum S3TablesCompressionType {
  /** Not at all. */
  NONE,
  /** By Zstandard. */
  ZSTD,
  /** By Snappy. */
  SNAPPY
}
