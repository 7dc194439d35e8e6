package io.millrace.engine.shard;

import static io.millrace.engine.shard.GateFixture.MEBIBYTE;
import static io.millrace.engine.shard.GateFixture.entry;
import static io.millrace.engine.shard.GateFixture.entryOf;
import static io.millrace.engine.shard.GateFixture.get;
import static io.millrace.engine.shard.GateFixture.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardMessage.Erased;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Refused;
import io.millrace.engine.shard.ShardMessage.Stored;
import io.millrace.engine.shard.ShardMessage.Throttled;
import io.millrace.engine.testing.InMemoryStore.Hold;
import io.millrace.engine.testing.StorageStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardGateWriteTest extends GateTest {

  // group commit

  @Test
  void loneRecordIsOneEventAtOnce() {
    shard = new GateFixture(kit).open();

    SequenceNumber first = shard.store("a");
    SequenceNumber second = shard.store("b");

    assertThat(first.counter()).isEqualTo(SequenceNumber.counter(2, 0));
    assertThat(second.counter()).isEqualTo(SequenceNumber.counter(3, 0));
    assertThat(first.shardIndex()).isEqualTo(2);
    assertThat(first.putSeconds()).isEqualTo(shard.clock.epochMillis() / 1000);
    assertThat(shard.data()).containsExactly("a", "b");
  }

  @Test
  void putsThatComeDuringAWriteAreOneEventAfterIt() {
    shard = new GateFixture(kit).open();
    List<CompletableFuture<PutDone>> puts = new ArrayList<>();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    puts.add(shard.put(entry("first")));
    hold.awaitReached();
    for (int i = 0; i < 100; i++) {
      puts.add(shard.put(entry("a" + i), entry("b" + i)));
    }
    shard.awaitTaken();
    assertThat(puts).noneMatch(CompletableFuture::isDone);

    hold.release();

    List<SequenceNumber> numbers = new ArrayList<>();
    puts.forEach(put -> numbers.addAll(stored(put)));
    assertThat(recordCounts()).containsExactly(0, 1, 200);
    assertThat(shard.store.count(StorageStep.WRITE)).isEqualTo(3);
    assertThat(numbers).hasSize(201).isSorted().doesNotHaveDuplicates();
    assertThat(shard.data()).startsWith("first", "a0", "b0", "a1").endsWith("b99").hasSize(201);
  }

  @Test
  void putsThatWaitForOthersInVainAreWrittenWhenTheWaitIsOver() {
    shard = new GateFixture(kit).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> first = shard.put(entry("a"));
    hold.awaitReached();
    CompletableFuture<PutDone> second = shard.put(entry("b"));
    shard.awaitTaken();
    // The next write waits as long for the first caller to come back; and this clock stands.
    shard.clock.advance(Duration.ofMillis(10));

    hold.release();

    assertThat(stored(first)).hasSize(1);
    assertThat(stored(second)).hasSize(1);
    assertThat(shard.data()).containsExactly("a", "b");
  }

  @Test
  void eventHoldsNoMoreThanItsRecords() {
    shard = new GateFixture(kit, GateFixture.batches(512 << 10, 10, 20_000)).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> first = shard.put(entry("x"));
    hold.awaitReached();
    List<PutEntry> entries = IntStream.range(0, 25).mapToObj(i -> entry("" + i)).toList();
    CompletableFuture<PutDone> many = shard.put(entries);
    shard.awaitTaken();

    hold.release();

    assertThat(stored(first)).hasSize(1);
    assertThat(stored(many)).hasSize(25).isSorted().doesNotHaveDuplicates();
    assertThat(recordCounts()).containsExactly(0, 1, 10, 10, 5);
  }

  @Test
  void eventHoldsItsBytesAndAQuarterMoreOfOnePutOrOneLargerRecordAlone() {
    shard = new GateFixture(kit, GateFixture.batches(1000, 8192, 20_000)).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> first = shard.put(entry("x"));
    hold.awaitReached();
    CompletableFuture<PutDone> many =
        shard.put(
            entryOf(400), entryOf(850), entryOf(1), entryOf(5000), entryOf(999), entryOf(252));
    shard.awaitTaken();

    hold.release();

    assertThat(stored(first)).hasSize(1);
    assertThat(stored(many)).hasSize(6).isSorted();
    assertThat(recordCounts()).containsExactly(0, 1, 2, 1, 1, 1, 1);
  }

  @Test
  void largestRecordIsStoredAndReadBack() {
    shard = new GateFixture(kit).open();
    PutEntry large = entryOf(10 * MEBIBYTE);

    assertThat(stored(shard.put(large))).hasSize(1);

    var reply = (ShardMessage.ReadDone) shard.read(0);
    assertThat(reply.records()).hasSize(1);
    assertThat(reply.records().get(0).data()).isEqualTo(large.data());
  }

  // bounds

  @Test
  void fullQueueThrottlesAtOnceAndLosesNothing() {
    shard = new GateFixture(kit, GateFixture.batches(512 << 10, 8192, 500)).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> writing = shard.put(entry("w"));
    hold.awaitReached();
    CompletableFuture<PutDone> queued = shard.put(Collections.nCopies(499, entry("q")));

    CompletableFuture<PutDone> partly = shard.put(entry("fits"), entry("over"), entry("over"));
    List<PutOutcome> throttled = get(shard.put(entry("over"))).outcomes();

    assertThat(throttled.get(0)).isInstanceOf(Throttled.class);
    assertThat(((Throttled) throttled.get(0)).retryAfterMillis()).isPositive();
    assertThat(((Throttled) throttled.get(0)).shardId()).isEqualTo(shard.address.shardId());
    assertThat(queued).isNotDone();
    hold.release();
    assertThat(stored(writing)).hasSize(1);
    assertThat(stored(queued)).hasSize(499);
    assertThat(get(partly).outcomes().get(0)).isInstanceOf(Stored.class);
    assertThat(get(partly).outcomes().subList(1, 3))
        .allMatch(outcome -> outcome instanceof Throttled);
    assertThat(shard.data())
        .hasSize(501)
        .containsOnlyOnce("w", "fits")
        .doesNotContain("over")
        .contains("q");
    // There is room again.
    assertThat(stored(shard.put(Collections.nCopies(500, entry("r"))))).hasSize(500);
  }

  @Test
  void queueIsBoundedInBytesAndHoldsTheLargestRequest() {
    shard = new GateFixture(kit, GateFixture.batches(512 << 10, 8192, 500)).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> writing = shard.put(entry("w"));
    hold.awaitReached();

    CompletableFuture<PutDone> largest = shard.put(Collections.nCopies(10, entryOf(MEBIBYTE)));
    List<PutOutcome> over = get(shard.put(entryOf(1))).outcomes();

    assertThat(over).allMatch(outcome -> outcome instanceof Throttled);
    hold.release();
    assertThat(stored(writing)).hasSize(1);
    assertThat(stored(largest)).hasSize(10).isSorted();
    assertThat(stored(shard.put(entryOf(1)))).hasSize(1);
  }

  // limits

  @Test
  void outcomesStandInTheOrderOfTheRequest() {
    shard = new GateFixture(kit, GateFixture.limited(ShardLimits.KINESIS)).open();

    List<PutOutcome> outcomes =
        get(shard.put(entryOf(MEBIBYTE - 10), entryOf(11), entryOf(4), entryOf(7), entryOf(6)))
            .outcomes();

    assertThat(outcomes.stream().map(outcome -> outcome instanceof Stored))
        .containsExactly(true, false, true, false, true);
    assertThat(outcomes.get(1)).isInstanceOf(Throttled.class);
    assertThat(stored(outcomes.get(0))).isLessThan(stored(outcomes.get(2)));
    assertThat(stored(outcomes.get(2))).isLessThan(stored(outcomes.get(4)));
  }

  @Test
  void putInOrderStoresNothingBehindTheFirstThrottledRecord() {
    shard = new GateFixture(kit, GateFixture.limited(ShardLimits.KINESIS)).open();

    List<PutOutcome> outcomes =
        get(shard.put(
                List.of(entryOf(MEBIBYTE - 10), entryOf(11), entryOf(4), entryOf(1)),
                true,
                OptionalLong.empty()))
            .outcomes();

    assertThat(outcomes.get(0)).isInstanceOf(Stored.class);
    assertThat(outcomes.subList(1, 4)).allMatch(outcome -> outcome instanceof Throttled);
    // What was refused for order's sake has cost nothing.
    assertThat(stored(shard.put(entryOf(10)))).hasSize(1);
  }

  @Test
  void recordsOfASecondAreAThousandAndRefill() {
    shard = new GateFixture(kit, GateFixture.limited(ShardLimits.KINESIS)).open();
    assertThat(stored(shard.put(Collections.nCopies(500, entryOf(1))))).hasSize(500);
    assertThat(stored(shard.put(Collections.nCopies(500, entryOf(1))))).hasSize(500);

    PutOutcome over = get(shard.put(entryOf(1))).outcomes().get(0);

    assertThat(over).isEqualTo(new Throttled(shard.address.shardId(), 2));
    shard.clock.advance(Duration.ofMillis(1));
    assertThat(get(shard.put(entryOf(1), entryOf(1))).outcomes())
        .hasAtLeastOneElementOfType(Stored.class)
        .hasAtLeastOneElementOfType(Throttled.class);
  }

  @Test
  void wallClockThatJumpsBuysNobodyAnything() {
    shard = new GateFixture(kit, GateFixture.limited(ShardLimits.KINESIS)).open();
    assertThat(stored(shard.put(entryOf(MEBIBYTE)))).hasSize(1);

    shard.clock.jumpWall(Duration.ofDays(1));

    assertThat(get(shard.put(entryOf(1))).outcomes().get(0)).isInstanceOf(Throttled.class);
  }

  // ordering

  @Test
  void recordOrderedAfterAnotherGetsALargerNumber() {
    shard = new GateFixture(kit).open();
    SequenceNumber first = shard.store("a");

    List<SequenceNumber> second =
        stored(shard.put(List.of(entry("b")), false, OptionalLong.of(first.counter())));

    assertThat(second.get(0)).isGreaterThan(first);
  }

  @Test
  void orderingNumberThatLiesInTheFutureIsRefused() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    long future = SequenceNumber.counter(3, 0);

    assertThat(
            get(shard.put(List.of(entry("b")), false, OptionalLong.of(future))).outcomes().get(0))
        .isInstanceOf(Refused.class);
    assertThat(stored(shard.put(List.of(entry("b")), false, OptionalLong.of(future - 1))))
        .hasSize(1);
  }

  @Test
  void orderedPutWaitsForTheFirstRecovery() {
    shard = new GateFixture(kit).open();
    SequenceNumber first = shard.store("a");
    shard.kill();
    Hold hold = shard.store.hold(StorageStep.REPLAY);
    shard.start();
    CompletableFuture<PutDone> put =
        shard.put(List.of(entry("b")), false, OptionalLong.of(first.counter()));
    hold.awaitReached();
    assertThat(put).isNotDone();

    hold.release();

    assertThat(stored(put).get(0)).isGreaterThan(first);
  }

  // opening and the end

  @Test
  void shardThatWasNeverOpenedHasNothing() {
    shard = new GateFixture(kit);

    assertThat(get(shard.put(entry("a"))).outcomes().get(0)).isInstanceOf(NotWritten.class);
    assertFailed(shard.read(0), Failed.Kind.NOT_THERE);
    assertFailed(get(shard.askForLatest()), Failed.Kind.NOT_THERE);
    assertFailed(get(shard.askForTime(0)), Failed.Kind.NOT_THERE);
    assertFailed(get(shard.askToTrim()), Failed.Kind.NOT_THERE);
    assertThat(shard.eventNumbers()).isEmpty();
  }

  @Test
  void openingTwiceOpensOnce() {
    shard = new GateFixture(kit);
    Hold hold = shard.store.hold(StorageStep.WRITE);
    var first = shard.askToOpen();
    hold.awaitReached();
    var second = shard.askToOpen();
    hold.release();

    assertThat(get(first)).isEqualTo(new ShardMessage.Opened());
    assertThat(get(second)).isEqualTo(new ShardMessage.Opened());
    shard.open();
    shard.restart();
    shard.open();
    assertThat(shard.eventNumbers()).containsExactly(1L);
  }

  @Test
  void closingWritesWhatWaits() {
    shard = new GateFixture(kit, GateFixture.batches(512 << 10, 1, 500)).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> writing = shard.put(entry("a"));
    hold.awaitReached();
    CompletableFuture<PutDone> waiting = shard.put(entry("b"), entry("c"));
    shard.gate().tell(ShardGate.Drain.NOW);
    CompletableFuture<PutDone> late = shard.put(entry("d"));

    assertThat(get(late).outcomes().get(0)).isInstanceOf(NotWritten.class);
    hold.release();

    assertThat(stored(writing)).hasSize(1);
    assertThat(stored(waiting)).hasSize(2);
    shard.awaitStopped();
    assertThat(shard.eventNumbers()).hasSize(4);
    assertThat(shard.windows.usedBytes()).isZero();
  }

  @Test
  void closingIdleShardStopsIt() {
    shard = new GateFixture(kit).open();
    shard.gate().tell(ShardGate.Drain.NOW);
    shard.awaitStopped();
  }

  @Test
  void closingShardThatWasNeverOpenedStopsIt() {
    shard = new GateFixture(kit);
    assertFailed(shard.read(0), Failed.Kind.NOT_THERE);
    shard.gate().tell(ShardGate.Drain.NOW);
    shard.awaitStopped();
  }

  @Test
  void closingDuringTheFirstRecoveryWritesWhatWaits() {
    shard = new GateFixture(kit).open();
    shard.kill();
    Hold hold = shard.store.hold(StorageStep.REPLAY);
    shard.start();
    CompletableFuture<PutDone> waiting = shard.put(entry("a"));
    hold.awaitReached();
    shard.gate().tell(ShardGate.Drain.NOW);
    hold.release();

    assertThat(stored(waiting)).hasSize(1);
    shard.awaitStopped();
  }

  @Test
  void closingDuringAnOutageStopsAtOnce() {
    shard = new GateFixture(kit, GateFixture.pausing(Duration.ofHours(1))).open();
    shard.store.fail(
        StorageStep.WRITE, new io.millrace.engine.testing.InMemoryStore.StorageFailed());
    get(shard.put(entry("a")));
    shard.gate().tell(ShardGate.Drain.NOW);
    shard.awaitStopped();
  }

  @Test
  void erasedShardLeavesNothing() {
    shard = new GateFixture(kit, GateFixture.pausing(Duration.ofMillis(1))).open();
    for (int i = 0; i < 10; i++) {
      shard.store("a" + i);
    }
    Hold hold = shard.store.hold(StorageStep.ERASE);
    CompletableFuture<ShardMessage.EraseReply> erased = shard.askToErase();
    CompletableFuture<ShardMessage.EraseReply> again = shard.askToErase();
    hold.release();

    assertThat(get(erased)).isEqualTo(new Erased());
    assertThat(get(again)).isEqualTo(new Erased());
    shard.awaitStopped();
    assertThat(shard.store.persistenceIds()).isEmpty();
    // Steps of 3: the rest in one more, and one to see that nothing is left.
    assertThat(shard.store.count(StorageStep.ERASE)).isEqualTo(5);
    assertThat(shard.windows.usedBytes()).isZero();
  }

  @Test
  void erasingAnswersWhoWaitsForAWrite() {
    shard = new GateFixture(kit).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> writing = shard.put(entry("a"));
    hold.awaitReached();
    CompletableFuture<PutDone> waiting = shard.put(entry("b"));
    CompletableFuture<ShardMessage.EraseReply> erased = shard.askToErase();

    assertThat(get(waiting).outcomes().get(0)).isInstanceOf(NotWritten.class);
    assertThat(get(writing).outcomes().get(0)).isInstanceOf(ShardMessage.Unknown.class);
    assertThat(get(erased)).isEqualTo(new Erased());
    hold.release();
  }

  @Test
  void eraseThatFailsSaysSoAndIsRepeated() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    shard.store.fail(
        StorageStep.ERASE, new io.millrace.engine.testing.InMemoryStore.StorageFailed());

    assertFailed(get(shard.askToErase()), Failed.Kind.UNAVAILABLE);
    shard.awaitStopped();
    shard.start();

    assertThat(get(shard.askToErase())).isEqualTo(new Erased());
    assertThat(shard.store.persistenceIds()).isEmpty();
  }

  @Test
  void erasingWhatWasNeverThereSucceeds() {
    shard = new GateFixture(kit);
    assertThat(get(shard.askToErase())).isEqualTo(new Erased());
  }

  static void assertFailed(Object reply, Failed.Kind kind) {
    assertThat(reply)
        .isInstanceOfSatisfying(Failed.class, failed -> assertThat(failed.kind()).isEqualTo(kind));
  }

  /** How many records each stored event has, in order. */
  private List<Integer> recordCounts() {
    return shard.store.rows(shard.persistenceId()).stream()
        .map(row -> Frame.readHeader(row.payload()))
        .map(header -> RecordBatch.isBatch(header) ? header.recordCount() : 0)
        .toList();
  }
}
