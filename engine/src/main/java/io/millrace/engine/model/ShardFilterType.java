package io.millrace.engine.model;

/** Which shards of a stream a listing shows. */
public enum ShardFilterType {
  /** Those whose id comes after a given one. */
  AFTER_SHARD_ID,
  /** Those that were open at the trim horizon. */
  AT_TRIM_HORIZON,
  /** Every shard that still holds, or may still get, retained records. The default. */
  FROM_TRIM_HORIZON,
  /** Those that are open now. */
  AT_LATEST,
  /** Those that were open at a given time. */
  AT_TIMESTAMP,
  /** Those open now, and those that closed at a given time or later. */
  FROM_TIMESTAMP
}
