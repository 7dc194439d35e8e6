package io.millrace.engine.model;

/** What the partitions of a table are made of. */
public enum PartitionTransform {
  /** The hour of a time. */
  TIME_HOUR
}
