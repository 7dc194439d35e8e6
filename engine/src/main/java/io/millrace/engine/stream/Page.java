package io.millrace.engine.stream;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list that is handed out piece by piece.
 *
 * @param items the part, perhaps empty
 * @param hasMore whether the list goes on after the last item
 */
public record Page<T>(List<T> items, boolean hasMore) {

  public Page {
    items = List.copyOf(items);
  }

  /** The item after which the next page starts; empty when there is none. */
  public Optional<T> last() {
    return items.isEmpty() ? Optional.empty() : Optional.of(items.get(items.size() - 1));
  }

  /**
   * The beginning of a list.
   *
   * @param rest what is left of the list, in order
   * @param size how many items at most, at least 1
   */
  static <T> Page<T> of(List<T> rest, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a page holds at least one item: " + size);
    }
    return rest.size() <= size ? new Page<>(rest, false) : new Page<>(rest.subList(0, size), true);
  }
}
