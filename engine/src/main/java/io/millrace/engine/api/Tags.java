package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.TAGS;
import static io.millrace.engine.api.Constraints.TAG_KEY;
import static io.millrace.engine.api.Constraints.TAG_KEYS;
import static io.millrace.engine.api.Constraints.TAG_VALUE;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules that every request with tags, or with keys of tags, shares. */
final class Tags {

  private static final int MAX_PER_RESOURCE = 50;
  private static final String RESERVED = "aws:";
  private static final String MARKS = "_.:/=+-@%";

  private Tags() {}

  /** A copy; null stays null, and what is null inside is for {@link #validate} to name. */
  static Map<String, String> copy(Map<String, String> tags) {
    return tags == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /** A copy; null stays null, and what is null inside is for {@link #validateKeys} to name. */
  static List<String> copy(List<String> keys) {
    return keys == null ? null : Collections.unmodifiableList(new ArrayList<>(keys));
  }

  static Violations validate(Map<String, String> tags, Violations violations) {
    if (tags != null) {
      violations.entries("tags", tags.keySet(), TAGS);
      tags.forEach(
          (key, value) ->
              violations
                  .text("tags.key", key, TAG_KEY)
                  .required("tags." + key + ".value", value)
                  .text("tags." + key + ".value", value, TAG_VALUE));
    }
    return violations;
  }

  static Violations validateKeys(List<String> keys, Violations violations) {
    violations.required("tagKeys", keys).entries("tagKeys", keys, TAG_KEYS);
    for (int i = 0; keys != null && i < keys.size(); i++) {
      String path = "tagKeys." + (i + 1) + ".member";
      violations.required(path, keys.get(i)).text(path, keys.get(i), TAG_KEY);
    }
    return violations;
  }

  /** Tags of callers have no reserved key, and no characters but those that are allowed. */
  static void check(Map<String, String> tags) {
    if (tags != null) {
      if (tags.size() > MAX_PER_RESOURCE) {
        throw tooMany(tags.size());
      }
      check("TagKey", tags.keySet());
      check("TagValue", tags.values());
      for (String key : tags.keySet()) {
        if (key.regionMatches(true, 0, RESERVED, 0, RESERVED.length())) {
          throw new InvalidArgumentException(
              "TagKey %s begins with aws:, which is reserved.".formatted(key));
        }
      }
    }
  }

  private static InvalidArgumentException tooMany(int count) {
    return new InvalidArgumentException(
        "A resource has %d tags at most, not %d.".formatted(MAX_PER_RESOURCE, count));
  }

  private static void check(String what, Collection<String> texts) {
    for (String text : texts) {
      if (!text.codePoints().allMatch(Tags::isAllowed)) {
        throw new InvalidArgumentException(
            "%s %s has characters other than letters, digits, white space and %s"
                .formatted(what, text, MARKS));
      }
    }
  }

  private static boolean isAllowed(int character) {
    return Character.isLetterOrDigit(character)
        || Character.isSpaceChar(character)
        || Character.isWhitespace(character)
        || MARKS.indexOf(character) >= 0;
  }
}
