package io.millrace.engine.shard;

import static io.millrace.engine.shard.GateFixture.data;
import static io.millrace.engine.shard.GateFixture.entry;
import static io.millrace.engine.shard.GateFixture.get;
import static io.millrace.engine.shard.GateFixture.stored;
import static io.millrace.engine.shard.ShardGateWriteTest.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.Opened;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Stored;
import io.millrace.engine.shard.ShardMessage.Unknown;
import io.millrace.engine.tail.TailPage;
import io.millrace.engine.testing.InMemoryStore.Hold;
import io.millrace.engine.testing.InMemoryStore.ProvenNotWritten;
import io.millrace.engine.testing.InMemoryStore.StorageFailed;
import io.millrace.engine.testing.StorageStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.junit.jupiter.api.Test;

class ShardGateFailureTest extends GateTest {

  /** A shard that stays down for the rest of the test once it has failed. */
  private static final ShardSettings STAYS_DOWN = GateFixture.pausing(Duration.ofHours(1));

  private static PutOutcome outcome(CompletableFuture<PutDone> put) {
    List<PutOutcome> outcomes = get(put).outcomes();
    assertThat(outcomes).hasSize(1);
    return outcomes.get(0);
  }

  /** Puts until the shard takes records again. */
  private SequenceNumber storeAfterOutage(String data) {
    for (int i = 0; i < 100_000; i++) {
      PutOutcome outcome = outcome(shard.put(entry(data)));
      if (outcome instanceof Stored) {
        return stored(outcome);
      }
      assertThat(outcome).isInstanceOf(NotWritten.class);
    }
    throw new AssertionError("the shard did not come back");
  }

  @Test
  void writeThatFailedBeforeItWasStoredIsUnknownAndIsNotThere() {
    shard = new GateFixture(kit).open();
    SequenceNumber before = shard.store("a");
    shard.store.fail(StorageStep.WRITE, new StorageFailed());

    assertThat(outcome(shard.put(entry("b")))).isInstanceOf(Unknown.class);

    assertThat(storeAfterOutage("c")).isGreaterThan(before);
    assertThat(shard.data()).containsExactly("a", "c");
  }

  @Test
  void writeThatFailedAfterItWasStoredIsUnknownAndIsFound() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    shard.store.fail(StorageStep.ACKNOWLEDGE, new StorageFailed());

    assertThat(outcome(shard.put(entry("b")))).isInstanceOf(Unknown.class);

