package io.millrace.engine.tail;

import java.util.ArrayDeque;

/**
 * The memory that the windows of all shards share, in bytes of stored batches and of the records
 * taken from them. When there is no room for more, the oldest batches go, whichever shard they are
 * of, and their records with them. Safe for any thread.
 */
public final class WindowBudget {

  private final long maxBytes;
  private final ArrayDeque<Window> oldestFirst = new ArrayDeque<>();
  private long usedBytes;

  public WindowBudget(long maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("negative window: " + maxBytes);
    }
    this.maxBytes = maxBytes;
  }

  /** Bytes held now by all windows together; at most the bound. */
  public synchronized long usedBytes() {
    return usedBytes;
  }

  synchronized void added(Window window, int bytes) {
    oldestFirst.addLast(window);
    grew(bytes);
  }

  /** Something that is held already weighs more, or less. */
  synchronized void grew(int bytes) {
    usedBytes += bytes;
    while (usedBytes > maxBytes && !oldestFirst.isEmpty()) {
      usedBytes -= oldestFirst.removeFirst().evictOldest();
    }
  }

  /**
   * Takes back what a window held, and with it the window's places in the queue: they would grow
   * without bound, and cost the window its next batches before older ones of others.
   */
  synchronized void released(Window window, long bytes) {
    oldestFirst.removeIf(place -> place == window);
    usedBytes -= bytes;
  }
}
