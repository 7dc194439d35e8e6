package io.millrace.engine.model;

/** Where a channel is in its life. */
public enum ChannelStatus {
  /** Being created; delivers nothing yet. */
  CREATING,
  /** Delivers. */
  ACTIVE,
  /** Being changed; delivery goes on. */
  UPDATING,
  /** Being deleted; what was delivered stays. */
  DELETING,
  /** Delivers nothing, and never will again. */
  FAILED
}
