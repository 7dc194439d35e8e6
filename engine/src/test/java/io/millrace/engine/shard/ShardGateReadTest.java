package io.millrace.engine.shard;

import static io.millrace.engine.shard.GateFixture.MEBIBYTE;
import static io.millrace.engine.shard.GateFixture.data;
import static io.millrace.engine.shard.GateFixture.entry;
import static io.millrace.engine.shard.GateFixture.entryOf;
import static io.millrace.engine.shard.GateFixture.get;
import static io.millrace.engine.shard.GateFixture.stored;
import static io.millrace.engine.shard.ShardGateWriteTest.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardMessage.EraseReply;
import io.millrace.engine.shard.ShardMessage.Erased;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.Located;
import io.millrace.engine.shard.ShardMessage.ReadDone;
import io.millrace.engine.shard.ShardMessage.ReadReply;
import io.millrace.engine.shard.ShardMessage.ReadThrottled;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailClosedException;
import io.millrace.engine.tail.TailPage;
import io.millrace.engine.testing.InMemoryStore.Hold;
import io.millrace.engine.testing.InMemoryStore.StorageFailed;
import io.millrace.engine.testing.StorageStep;
import io.millrace.testkit.Awaits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ShardGateReadTest extends GateTest {

  /** Reads as limited as those of Kinesis, writes hardly. */
  private static final ShardSettings LIMITED =
      GateFixture.limited(new ShardLimits(1 << 30, 1_000_000, 2 << 20, 5));

  private ReadReply limited(long fromCounter) {
    return get(shard.askToRead(fromCounter, 10_000, 10 * MEBIBYTE, true));
  }

  @Test
  void fiveCallsASecondAndNoMore() {
    shard = new GateFixture(kit, LIMITED).open();
    shard.store("a");
    for (int i = 0; i < 5; i++) {
      assertThat(data(limited(0))).containsExactly("a");
    }
    assertThat(limited(0)).isEqualTo(new ReadThrottled());
    shard.clock.advance(Duration.ofNanos(199_999_999));
    assertThat(limited(0)).isEqualTo(new ReadThrottled());
    shard.clock.advance(Duration.ofNanos(1));
    assertThat(data(limited(0))).containsExactly("a");
    assertThat(limited(0)).isEqualTo(new ReadThrottled());
  }

  @Test
  void readThatIsNotLimitedCostsNothing() {
    shard = new GateFixture(kit, LIMITED).open();
    shard.store("a");
    for (int i = 0; i < 20; i++) {
      assertThat(shard.data()).containsExactly("a");
    }
    assertThat(data(limited(0))).containsExactly("a");
  }

  @Test
  void responseOfTenMebibytesClosesTheShardToReadersForFiveSeconds() {
    shard = new GateFixture(kit, LIMITED).open();
    assertThat(stored(shard.put(Collections.nCopies(10, entryOf(MEBIBYTE))))).hasSize(10);
    shard.clock.advance(Duration.ofSeconds(10));

    assertThat(data(limited(0))).hasSize(10);

    assertThat(limited(0)).isEqualTo(new ReadThrottled());
    shard.clock.advance(Duration.ofSeconds(5).minusNanos(1));
    assertThat(limited(0)).isEqualTo(new ReadThrottled());
    shard.clock.advance(Duration.ofNanos(1));
    assertThat(limited(0)).isInstanceOf(ReadDone.class);
  }

  @Test
  void readThatReturnsNothingOrFailsChargesNoBytes() {
    shard = new GateFixture(kit, LIMITED, 0).open();
    assertThat(stored(shard.put(entryOf(2 * MEBIBYTE)))).hasSize(1);
    shard.store.fail(StorageStep.PAGE, new StorageFailed());
    assertThat(limited(0)).isInstanceOf(ShardMessage.Failed.class);
    assertThat(data(limited(shard.latest()))).isEmpty();

    assertThat(data(limited(0))).hasSize(1);

    assertThat(limited(0)).isEqualTo(new ReadThrottled());
  }

  @Test
  void readsThatComeTogetherAreChargedOneAfterTheOther() {
    shard = new GateFixture(kit, LIMITED, 0).open();
    assertThat(stored(shard.put(entryOf(2 * MEBIBYTE)))).hasSize(1);
    Hold hold = shard.store.hold(StorageStep.PAGE);
    List<CompletableFuture<ReadReply>> reads = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      reads.add(shard.askToRead(0, 10, 10 * MEBIBYTE, true));
    }
    hold.awaitReached();
    ReadReply beyondTheQueue = get(shard.askToRead(0, 10, 10 * MEBIBYTE, true));
    assertThat(beyondTheQueue).isEqualTo(new ReadThrottled());
    assertThat(reads).noneMatch(CompletableFuture::isDone);

    hold.release();

    assertThat(data(get(reads.get(0)))).hasSize(1);
    for (CompletableFuture<ReadReply> read : reads.subList(1, 17)) {
      assertThat(get(read)).isEqualTo(new ReadThrottled());
    }
    assertThat(shard.store.count(StorageStep.PAGE)).isEqualTo(1);
  }

  @Test
  void readsAndWritesDoNotHoldEachOtherUp() {
    shard = new GateFixture(kit, LIMITED, 0).open();
    shard.store("a");
    Hold reading = shard.store.hold(StorageStep.PAGE);
    CompletableFuture<ReadReply> read = shard.askToRead(0, 10, 1000, true);
    reading.awaitReached();
    shard.store("b");
    assertThat(read).isNotDone();
    reading.release();
    assertThat(data(get(read))).containsExactly("a");

    Hold writing = shard.store.hold(StorageStep.WRITE);
    var put = shard.put(entry("c"));
    writing.awaitReached();
    assertThat(shard.data()).containsExactly("a", "b");
    writing.release();
    assertThat(stored(put)).hasSize(1);
  }

  @Test
  void latestIsWhereTheNextRecordGoes() {
    shard = new GateFixture(kit).open();
    shard.store("a");
    long latest = shard.latest();

    SequenceNumber next = shard.store("b");

    assertThat(next.counter()).isEqualTo(latest);
    assertThat(data(shard.read(latest))).containsExactly("b");
  }

  @Test
  void timeIsFoundToTheMillisecond() {
    shard = new GateFixture(kit).open();
    List<SequenceNumber> numbers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      shard.clock.advance(Duration.ofMillis(10));
      numbers.add(shard.store("r" + i));
    }
    long first = shard.clock.epochMillis() - 490;
    for (int i = 0; i < 50; i++) {
      long exact = ((Located) get(shard.askForTime(first + 10L * i))).counter();
      long after = ((Located) get(shard.askForTime(first + 10L * i + 1))).counter();
      assertThat(exact).isEqualTo(numbers.get(i).counter());
      assertThat(after).isEqualTo(i == 49 ? shard.latest() : numbers.get(i + 1).counter());
    }
  }

  @Test
  void readThatMeetsTheErasureIsToldThatTheShardIsGone() {
    shard = new GateFixture(kit, GateFixture.UNLIMITED, 0).open();
    shard.store("a");
    RecordTail tail = shard.tail();
    Hold hold = shard.store.hold(StorageStep.PAGE);
    CompletableFuture<ReadReply> read = shard.askToRead(0, 10, 1000, false);
    CompletableFuture<TailPage> page =
        tail.read(0, 10, 1000, GateFixture.RETENTION).toCompletableFuture();
    hold.awaitReached();
    assertThat(get(shard.askToErase())).isEqualTo(new Erased());

    hold.release();

    assertFailed(get(read), Failed.Kind.NOT_THERE);
    assertThat(Awaits.failureOf(page))
        .isInstanceOfSatisfying(
            TailClosedException.class, closed -> assertThat(closed.isErased()).isTrue());
  }

  @Test
  void readsGoOnUntilTheirEventsAreErased() {
    shard = new GateFixture(kit, GateFixture.UNLIMITED, 0).open();
    shard.store("a");
    Hold hold = shard.store.hold(StorageStep.ERASE);
    CompletableFuture<EraseReply> erased = shard.askToErase();
    hold.awaitReached();

    assertThat(shard.data()).containsExactly("a");
    hold.release();

    assertThat(get(erased)).isEqualTo(new Erased());
  }
}
