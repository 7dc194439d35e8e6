package io.millrace.engine.model;

/** What a channel delivers to. */
public enum ChannelDestinationType {
  /** Objects in a bucket. */
  S3,
  /** A table. */
  S3_TABLES
}
