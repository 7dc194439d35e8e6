package io.millrace.engine.api;

/** What a failed request leaves behind, and so whether to send it again. */
public enum Outcome {
  /**
   * Nothing was done, and the same request will be refused again: change it, or the state of the
   * stream, first.
   */
  REFUSED,
  /**
   * Nothing was done, because a limit has no room for it now. Sending it again helps and is safe;
   * wait between attempts, longer each time and by a random part.
   */
  THROTTLED,
  /**
   * A fault of the engine, and certainly nothing was stored. Sending it again helps and is safe.
   */
  NOT_WRITTEN,
  /**
   * A fault of the engine, and perhaps the request took effect. Sending it again helps, but may
   * store a record twice, unless its put carries a producer's sequence.
   */
  UNKNOWN,
  /**
   * Nothing was done now, and whether an earlier put of the same producer's sequence was cannot be
   * told any more. Sending it again gives the same answer.
   */
  FORGOTTEN
}
