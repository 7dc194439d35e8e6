package io.millrace.persistence;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Keeps H2 from writing every payload twice.
 *
 * <p>H2 stores large payloads as blocks of one map, by rising keys. A block goes into the leaf of
 * the one before it, the leaf is too large then and is split, and both halves are written: so the
 * next commit writes the last block of this one again, and leaves half of its chunk dead. An empty
 * block after the last one begins the leaf that the next block goes to.
 *
 * <p>H2 stores no block of less than 256 bytes, so it is not one of H2's; and H2 passes over keys
 * that are taken. It is removed when the next takes its place. Used by whoever has the turn to
 * write.
 */
final class BlobSpacer {

  private static final byte[] SPACER = {};

  private final MVMap<Long, byte[]> blocks;

  /** The key of the spacer; one less than any other if there is none. */
  private long key = -1;

  /**
   * The spacer of a store that has just been opened, perhaps one with a spacer of its last life.
   */
  BlobSpacer(MVStore store) {
    blocks = store.openMap("lobData");
    var last = blocks.lastKey();
    if (last != null && blocks.get(last).length == SPACER.length) {
      key = last;
    }
  }

  /** Before a commit: if there are blocks after the spacer, another comes after them. */
  void beforeCommit() {
    var last = blocks.lastKey();
    if (last == null || last <= key) {
      return;
    }
    blocks.remove(key, SPACER);
    key = last + 1;
    blocks.putIfAbsent(key, SPACER);
  }
}
