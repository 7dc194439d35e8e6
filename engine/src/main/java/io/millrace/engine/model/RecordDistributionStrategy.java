package io.millrace.engine.model;

/** Who chooses the shards that the records of a stream are put into. */
public enum RecordDistributionStrategy {
  /** The engine, which spreads them evenly; partition keys are optional and choose nothing. */
  AUTO,
  /** The producer, by partition keys and explicit hash keys. */
  USER_PARTITION_KEY
}
