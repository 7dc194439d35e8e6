package io.millrace.engine.shard;

import static io.millrace.engine.shard.GateFixture.RETENTION;
import static io.millrace.engine.shard.GateFixture.data;
import static io.millrace.engine.shard.GateFixture.get;
import static io.millrace.engine.shard.ShardGateWriteTest.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.ReadDone;
import io.millrace.engine.shard.ShardMessage.TrimReply;
import io.millrace.engine.shard.ShardMessage.Trimmed;
import io.millrace.engine.testing.InMemoryStore.Hold;
import io.millrace.engine.testing.InMemoryStore.StorageFailed;
import io.millrace.engine.testing.StorageStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShardGateTrimTest extends GateTest {

  /** Deletes in steps of 3. */
  private static final ShardSettings SETTINGS = GateFixture.pausing(Duration.ofMillis(1));

  private long latestRound;

  /** A shard of ten records, an hour apart: events 2 to 11. */
  private void tenRecordsAnHourApart() {
    shard = new GateFixture(kit, SETTINGS, 0).open();
    for (int i = 0; i < 10; i++) {
      shard.store("r" + i);
      shard.clock.advance(Duration.ofHours(1));
    }
  }

  @Test
  void recordIsServedUntilTheMillisecondOfItsExpiry() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    shard.clock.advance(Duration.ofMillis(1));
    shard.store("b");

    shard.clock.advance(Duration.ofMillis(RETENTION - 2));
    assertThat(shard.data()).containsExactly("a", "b");
    shard.clock.advance(Duration.ofMillis(1));
    assertThat(shard.data()).containsExactly("b");
    shard.clock.advance(Duration.ofMillis(1));
    assertThat(shard.data()).isEmpty();
    assertThat(shard.eventNumbers()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void trimmingDeletesWhatHasExpiredAndNothingElse() {
    tenRecordsAnHourApart();
    shard.clock.advance(Duration.ofMillis(RETENTION - Duration.ofHours(6).toMillis()));

    // Records 0 to 4 are 24 hours old or older, record 4 to the millisecond.
    TrimReply reply = shard.trim();

    assertThat(reply).isEqualTo(new Trimmed(6));
    assertThat(shard.eventNumbers()).containsExactly(7L, 8L, 9L, 10L, 11L, 12L);
    assertThat(shard.store.snapshotNumbers(shard.persistenceId())).containsExactly(12L);
    assertThat(shard.store.count(StorageStep.DELETE_EVENTS)).isEqualTo(3);
    assertThat(shard.data()).containsExactly("r5", "r6", "r7", "r8", "r9");
    assertThat(data(shard.read(SequenceNumber.counter(3, 0)))).hasSize(5);

    shard.restart();
    assertThat(shard.data()).containsExactly("r5", "r6", "r7", "r8", "r9");
    assertThat(shard.store("r10").counter()).isEqualTo(SequenceNumber.counter(13, 0));
  }

  @Test
  void trimmingIsExactToTheMillisecond() {
    shard = new GateFixture(kit, SETTINGS, 0).open();
    for (int i = 0; i < 3; i++) {
      shard.clock.advance(Duration.ofMillis(1));
      shard.store("r" + i);
    }
    shard.clock.advance(Duration.ofMillis(RETENTION - 1));

    // The second is 24 hours old to the millisecond, the third one millisecond younger.
    assertThat(shard.trim()).isEqualTo(new Trimmed(3));
    assertThat(shard.eventNumbers()).containsExactly(4L, 5L);
    assertThat(shard.data()).containsExactly("r2");
  }

  @Test
  void horizonStandsEvenIfTheWallClockGoesBack() {
    tenRecordsAnHourApart();
    shard.clock.advance(Duration.ofMillis(RETENTION - Duration.ofHours(6).toMillis()));
    shard.trim();

    shard.clock.jumpWall(Duration.ofDays(-2));

    assertThat(shard.data()).containsExactly("r5", "r6", "r7", "r8", "r9");
    assertThat(shard.trim()).isEqualTo(new Trimmed(0));
    assertThat(shard.data()).hasSize(5);
  }

  @Test
  void roundInWhichNothingExpiredWritesNothing() {
    tenRecordsAnHourApart();

    assertThat(shard.trim()).isEqualTo(new Trimmed(0));
    assertThat(shard.trim()).isEqualTo(new Trimmed(0));

    assertThat(shard.eventNumbers()).hasSize(11);
  }

  @Test
  void nothingIsDeletedBeforeTheSnapshotIsStored() {
    tenRecordsAnHourApart();
    shard.clock.advance(Duration.ofMillis(RETENTION));
    Hold hold = shard.store.hold(StorageStep.SAVE_SNAPSHOT);
    CompletableFuture<TrimReply> trim = shard.askToTrim();
    hold.awaitReached();

    shard.awaitTaken();
    assertThat(trim).isNotDone();
    assertThat(shard.store.count(StorageStep.DELETE_EVENTS)).isZero();
    assertThat(shard.store.count(StorageStep.DELETE_SNAPSHOTS)).isZero();
    hold.release();

    assertThat(get(trim)).isInstanceOf(Trimmed.class);
    assertThat(shard.eventNumbers()).containsExactly(12L);
  }

  @Test
  void snapshotThatFailsKeepsEverythingUntilALaterRound() {
    tenRecordsAnHourApart();
    shard.clock.advance(Duration.ofMillis(RETENTION - Duration.ofHours(6).toMillis()));
    shard.store.fail(StorageStep.SAVE_SNAPSHOT, new StorageFailed());

    assertThat(shard.trim()).isEqualTo(new Trimmed(0));
    assertThat(shard.eventNumbers()).hasSize(12);
    assertThat(shard.data()).hasSize(5);

    shard.clock.advance(Duration.ofHours(1));
    assertThat(shard.trim()).isEqualTo(new Trimmed(7));
    assertThat(shard.eventNumbers()).startsWith(8L);
  }

  @Test
  void trimsThatComeTogetherAreOneRound() {
    tenRecordsAnHourApart();
    shard.clock.advance(Duration.ofMillis(RETENTION));
    Hold hold = shard.store.hold(StorageStep.PREFIX);
    CompletableFuture<TrimReply> first = shard.askToTrim();
    CompletableFuture<TrimReply> second = shard.askToTrim();
    shard.awaitTaken();
    hold.release();

    assertThat(get(first)).isEqualTo(get(second)).isInstanceOf(Trimmed.class);
    assertThat(shard.eventNumbers()).containsExactly(12L);
  }

  @Test
  void readUnderWayWhileItsEventsAreTrimmedIsNoCorruption() {
    tenRecordsAnHourApart();
    Hold read = shard.store.hold(StorageStep.PAGE);
    var reply = shard.askToRead(0, 100, 1000, false);
    read.awaitReached();
    shard.clock.advance(Duration.ofMillis(RETENTION - Duration.ofHours(6).toMillis()));
    assertThat(shard.trim()).isEqualTo(new Trimmed(6));

    read.release();

    assertThat(data(get(reply))).containsExactly("r5", "r6", "r7", "r8", "r9");
  }

  @Test
  void putsGoOnDuringARound() {
    tenRecordsAnHourApart();
    shard.clock.advance(Duration.ofMillis(RETENTION));
    Hold hold = shard.store.hold(StorageStep.DELETE_EVENTS);
    CompletableFuture<TrimReply> trim = shard.askToTrim();
    hold.awaitReached();

    shard.store("meanwhile");

    assertThat(trim).isNotDone();
    assertThat(shard.data()).containsExactly("meanwhile");
    hold.release();
    assertThat(get(trim)).isEqualTo(new Trimmed(11));
    assertThat(shard.data()).containsExactly("meanwhile");
  }

  /** The steps of a round, in order. */
  @ParameterizedTest
  @EnumSource(
      value = StorageStep.class,
      names = {
        "PREFIX",
        "WRITE",
        "ACKNOWLEDGE",
        "SAVE_SNAPSHOT",
        "DELETE_SNAPSHOTS",
        "DELETE_EVENTS"
      })
  void crashAtAnyStepLosesNothingAndTheNextRoundFinishes(StorageStep step) {
    tenRecordsAnHourApart();
    shard.clock.advance(Duration.ofMillis(RETENTION - Duration.ofHours(6).toMillis()));
    Hold hold = shard.store.hold(step);
    CompletableFuture<TrimReply> cutShort = shard.askToTrim();
    hold.awaitReached();
    shard.kill();
    shard.store.fail(step, new StorageFailed());
    hold.release();
    assertThat(cutShort).isNotDone();

    shard.start();
    assertThat(shard.data()).containsExactly("r5", "r6", "r7", "r8", "r9");
    TrimReply next = shard.trim();

    assertThat(next).isInstanceOf(Trimmed.class);
    assertThat(shard.eventNumbers()).startsWith(7L).doesNotContain(6L);
    assertThat(shard.data()).containsExactly("r5", "r6", "r7", "r8", "r9");
    shard.restart();
    assertThat(shard.data()).containsExactly("r5", "r6", "r7", "r8", "r9");
  }

  @ParameterizedTest
  @EnumSource(
      value = StorageStep.class,
      names = {"PREFIX", "WRITE", "DELETE_SNAPSHOTS", "DELETE_EVENTS"})
  void stepThatFailsSaysSoAndTheNextRoundFinishes(StorageStep step) {
    tenRecordsAnHourApart();
    shard.clock.advance(Duration.ofMillis(RETENTION - Duration.ofHours(6).toMillis()));
    shard.store.fail(step, new StorageFailed());

    assertFailed(shard.trim(), Failed.Kind.UNAVAILABLE);

    TrimReply next = shard.trim();
    for (int i = 0; i < 100_000 && !(next instanceof Trimmed); i++) {
      next = shard.trim();
    }
    assertThat(next).isInstanceOf(Trimmed.class);
    assertThat(shard.eventNumbers()).startsWith(7L).doesNotContain(6L);
    assertThat(shard.data()).hasSize(5);
  }

  @Test
  void neverDeletesWhatHasNotExpired() {
    Random random = new Random(7);
    shard = new GateFixture(kit, SETTINGS, 2_000).open();
    List<Long> arrivals = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      switch (random.nextInt(5)) {
        case 0 -> {
          assertThat(shard.trim()).isInstanceOf(Trimmed.class);
          assertEveryUnexpiredRecordIsStored(arrivals);
        }
        case 1 -> shard.clock.jumpWall(Duration.ofMinutes(-random.nextInt(90)));
        case 2 -> shard.restart();
        default -> {
          shard.store("r" + arrivals.size());
          ReadDone all = (ReadDone) shard.read(0);
          arrivals.add(
              all.records()
                  .get(all.records().size() - 1)
                  .approximateArrivalTimestamp()
                  .toEpochMilli());
          shard.clock.advance(Duration.ofMinutes(random.nextInt(120)));
        }
      }
    }
    assertThat(arrivals).isSorted();
    shard.trim();
    assertEveryUnexpiredRecordIsStored(arrivals);
    assertThat(shard.eventNumbers().get(0)).isGreaterThan(1);
  }

  private void assertEveryUnexpiredRecordIsStored(List<Long> arrivals) {
    // Where the wall clock was furthest, more had expired than has now.
    latestRound = Math.max(latestRound, shard.clock.epochMillis());
    long now = latestRound;
    long unexpired = arrivals.stream().filter(arrival -> now - arrival < RETENTION).count();
    long stored =
        shard.store.rows(shard.persistenceId()).stream()
            .map(row -> Frame.readHeader(row.payload()))
            .filter(RecordBatch::isBatch)
            .count();
    assertThat(stored).isGreaterThanOrEqualTo(unexpired);
    assertThat(data(shard.read(0)).size()).isLessThanOrEqualTo((int) stored);
  }
}
