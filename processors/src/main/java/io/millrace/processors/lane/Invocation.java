package io.millrace.processors.lane;

import io.millrace.engine.model.Record;
import java.util.List;
import java.util.Optional;

/**
 * A call to be made.
 *
 * @param records in order; none in the final call of a window
 * @param window with tumbling windows, what the call is told of its window
 */
public record Invocation(List<Record> records, Optional<WindowCall> window) {

  /**
   * What a call is told of its window.
   *
   * @param open the window and its state
   * @param isFinal whether it is the last call for this window
   * @param isTerminatedEarly whether the window ends before its time
   */
  public record WindowCall(OpenWindow open, boolean isFinal, boolean isTerminatedEarly) {}
}
