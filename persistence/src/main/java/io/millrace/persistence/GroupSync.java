package io.millrace.persistence;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes writes durable for many threads at once. Whoever has written waits until a force that began
 * after its write has completed; one of those who wait does it for all. While others are in the
 * midst of writing, he waits a moment for them to join: at most half of what the last force took,
 * and not at all when nobody is.
 *
 * <p>A failure is final: after it, nobody knows what the operating system has kept, so everybody
 * who waits and everybody who comes later is told.
 */
final class GroupSync {

  /** Writes to the disk whatever the operating system holds of a file. */
  @FunctionalInterface
  interface Force {
    void force() throws IOException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Force force;

  private long begun;
  private long completed;
  private int writing;
  private long lastForceNanos;
  private boolean running;
  private Throwable failure;

  GroupSync(Force force) {
    this.force = force;
  }

  /**
   * Returns once a force has completed that began after this call. Not to be interrupted: an
   * interrupt is kept for later.
   *
   * @throws IOException if that force, or any before it, has failed
   */
  void awaitSync() throws IOException {
    lock.lock();
    try {
      var mine = begun + 1;
      while (completed < mine) {
        throwIfFailed();
        if (running) {
          changed.awaitUninterruptibly();
        } else {
          lead();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A thread has begun to write, and is going to wait for a sync, unless it fails. */
  void beganWriting() {
    lock.lock();
    try {
      writing++;
    } finally {
      lock.unlock();
    }
  }

  /** A thread has written, or given up; now it may wait for a sync. */
  void endedWriting() {
    lock.lock();
    try {
      writing--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many forces have completed. */
  long completed() {
    lock.lock();
    try {
      return completed;
    } finally {
      lock.unlock();
    }
  }

  private void lead() throws IOException {
    running = true;
    letOthersJoin();
    var number = ++begun;
    Throwable failed = null;
    lock.unlock();
    var startedAt = System.nanoTime();
    // A channel closes when an interrupted thread uses it, so the interrupt has to wait.
    var interrupted = Thread.interrupted();
    try {
      force.force();
    } catch (IOException | RuntimeException | Error e) {
      failed = e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      lock.lock();
      lastForceNanos = System.nanoTime() - startedAt;
      running = false;
      if (failed == null) {
        completed = number;
      } else {
        failure = failed;
      }
      changed.signalAll();
    }
    throwIfFailed();
  }

  private void letOthersJoin() {
    var patience = lastForceNanos / 2;
    var interrupted = false;
    while (writing > 0 && patience > 0) {
      try {
        patience = changed.awaitNanos(patience);
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void throwIfFailed() throws IOException {
    if (failure != null) {
      throw new IOException("A sync has failed: " + failure.getMessage(), failure);
    }
  }
}
