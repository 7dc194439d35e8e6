package io.millrace.engine.shard;

import static io.millrace.engine.shard.GateFixture.data;
import static io.millrace.engine.shard.GateFixture.entry;
import static io.millrace.engine.shard.GateFixture.get;
import static io.millrace.engine.shard.GateFixture.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardMessage.CloseReply;
import io.millrace.engine.shard.ShardMessage.Closed;
import io.millrace.engine.shard.ShardMessage.Erased;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.Located;
import io.millrace.engine.shard.ShardMessage.Moved;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.ReadDone;
import io.millrace.engine.shard.ShardMessage.Trimmed;
import io.millrace.engine.shard.ShardMessage.Unknown;
import io.millrace.engine.testing.InMemoryStore.Hold;
import io.millrace.engine.testing.InMemoryStore.ProvenNotWritten;
import io.millrace.engine.testing.InMemoryStore.StorageFailed;
import io.millrace.engine.testing.StorageStep;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ShardGateCloseTest extends GateTest {

  private static long closedMillis(CompletableFuture<CloseReply> closing) {
    assertThat(get(closing)).isInstanceOf(Closed.class);
    return ((Closed) get(closing)).closedMillis();
  }

  private PutOutcome put(String data) {
    return get(shard.put(entry(data))).outcomes().get(0);
  }

  private static void assertUnavailable(CompletableFuture<CloseReply> closing) {
    assertThat(get(closing))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.kind()).isEqualTo(Failed.Kind.UNAVAILABLE));
  }

  /** Asks until the shard has recovered. */
  private long closedAfterOutage() {
    for (int i = 0; i < 100_000; i++) {
      CompletableFuture<CloseReply> closing = shard.askToClose();
      if (get(closing) instanceof Closed) {
        return closedMillis(closing);
      }
      assertUnavailable(closing);
    }
    throw new AssertionError("the shard did not come back");
  }

  /** Puts until the shard has recovered. */
  private PutOutcome putAfterOutage(String data) {
    for (int i = 0; i < 100_000; i++) {
      PutOutcome outcome = put(data);
      if (!(outcome instanceof NotWritten)) {
        return outcome;
      }
    }
    throw new AssertionError("the shard did not come back");
  }

  // what is written and what is not

  @Test
  void whatWaitsIsWrittenFirstAndWhatComesLaterMoves() {
    shard = new GateFixture(kit).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> writing = shard.put(entry("a"));
    hold.awaitReached();
    CompletableFuture<PutDone> waiting = shard.put(entry("b"), entry("c"));
    CompletableFuture<CloseReply> closing = shard.askToClose();

    List<PutOutcome> late = get(shard.put(entry("d"), entry("e"))).outcomes();

    assertThat(late).containsExactly(new Moved(), new Moved());
    assertThat(closing).isNotDone();
    hold.release();
    assertThat(stored(writing)).hasSize(1);
    assertThat(stored(waiting)).hasSize(2);
    assertThat(closedMillis(closing)).isEqualTo(shard.clock.epochMillis());
    assertThat(put("f")).isEqualTo(new Moved());
    assertThat(shard.data()).containsExactly("a", "b", "c");
    assertThat(shard.eventNumbers()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void nothingThatArrivedIsLaterThanItsEnd() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    long arrival = shard.clock.epochMillis();
    shard.clock.jumpWall(Duration.ofHours(-1));

    assertThat(closedMillis(shard.askToClose())).isEqualTo(arrival);
  }

  @Test
  void closingAgainSaysTheSameAndWritesNothing() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    long closed = closedMillis(shard.askToClose());
    shard.clock.advance(Duration.ofHours(1));

    assertThat(closedMillis(shard.askToClose())).isEqualTo(closed);
    shard.restart();
    assertThat(closedMillis(shard.askToClose())).isEqualTo(closed);

    assertThat(shard.eventNumbers()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void everyoneWhoWantsItClosedIsAnsweredByOneEvent() {
    shard = new GateFixture(kit).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<CloseReply> first = shard.askToClose();
    hold.awaitReached();
    CompletableFuture<CloseReply> second = shard.askToClose();
    shard.awaitTaken();

    hold.release();

    assertThat(closedMillis(second)).isEqualTo(closedMillis(first));
    assertThat(shard.eventNumbers()).containsExactly(1L, 2L);
  }

  @Test
  void aShardThatWasNeverOpenedIsNotThere() {
    shard = new GateFixture(kit);

    assertThat(get(shard.askToClose()))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.kind()).isEqualTo(Failed.Kind.NOT_THERE));
  }

  // failures

  @Test
  void aCloseThatFailedLeavesTheShardTakingPuts() {
    staysOpenWhenClosingFailsBy(new StorageFailed());
  }

  @Test
  void aCloseThatCertainlyFailedLeavesTheShardTakingPuts() {
    staysOpenWhenClosingFailsBy(new ProvenNotWritten());
  }

  private void staysOpenWhenClosingFailsBy(RuntimeException failure) {
    shard = new GateFixture(kit).open();
    shard.store.fail(StorageStep.WRITE, failure);

    assertUnavailable(shard.askToClose());

    stored(putAfterOutage("a"));
    closedMillis(shard.askToClose());
    assertThat(shard.data()).containsExactly("a");
  }

  @Test
  void aCloseThatWasWrittenThoughItFailedHolds() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    long closed = shard.clock.epochMillis();
    shard.store.fail(StorageStep.ACKNOWLEDGE, new StorageFailed());

    assertUnavailable(shard.askToClose());
    shard.clock.advance(Duration.ofHours(1));

    assertThat(putAfterOutage("b")).isEqualTo(new Moved());
    assertThat(closedMillis(shard.askToClose())).isEqualTo(closed);
    assertThat(shard.data()).containsExactly("a");
  }

  @Test
  void aCloseBehindAWriteThatFailsFailsToo() {
    shard = new GateFixture(kit).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> writing = shard.put(entry("a"));
    hold.awaitReached();
    CompletableFuture<PutDone> waiting = shard.put(entry("b"));
    CompletableFuture<CloseReply> closing = shard.askToClose();
    shard.awaitTaken();
    shard.store.fail(StorageStep.WRITE, new StorageFailed());

    hold.release();

    assertThat(get(writing).outcomes().get(0)).isInstanceOf(Unknown.class);
    assertThat(get(waiting).outcomes().get(0)).isInstanceOf(NotWritten.class);
    assertUnavailable(closing);
    stored(putAfterOutage("c"));
    assertThat(shard.data()).containsExactly("c");
  }

  @Test
  void putsDuringTheRecoveryOfAClosedShardMove() {
    shard = new GateFixture(kit).open();
    SequenceNumber last = shard.store("a");
    closedMillis(shard.askToClose());
    shard.kill();
    Hold hold = shard.store.hold(StorageStep.REPLAY);
    shard.start();
    CompletableFuture<PutDone> plain = shard.put(entry("b"), entry("c"));
    CompletableFuture<PutDone> ordered =
        shard.put(List.of(entry("d")), false, OptionalLong.of(last.counter()));
    hold.awaitReached();

    hold.release();

    assertThat(get(plain).outcomes()).containsExactly(new Moved(), new Moved());
    assertThat(get(ordered).outcomes()).containsExactly(new Moved());
    assertThat(shard.data()).containsExactly("a");
  }

  @Test
  void aCloseDuringRecoveryWaitsForIt() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    shard.kill();
    Hold hold = shard.store.hold(StorageStep.REPLAY);
    shard.start();
    CompletableFuture<PutDone> before = shard.put(entry("b"));
    CompletableFuture<CloseReply> closing = shard.askToClose();
    hold.awaitReached();

    hold.release();

    closedMillis(closing);
    assertThat(stored(before)).hasSize(1);
    assertThat(shard.data()).containsExactly("a", "b");
  }

  // readers

  @Test
  void readersComeToItsEnd() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    shard.store("b");
    assertThat(((ReadDone) shard.read(0)).atShardEnd()).isFalse();
    closedMillis(shard.askToClose());

    for (int life = 0; life < 2; life++) {
      ReadDone all = (ReadDone) shard.read(0);
      assertThat(data(all)).containsExactly("a", "b");
      assertThat(all.atShardEnd()).isTrue();
      assertThat(all.millisBehindLatest()).isZero();
      ReadDone one = (ReadDone) get(shard.askToRead(0, 1, 1 << 20, false));
      assertThat(data(one)).containsExactly("a");
      assertThat(one.atShardEnd()).isFalse();
      for (long end : new long[] {all.nextCounter(), shard.latest(), located(Long.MAX_VALUE)}) {
        ReadDone none = (ReadDone) shard.read(end);
        assertThat(none.records()).isEmpty();
        assertThat(none.atShardEnd()).isTrue();
      }
      shard.restart();
    }
  }

  private long located(long epochMillis) {
    return ((Located) get(shard.askForTime(epochMillis))).counter();
  }

  @Test
  void expiredRecordsOfAClosedShardAreTrimmedAndItStaysClosed() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    long closed = closedMillis(shard.askToClose());
    shard.clock.advance(Duration.ofHours(25));

    assertThat(((Trimmed) shard.trim()).deletedEvents()).isPositive();

    for (int life = 0; life < 2; life++) {
      ReadDone none = (ReadDone) shard.read(0);
      assertThat(none.records()).isEmpty();
      assertThat(none.atShardEnd()).isTrue();
      assertThat(put("b")).isEqualTo(new Moved());
      assertThat(closedMillis(shard.askToClose())).isEqualTo(closed);
      shard.restart();
    }
  }

  // other ends

  @Test
  void aDrainingShardIsClosedBeforeItStops() {
    shard = new GateFixture(kit).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> writing = shard.put(entry("a"));
    hold.awaitReached();
    CompletableFuture<PutDone> waiting = shard.put(entry("b"));
    shard.gate().tell(ShardGate.Drain.NOW);
    CompletableFuture<CloseReply> closing = shard.askToClose();
    assertThat(put("c")).isInstanceOf(NotWritten.class);

    hold.release();

    assertThat(stored(writing)).hasSize(1);
    assertThat(stored(waiting)).hasSize(1);
    long closed = closedMillis(closing);
    shard.awaitStopped();
    shard.start();
    assertThat(put("d")).isEqualTo(new Moved());
    assertThat(closedMillis(shard.askToClose())).isEqualTo(closed);
    assertThat(shard.data()).containsExactly("a", "b");
  }

  @Test
  void aCloseThatFailsWhileDrainingIsAnswered() {
    shard = new GateFixture(kit).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<CloseReply> closing = shard.askToClose();
    hold.awaitReached();
    shard.gate().tell(ShardGate.Drain.NOW);
    shard.awaitTaken();
    shard.store.fail(StorageStep.WRITE, new StorageFailed());

    hold.release();

    assertUnavailable(closing);
    shard.awaitStopped();
    shard.start();
    stored(putAfterOutage("a"));
  }

  @Test
  void whoWaitsForTheEndIsAnsweredWhenTheShardIsErased() {
    shard = new GateFixture(kit).open();
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<CloseReply> closing = shard.askToClose();
    hold.awaitReached();
    Hold erasure = shard.store.hold(StorageStep.ERASE);
    var erasing = shard.askToErase();
    shard.awaitTaken();

    hold.release();
    erasure.release();

    assertThat(get(erasing)).isEqualTo(new Erased());
    assertThat(get(closing))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.kind()).isEqualTo(Failed.Kind.NOT_THERE));
  }

  @Test
  void aShardThatStartedAgainAfterAFailureIsClosed() {
    shard = new GateFixture(kit).open();
    shard.store.fail(StorageStep.WRITE, new StorageFailed());
    assertThat(put("a")).isInstanceOf(Unknown.class);

    closedAfterOutage();

    assertThat(put("b")).isEqualTo(new Moved());
    assertThat(shard.data()).isEmpty();
  }
}
