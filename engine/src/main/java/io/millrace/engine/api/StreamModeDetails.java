package io.millrace.engine.api;

import io.millrace.engine.model.StreamMode;

/**
 * The capacity mode of a stream.
 *
 * @param streamMode who decides how many shards it has; required
 */
public record StreamModeDetails(StreamMode streamMode) {

  /** The operator decides. */
  public static final StreamModeDetails PROVISIONED = new StreamModeDetails(StreamMode.PROVISIONED);

  /** The engine decides. */
  public static final StreamModeDetails ON_DEMAND = new StreamModeDetails(StreamMode.ON_DEMAND);
}
