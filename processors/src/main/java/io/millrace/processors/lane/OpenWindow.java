package io.millrace.processors.lane;

import io.millrace.engine.model.Payload;

/**
 * A window that has begun.
 *
 * @param window which
 * @param state what the function last returned for it, a JSON object
 */
public record OpenWindow(TumblingWindow window, Payload state) {

  private static final Payload NO_STATE = Payload.utf8("{}");

  static OpenWindow of(TumblingWindow window) {
    return new OpenWindow(window, NO_STATE);
  }

  OpenWindow with(Payload newState) {
    return new OpenWindow(window, newState);
  }
}
