package io.millrace.persistence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * A disk with one file on it. Remembers what has been forced, and what has been written since, in
 * order. When the power fails, what has been forced is there, and of the rest whatever chance has
 * it: whole writes, single blocks of writes, nothing.
 */
final class Disk {

  private static final int BLOCK = 4096;

  /** What is really done to the file, so that it can be read while the power is on. */
  @FunctionalInterface
  interface Deed<T> {
    T on() throws IOException;
  }

  /** Bytes at a position; or none, and a new size. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Change(long position, byte[] bytes) {}

  private final Content durable = new Content();
  private final List<Change> unforced = new ArrayList<>();
  private boolean isOff;
  private IOException broken;
  private long forces;
  private long bytesWritten;

  /** How many changes there have been. */
  private long written;

  private long lastChange = -1;

  /** A bounded wait before a force takes effect, to let others write meanwhile. */
  private final long forceNanos;

  Disk(long forceNanos) {
    this(forceNanos, new byte[0]);
  }

  /** A disk that has had its file before. */
  Disk(long forceNanos, byte[] content) {
    this.forceNanos = forceNanos;
    durable.apply(new Change(0, content));
  }

  synchronized <T> T write(long position, byte[] bytes, Deed<T> deed) throws IOException {
    check();
    var result = deed.on();
    bytesWritten += bytes.length;
    add(new Change(position, bytes));
    return result;
  }

  synchronized <T> T truncate(long size, Deed<T> deed) throws IOException {
    check();
    var result = deed.on();
    add(new Change(size, null));
    return result;
  }

  private void add(Change change) {
    unforced.add(change);
    written++;
    isOff |= written == lastChange;
  }

  /** Lets the power fail after so many more changes. */
  synchronized void cutPowerAfter(int changes) {
    lastChange = written + changes;
    isOff |= changes == 0;
  }

  synchronized boolean isOff() {
    return isOff;
  }

  /** Only what was written before it began is durable after it. */
  void force() throws IOException {
    long begun;
    synchronized (this) {
      check();
      begun = written;
    }
    LockSupport.parkNanos(forceNanos);
    synchronized (this) {
      check();
      var first = written - unforced.size();
      var done = unforced.subList(0, (int) Math.max(0, begun - first));
      done.forEach(durable::apply);
      done.clear();
      forces++;
    }
  }

  private void check() throws IOException {
    if (isOff) {
      throw new IOException("The power is off");
    }
    if (broken != null) {
      throw broken;
    }
  }

  synchronized long forces() {
    return forces;
  }

  synchronized long bytesWritten() {
    return bytesWritten;
  }

  synchronized boolean hasUnforcedWrites() {
    return !unforced.isEmpty();
  }

  /** From now on everything fails, until the disk is mended. What was not forced is still there. */
  synchronized void fail(String message) {
    broken = new IOException(message);
  }

  synchronized void mend() {
    broken = null;
  }

  /** Ends the process, and says what the next one finds: all that was written. */
  synchronized byte[] endProcess() {
    isOff = true;
    unforced.forEach(durable::apply);
    unforced.clear();
    return durable.toBytes();
  }

  /** Cuts the power, and says what is on the disk when it is back. */
  synchronized byte[] cutPower(RandomGenerator chance) {
    isOff = true;
    // How much of the rest has reached the disk by itself: sometimes nearly all, or nearly nothing.
    var luck = chance.nextDouble();
    for (var change : unforced) {
      if (change.bytes() == null || chance.nextBoolean()) {
        if (chance.nextDouble() < luck) {
          durable.apply(change);
        }
      } else {
        for (var at = 0; at < change.bytes().length; at += BLOCK) {
          if (chance.nextDouble() < luck) {
            var end = Math.min(at + BLOCK, change.bytes().length);
            durable.apply(
                new Change(change.position() + at, Arrays.copyOfRange(change.bytes(), at, end)));
          }
        }
      }
    }
    unforced.clear();
    return durable.toBytes();
  }

  /** The bytes of a file; grows without copying each time. */
  private static final class Content {

    private byte[] bytes = new byte[1 << 20];
    private int size;

    void apply(Change change) {
      var position = (int) change.position();
      if (change.bytes() == null) {
        if (position < size) {
          Arrays.fill(bytes, position, size, (byte) 0);
          size = position;
        }
        return;
      }
      var end = position + change.bytes().length;
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * end);
      }
      System.arraycopy(change.bytes(), 0, bytes, position, change.bytes().length);
      size = Math.max(size, end);
    }

    byte[] toBytes() {
      return Arrays.copyOf(bytes, size);
    }
  }
}
