package io.millrace.engine.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Copies of what a caller hands in. */
final class Copies {

  private Copies() {}

  /**
   * An immutable copy that keeps what {@link List#copyOf} would throw at: a list or an element that
   * is null is the validator's to name.
   */
  static <T> List<T> tolerant(List<T> list) {
    return list == null ? null : Collections.unmodifiableList(new ArrayList<>(list));
  }
}
