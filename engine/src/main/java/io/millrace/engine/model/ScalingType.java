package io.millrace.engine.model;

/** How UpdateShardCount divides the hash keys. */
public enum ScalingType {
  /** Every shard gets the same share. */
  UNIFORM_SCALING
}
