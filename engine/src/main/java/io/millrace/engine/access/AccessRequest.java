package io.millrace.engine.access;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a policy is asked about.
 *
 * @param principal who makes the request
 * @param action what he wants to do, {@code kinesis:PutRecord}
 * @param resource the ARN of what he wants to do it to, or {@code *}
 * @param context values by condition keys, in lower case; a key without values is absent
 */
public record AccessRequest(
    AccessPrincipal principal, String action, String resource, Map<String, List<String>> context) {

  /** Copies the map, its keys in lower case. */
  public AccessRequest {
    requireNonNull(principal, "principal");
    requireNonNull(action, "action");
    requireNonNull(resource, "resource");
    Map<String, List<String>> lower = new TreeMap<>();
    context.forEach((key, values) -> lower.put(key.toLowerCase(Locale.ROOT), List.copyOf(values)));
    context = Map.copyOf(lower);
  }

  List<String> values(String key) {
    return context.getOrDefault(key, List.of());
  }
}
