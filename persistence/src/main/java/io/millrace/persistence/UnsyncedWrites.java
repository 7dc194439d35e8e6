package io.millrace.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Which parts of a file have been written since it was last synced. Bounded: whoever finds it full
 * syncs before writing on. Outlives the channel it was written through.
 */
final class UnsyncedWrites {

  private record Extent(long position, int length) {}

  private final int bound;
  private final Deque<Extent> extents = new ArrayDeque<>();
  private long added;

  UnsyncedWrites(int bound) {
    this.bound = bound;
  }

  synchronized void add(long position, int length) {
    extents.add(new Extent(position, length));
    added++;
  }

  synchronized boolean isFull() {
    return extents.size() >= bound;
  }

  synchronized boolean isEmpty() {
    return extents.isEmpty();
  }

  /** Names the writes up to now. */
  synchronized long mark() {
    return added;
  }

  /** The writes up to a mark are durable. */
  synchronized void removeUpTo(long mark) {
    while (added - extents.size() < mark && !extents.isEmpty()) {
      extents.removeFirst();
    }
  }

  /**
   * After a failed sync: makes the disk hold what reading the file shows. The operating system
   * takes what it failed to write for written, so the same bytes are given to it once more. What it
   * shows may be older than what was written; that is then what the database finds.
   */
  void writeAgain(FileChannel file) throws IOException {
    var mark = mark();
    for (var extent : snapshot()) {
      var length = Math.min(extent.length(), file.size() - extent.position());
      if (length > 0) {
        var bytes = ByteBuffer.allocate((int) length);
        while (bytes.hasRemaining()
            && file.read(bytes, extent.position() + bytes.position()) > 0) {}
        bytes.flip();
        while (bytes.hasRemaining()) {
          file.write(bytes, extent.position() + bytes.position());
        }
      }
    }
    file.force(true);
    removeUpTo(mark);
  }

  private synchronized List<Extent> snapshot() {
    return List.copyOf(extents);
  }
}
