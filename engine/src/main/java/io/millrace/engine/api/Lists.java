package io.millrace.engine.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;

/** What requests with lists of structures share. */
final class Lists {

  private Lists() {}

  /** A copy; null stays null, and what is null inside is for a check to name. */
  static <T> List<T> copy(List<T> list) {
    return list == null ? null : Collections.unmodifiableList(new ArrayList<>(list));
  }

  /** Has each entry that is there checked under its path. */
  static <T> void validate(String path, List<T> list, BiConsumer<T, String> check) {
    for (int i = 0; list != null && i < list.size(); i++) {
      if (list.get(i) != null) {
        check.accept(list.get(i), path + "." + (i + 1) + ".member");
      }
    }
  }
}
