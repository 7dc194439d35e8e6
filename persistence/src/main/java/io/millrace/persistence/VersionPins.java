package io.millrace.persistence;

import java.util.ArrayDeque;
import java.util.Deque;
import org.h2.mvstore.MVStore;

/**
 * Keeps H2 from writing over what the last durable state of the file still needs.
 *
 * <p>H2 gives the space of a chunk free as soon as a newer version of the data no longer refers to
 * it, whether or not that newer version is durable. So a version is held in use until a later one
 * has been synced. Called by the one thread that syncs.
 */
final class VersionPins {

  private final MVStore store;
  private final Deque<MVStore.TxCounter> pins = new ArrayDeque<>();

  VersionPins(MVStore store) {
    this.store = store;
  }

  /** Before a sync begins; answers the version that is durable when it has completed. */
  long beforeSync() {
    var durable = store.getFileStore().lastChunkVersion();
    pins.addLast(store.registerVersionUsage());
    return durable;
  }

  /** After a sync; {@code durable} is the answer from before it. */
  void afterSync(long durable) {
    while (pins.size() > 1 && second().version <= durable) {
      store.deregisterVersionUsage(pins.removeFirst());
    }
  }

  /** Lets everything go, before the store closes. */
  void releaseAll() {
    while (!pins.isEmpty()) {
      store.deregisterVersionUsage(pins.removeFirst());
    }
  }

  private MVStore.TxCounter second() {
    var each = pins.iterator();
    each.next();
    return each.next();
  }
}
