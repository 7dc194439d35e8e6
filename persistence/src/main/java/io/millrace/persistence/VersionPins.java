package io.millrace.persistence;

import java.util.ArrayDeque;
import java.util.Deque;
import org.h2.mvstore.MVStore;

/**
 * Keeps H2 from writing over what the last durable state of the file still needs.
 *
 * <p>H2 gives the space of a chunk free as soon as a newer version of the data no longer refers to
 * it, whether or not that newer version is durable. So a version is held in use until it is neither
 * the last durable one nor the one before. Called by the one thread that syncs.
 */
final class VersionPins {

  private final MVStore store;
  private final Deque<MVStore.TxCounter> pins = new ArrayDeque<>();

  VersionPins(MVStore store) {
    this.store = store;
  }

  void beforeSync() {
    pins.addLast(store.registerVersionUsage());
  }

  /**
   * After a sync has completed.
   *
   * @param version what died in this version or before may be written over, what died later not yet
   */
  void afterSync(long version) {
    while (pins.size() > 1 && second().version <= version) {
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
