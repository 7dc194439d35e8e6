package io.millrace.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupSyncTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** A force that tells when it begins, and ends when it is let. */
  private final Semaphore begun = new Semaphore(0);

  private final Semaphore mayEnd = new Semaphore(0);
  private final AtomicInteger forces = new AtomicInteger();
  private volatile boolean fails;

  private final GroupSync sync =
      new GroupSync(
          () -> {
            forces.incrementAndGet();
            begun.release();
            mayEnd.acquireUninterruptibly();
            if (fails) {
              throw new IOException("the disk is gone");
            }
          });

  @AfterEach
  void stop() {
    mayEnd.release(1000);
    threads.shutdownNow();
  }

  private CompletableFuture<Void> await() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            sync.awaitSync();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        },
        threads);
  }

  @Test
  void forcesForWhoComesAlone() throws Exception {
    mayEnd.release();

    sync.awaitSync();

    assertThat(forces).hasValue(1);
    assertThat(sync.completed()).isEqualTo(1);
  }

  @Test
  void doesNotCountForceThatBeganBefore() throws Exception {
    var first = await();
    begun.acquire();
    var second = await();

    mayEnd.release();
    first.get();
    begun.acquire();

    assertThat(second).isNotDone();
    mayEnd.release();
    second.get();
    assertThat(forces).hasValue(2);
  }

  @Test
  void oneForceServesAllThatWait() throws Exception {
    var first = await();
    begun.acquire();
    var waiting = new ArrayList<CompletableFuture<Void>>();
    var started = new CountDownLatch(20);
    for (var i = 0; i < 20; i++) {
      waiting.add(
          CompletableFuture.runAsync(
              () -> {
                started.countDown();
                try {
                  sync.awaitSync();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              },
              threads));
    }
    started.await();

    mayEnd.release(100);
    first.get();
    CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).get();

    // Those that were late to the second force share a third, and so on; never one each.
    assertThat(forces.get()).isBetween(2, 15);
  }

  @Test
  void failureReachesAllWhoWaitAndAllWhoCome() throws Exception {
    var first = await();
    begun.acquire();
    var second = await();
    fails = true;

    mayEnd.release(100);

    assertThat(first).failsWithin(30, TimeUnit.SECONDS);
    assertThat(second).failsWithin(30, TimeUnit.SECONDS);
    fails = false;
    assertThatThrownBy(sync::awaitSync)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the disk is gone");
  }

  @Test
  void interruptIsKeptForLater() {
    mayEnd.release();
    Thread.currentThread().interrupt();

    assertThatCode(sync::awaitSync).doesNotThrowAnyException();

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void nobodyReturnsBeforeItsWriteIsForced() throws Exception {
    var written = new AtomicLong();
    var forced = new AtomicLong();
    var group =
        new GroupSync(
            () -> {
              var seen = written.get();
              LockSupport.parkNanos(1_000);
              forced.accumulateAndGet(seen, Math::max);
            });
    var all = new ArrayList<CompletableFuture<Void>>();

    for (var thread = 0; thread < 8; thread++) {
      all.add(
          CompletableFuture.runAsync(
              () -> {
                for (var i = 0; i < 2_000; i++) {
                  var mine = written.incrementAndGet();
                  try {
                    group.awaitSync();
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                  assertThat(forced.get()).isGreaterThanOrEqualTo(mine);
                }
              },
              threads));
    }

    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
    assertThat(group.completed()).isLessThanOrEqualTo(16_000);
  }
}
