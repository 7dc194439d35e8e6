package io.millrace.gateway.access;

import io.millrace.engine.access.InvalidPolicyException;
import io.millrace.engine.access.PolicyDocument;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Policies of resources as they were read, so that a policy is not read for every call: the {@value
 * #MAX_POLICIES} that were asked for last. Safe for any thread.
 */
final class ReadPolicies {

  static final int MAX_POLICIES = 256;

  private record Key(String json, String arn) {}

  private final Map<Key, PolicyDocument> documents =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, PolicyDocument> eldest) {
          return size() > MAX_POLICIES;
        }
      };

  /**
   * A policy of a resource.
   *
   * @throws InvalidPolicyException when it cannot be read
   */
  PolicyDocument of(String json, String arn) {
    Key key = new Key(json, arn);
    PolicyDocument known;
    synchronized (documents) {
      known = documents.get(key);
    }
    if (known != null) {
      return known;
    }
    PolicyDocument read = PolicyDocument.ofResource(json, arn);
    synchronized (documents) {
      documents.put(key, read);
    }
    return read;
  }
}
