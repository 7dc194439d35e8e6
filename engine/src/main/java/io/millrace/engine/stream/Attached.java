package io.millrace.engine.stream;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is attached to a stream or to a registered consumer.
 *
 * @param tags its tags, values by keys; at most {@value #MAX_TAGS}
 * @param policy its resource policy, a document in JSON
 */
public record Attached(NavigableMap<String, String> tags, Optional<String> policy) {

  /** The tags that one resource may have. */
  public static final int MAX_TAGS = 50;

  /** Neither tags nor a policy. */
  public static final Attached NOTHING =
      new Attached(Collections.emptyNavigableMap(), Optional.empty());

  /** Copies the map. */
  public Attached {
    tags = Collections.unmodifiableNavigableMap(new TreeMap<>(tags));
  }

  Attached withTags(Map<String, String> more) {
    NavigableMap<String, String> all = new TreeMap<>(tags);
    all.putAll(more);
    return new Attached(all, policy);
  }

  Attached withoutTags(Iterable<String> keys) {
    NavigableMap<String, String> rest = new TreeMap<>(tags);
    keys.forEach(rest::remove);
    return new Attached(rest, policy);
  }

  Attached withPolicy(Optional<String> next) {
    return new Attached(tags, next);
  }
}
