package io.millrace.engine.model;

/** Who decides how many shards a stream has. */
public enum StreamMode {
  /** The operator. */
  PROVISIONED,
  /** The engine, by the observed load. */
  ON_DEMAND
}