    SequenceNumber after = storeAfterOutage("c");
    assertThat(after.counter()).isEqualTo(SequenceNumber.counter(4, 0));
    assertThat(shard.data()).containsExactly("a", "b", "c");
    assertThat(shard.latest()).isEqualTo(SequenceNumber.counter(5, 0));
  }

  @Test
  void writeThatTheStorageProvesUndoneIsNotWritten() {
    shard = new GateFixture(kit).open();
    shard.store.fail(StorageStep.WRITE, new ProvenNotWritten());

    assertThat(outcome(shard.put(entry("a")))).isInstanceOf(NotWritten.class);

    storeAfterOutage("b");
    assertThat(shard.data()).containsExactly("b");
  }

  @Test
  void whoWaitedBehindAFailedWriteIsNotWritten() {
    shard = new GateFixture(kit, STAYS_DOWN).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> writing = shard.put(entry("a"));
    hold.awaitReached();
    CompletableFuture<PutDone> waiting = shard.put(entry("b"));
    CompletableFuture<PutDone> alsoWaiting = shard.put(entry("c"));
    shard.awaitTaken();
    shard.store.fail(StorageStep.WRITE, new StorageFailed());

    hold.release();

    assertThat(outcome(writing)).isInstanceOf(Unknown.class);
    assertThat(outcome(waiting)).isInstanceOf(NotWritten.class);
    assertThat(outcome(alsoWaiting)).isInstanceOf(NotWritten.class);
    assertThat(shard.eventNumbers()).containsExactly(1L);
  }

  @Test
  void putsDuringAnOutageAreRefusedAtOnceAndReadsGoOn() {
    shard = new GateFixture(kit, STAYS_DOWN).open();
    SequenceNumber a = shard.store("a");
    shard.store.fail(StorageStep.WRITE, new StorageFailed());
    assertThat(outcome(shard.put(entry("b")))).isInstanceOf(Unknown.class);

    assertThat(outcome(shard.put(entry("c")))).isInstanceOf(NotWritten.class);

    assertThat(shard.data()).containsExactly("a");
    assertThat(shard.latest()).isEqualTo(SequenceNumber.counter(3, 0));
    assertThat(get(shard.askForTime(shard.clock.epochMillis())))
        .isEqualTo(new ShardMessage.Located(SequenceNumber.counter(2, 0)));
    assertThat(get(shard.askToOpen())).isEqualTo(new Opened());
    assertThat(outcome(shard.put(List.of(entry("d")), false, OptionalLong.of(a.counter()))))
        .isInstanceOf(NotWritten.class);
  }

  @Test
  void putsDuringRecoveryWaitAndAreStored() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    Hold recovery = shard.store.hold(StorageStep.LOAD_SNAPSHOT);
    shard.store.fail(StorageStep.ACKNOWLEDGE, new StorageFailed());
    assertThat(outcome(shard.put(entry("b")))).isInstanceOf(Unknown.class);
    recovery.awaitReached();
    CompletableFuture<PutDone> waiting = shard.put(entry("c"), entry("d"));

    assertThat(data(shard.read(0))).containsExactly("a");
    assertThat(waiting).isNotDone();
    recovery.release();

    assertThat(stored(waiting)).isSorted();
    assertThat(shard.data()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void recoveryThatFailsIsTriedAgain() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    for (int i = 0; i < 5; i++) {
      shard.store.fail(StorageStep.LOAD_SNAPSHOT, new StorageFailed());
    }
    shard.store.fail(StorageStep.REPLAY, new StorageFailed());
    shard.store.fail(StorageStep.WRITE, new StorageFailed());
    long recoveries = shard.store.count(StorageStep.LOAD_SNAPSHOT);
    assertThat(outcome(shard.put(entry("b")))).isInstanceOf(Unknown.class);

    storeAfterOutage("c");

    assertThat(shard.store.count(StorageStep.LOAD_SNAPSHOT)).isEqualTo(recoveries + 7);
    assertThat(shard.data()).containsExactly("a", "c");
  }

  @Test
  void firstRecoveryThatFailsLeavesNobodyWaiting() {
    shard = new GateFixture(kit, STAYS_DOWN).open();
    shard.store("a");
    shard.kill();
    Hold hold = shard.store.hold(StorageStep.REPLAY);
    shard.store.fail(StorageStep.REPLAY, new StorageFailed());
    shard.start();
    var put = shard.put(entry("b"));
    var ordered = shard.put(List.of(entry("b")), false, OptionalLong.of(0));
    var read = shard.askToRead(0, 10, 10, false);
    var limited = shard.askToRead(0, 10, 10, true);
    var latest = shard.askForLatest();
    var time = shard.askForTime(0);
    var tail = shard.<ShardMessage.AttachReply>ask(ShardMessage.AttachTail::new);
    var trim = shard.askToTrim();
    var open = shard.askToOpen();
    hold.awaitReached();

    hold.release();

    assertThat(outcome(put)).isInstanceOf(NotWritten.class);
    assertThat(outcome(ordered)).isInstanceOf(NotWritten.class);
    for (var waiting : List.of(read, limited, latest, time, tail, trim, open)) {
      assertFailed(get(waiting), Failed.Kind.UNAVAILABLE);
    }
    // And those who come later, while the shard is down.
    assertThat(outcome(shard.put(entry("b")))).isInstanceOf(NotWritten.class);
    assertFailed(shard.read(0), Failed.Kind.UNAVAILABLE);
    assertFailed(get(shard.askForLatest()), Failed.Kind.UNAVAILABLE);
    assertFailed(get(shard.askToOpen()), Failed.Kind.UNAVAILABLE);
  }

  @Test
  void openingThatFailsSaysSoAndIsRepeated() {
    shard = new GateFixture(kit);
    shard.store.fail(StorageStep.WRITE, new StorageFailed());

    assertFailed(get(shard.askToOpen()), Failed.Kind.UNAVAILABLE);

    for (int i = 0; i < 100_000 && !(get(shard.askToOpen()) instanceof Opened); i++) {
      assertThat(shard.eventNumbers()).isEmpty();
    }
    shard.store("a");
    assertThat(shard.eventNumbers()).containsExactly(1L, 2L);
  }

  @Test
  void openingThatWasStoredAllTheSameIsFound() {
    shard = new GateFixture(kit);
    shard.store.fail(StorageStep.ACKNOWLEDGE, new StorageFailed());

    assertFailed(get(shard.askToOpen()), Failed.Kind.UNAVAILABLE);

    for (int i = 0; i < 100_000 && !(get(shard.askToOpen()) instanceof Opened); i++) {
      Thread.onSpinWait();
    }
    shard.store("a");
    assertThat(shard.eventNumbers()).containsExactly(1L, 2L);
  }

  @Test
  void eventIsNotReadableBeforeItIsAcknowledged() {
    shard = new GateFixture(kit, GateFixture.UNLIMITED, 0).open();
    shard.store("a");
    Hold hold = shard.store.hold(StorageStep.ACKNOWLEDGE);
    CompletableFuture<PutDone> writing = shard.put(entry("b"));
    hold.awaitReached();
    assertThat(shard.eventNumbers()).containsExactly(1L, 2L, 3L);

    assertThat(shard.data()).containsExactly("a");
    assertThat(shard.latest()).isEqualTo(SequenceNumber.counter(3, 0));

    hold.release();
    assertThat(stored(writing)).hasSize(1);
    assertThat(shard.data()).containsExactly("a", "b");
  }

  @Test
  void whatWasAnsweredIsThereAfterAnyCrash() {
    shard = new GateFixture(kit).open();
    Random random = new Random(42);
    List<String> acknowledged = new ArrayList<>();
    List<String> possible = new ArrayList<>();
    List<SequenceNumber> numbers = new ArrayList<>();
    for (int round = 0; round < 60; round++) {
      String data = "r" + round;
      switch (random.nextInt(6)) {
        case 0 -> shard.store.fail(StorageStep.WRITE, new StorageFailed());
        case 1 -> shard.store.fail(StorageStep.ACKNOWLEDGE, new StorageFailed());
        case 2 -> shard.store.fail(StorageStep.WRITE, new ProvenNotWritten());
        case 3 -> shard.restart();
        default -> {}
      }
      PutOutcome done = outcome(shard.put(entry(data)));
      if (done instanceof Stored) {
        numbers.add(stored(done));
        acknowledged.add(data);
        possible.add(data);
      } else if (done instanceof Unknown) {
        possible.add(data);
      }
    }
    // Faults that met nobody yet meet these.
    String last = "l0";
    PutOutcome outcome = outcome(shard.put(entry(last)));
    for (int i = 1; !(outcome instanceof Stored); i++) {
      assertThat(i).isLessThan(100_000);
      if (outcome instanceof Unknown) {
        possible.add(last);
      }
      last = "l" + i;
      outcome = outcome(shard.put(entry(last)));
    }
    numbers.add(stored(outcome));
    acknowledged.add(last);
    possible.add(last);

    assertThat(numbers).isSorted().doesNotHaveDuplicates();
    assertThat(shard.data())
        .containsSubsequence(acknowledged)
        .doesNotHaveDuplicates()
        .isSubsetOf(possible);
    shard.restart();
    assertThat(shard.data()).containsSubsequence(acknowledged).isSubsetOf(possible);
  }

  @Test
  void followerSeesOnceWhatAFailedWriteHadStored() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    var follower =
        shard
            .tail()
            .follow(0, 1_000, 1_000, () -> GateFixture.RETENTION)
            .mapConcat(TailPage::records)
            .map(record -> record.data().utf8())
            .runWith(TestSink.create(kit.system()), kit.system());
    follower.request(10);
    assertThat(follower.expectNext(GateFixture.PATIENCE)).isEqualTo("a");
    shard.store.fail(StorageStep.ACKNOWLEDGE, new StorageFailed());

    assertThat(outcome(shard.put(entry("b")))).isInstanceOf(Unknown.class);

    // Recovery alone wakes the follower.
    assertThat(follower.expectNext(GateFixture.PATIENCE)).isEqualTo("b");
    storeAfterOutage("c");
    assertThat(follower.expectNext(GateFixture.PATIENCE)).isEqualTo("c");
    follower.cancel();
  }

  // corruption

  @Test
  void corruptRecordsFailTheReadThatReachesThemEveryTime() {
    shard = new GateFixture(kit, GateFixture.UNLIMITED, 0).open();
    shard.store("a");
    shard.store("b");
    shard.store("c");
    shard.store.corruptEvent(shard.persistenceId(), 3, -1);

    for (int i = 0; i < 2; i++) {
      assertThat(data(shard.read(0))).containsExactly("a");
      assertFailed(shard.read(SequenceNumber.counter(3, 0)), Failed.Kind.CORRUPT);
    }
    assertThat(data(shard.read(SequenceNumber.counter(4, 0)))).containsExactly("c");
    shard.store("d");
    assertThat(data(shard.read(SequenceNumber.counter(4, 0)))).containsExactly("c", "d");
  }

  @Test
  void corruptOrLostEventsDoNotKeepAShardFromRecovering() {
    shard = new GateFixture(kit, GateFixture.UNLIMITED, 0).open();
    for (String data : List.of("a", "b", "c", "d")) {
      shard.store(data);
    }
    shard.kill();
    shard.store.corruptEvent(shard.persistenceId(), 3, 20); // the header of b
    shard.store.corruptEvent(shard.persistenceId(), 4, -1); // the data of c
    shard.store.corruptEvent(shard.persistenceId(), 5, 5); // the header of d, the newest
    shard.start();

    SequenceNumber next = shard.store("e");

    assertThat(next.counter()).isEqualTo(SequenceNumber.counter(6, 0));
    assertThat(data(shard.read(0))).containsExactly("a");
    for (long event : new long[] {3, 4, 5}) {
      assertFailed(shard.read(SequenceNumber.counter(event, 0)), Failed.Kind.CORRUPT);
    }
    assertThat(data(shard.read(next.counter()))).containsExactly("e");
  }

  @Test
  void lostEventIsReportedNotSkipped() {
    shard = new GateFixture(kit, GateFixture.UNLIMITED, 0).open();
    for (String data : List.of("a", "b", "c")) {
      shard.store(data);
    }
    shard.store.loseEvent(shard.persistenceId(), 3);

    assertThat(data(shard.read(0))).containsExactly("a");
    assertFailed(shard.read(SequenceNumber.counter(3, 0)), Failed.Kind.CORRUPT);
    assertThat(data(shard.read(SequenceNumber.counter(4, 0)))).containsExactly("c");
  }

  @Test
  void readThatTheStorageDoesNotAnswerIsUnavailableNotCorrupt() {
    shard = new GateFixture(kit, GateFixture.UNLIMITED, 0).open();
    shard.store("a");
    shard.store.fail(StorageStep.PAGE, new StorageFailed());

    assertFailed(shard.read(0), Failed.Kind.UNAVAILABLE);

    assertThat(shard.data()).containsExactly("a");
  }
}
