package io.millrace.engine.model;

/** Where a shard iterator starts to read. */
public enum ShardIteratorType {
  /** At the record of a given sequence number or, when that has been trimmed, the next one. */
  AT_SEQUENCE_NUMBER,
  /** At the record after a given sequence number. */
  AFTER_SEQUENCE_NUMBER,
  /** At the oldest retained record, whichever that is when the iterator is used. */
  TRIM_HORIZON,
  /** Just after the record that is the newest when the iterator is issued. */
  LATEST,
  /** At the first record that arrived at a given time or later. */
  AT_TIMESTAMP
}
