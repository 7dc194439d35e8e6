package io.millrace.engine.capacity;

import io.millrace.engine.model.HashKey;

/**
 * The hash key that a shard gets most of its traffic for. Records of one hash key stay together
 * however a stream is split.
 *
 * @param hashKey the MD5 of one partition key, or an explicit hash key
 * @param share its part of the shard's traffic, above 0 and up to 1
 */
public record HotKey(HashKey hashKey, double share) {

  public HotKey {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("not a share: " + share);
    }
  }
}
