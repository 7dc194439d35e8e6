package io.millrace.engine.shard;

import static io.millrace.engine.shard.GateFixture.entry;
import static io.millrace.engine.shard.GateFixture.get;
import static io.millrace.engine.shard.GateFixture.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardMessage.Closed;
import io.millrace.engine.shard.ShardMessage.Forgotten;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Stored;
import io.millrace.engine.shard.ShardMessage.Unknown;
import io.millrace.engine.testing.InMemoryStore.Hold;
import io.millrace.engine.testing.InMemoryStore.StorageFailed;
import io.millrace.engine.testing.StorageStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A record that its producer has numbered is stored once, and every put of it is answered alike.
 */
class ShardGateProducerTest extends GateTest {

  private static final ProducerId PRODUCER = new ProducerId(1_767_225_600_000L, 42);

  @BeforeEach
  void openShard() {
    shard = new GateFixture(kit).open();
  }

  private static PutEntry numbered(long sequence, String data) {
    PutEntry plain = entry(data);
    return new PutEntry(
        plain.hashKey(),
        plain.partitionKey(),
        plain.data(),
        Optional.of(new ProducerSequence(PRODUCER, sequence)));
  }

  private static PutOutcome outcome(CompletableFuture<PutDone> put) {
    return get(put).outcomes().get(0);
  }

  private SequenceNumber storeNumbered(long sequence, String data) {
    while (true) {
      PutOutcome outcome = outcome(shard.put(numbered(sequence, data)));
      if (outcome instanceof Stored stored) {
        return stored.sequenceNumber();
      }
      assertThat(outcome).isInstanceOf(NotWritten.class);
    }
  }

  @Test
  void repeatIsAnsweredLikeTheFirstPut() {
    SequenceNumber first = storeNumbered(7, "a");
    shard.store("b");

    assertThat(storeNumbered(7, "a")).isEqualTo(first);
    assertThat(storeNumbered(7, "other data")).isEqualTo(first);

    assertThat(shard.data()).containsExactly("a", "b");
  }

  @Test
  void repeatsInOnePutAreOneRecord() {
    List<SequenceNumber> numbers =
        stored(shard.put(numbered(1, "a"), entry("b"), numbered(1, "a"), numbered(2, "c")));

    assertThat(numbers.get(2)).isEqualTo(numbers.get(0));
    assertThat(shard.data()).containsExactly("a", "b", "c");
  }

  @Test
  void repeatThatComesWhileTheFirstIsBeingWrittenIsOneRecord() {
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> first = shard.put(numbered(1, "a"));
    hold.awaitReached();
    CompletableFuture<PutDone> repeat = shard.put(numbered(1, "a"));
    CompletableFuture<PutDone> another = shard.put(numbered(1, "a"));
    shard.awaitTaken();

    hold.release();

    assertThat(stored(repeat)).isEqualTo(stored(first)).isEqualTo(stored(another));
    assertThat(shard.data()).containsExactly("a");
    assertThat(shard.eventNumbers()).containsExactly(1L, 2L);
  }

  @Test
  void repeatAfterAnUnknownOutcomeFindsWhatWasStored() {
    shard.store.fail(StorageStep.ACKNOWLEDGE, new StorageFailed());
    assertThat(outcome(shard.put(numbered(1, "a")))).isInstanceOf(Unknown.class);

    SequenceNumber repeat = storeNumbered(1, "a");

    assertThat(repeat.counter()).isEqualTo(SequenceNumber.counter(2, 0));
    assertThat(shard.data()).containsExactly("a");
  }

  @Test
  void repeatAfterAnUnknownOutcomeStoresWhatWasNot() {
    shard.store.fail(StorageStep.WRITE, new StorageFailed());
    assertThat(outcome(shard.put(numbered(1, "a")))).isInstanceOf(Unknown.class);

    storeNumbered(1, "a");

    assertThat(shard.data()).containsExactly("a");
  }

  @Test
  void repeatDuringRecoveryWaitsForWhatThatFinds() {
    Hold recovery = shard.store.hold(StorageStep.LOAD_SNAPSHOT);
    shard.store.fail(StorageStep.ACKNOWLEDGE, new StorageFailed());
    assertThat(outcome(shard.put(numbered(1, "a")))).isInstanceOf(Unknown.class);
    recovery.awaitReached();
    CompletableFuture<PutDone> repeat = shard.put(numbered(1, "a"));
    shard.awaitTaken();
    assertThat(repeat).isNotDone();

    recovery.release();

    assertThat(stored(repeat).get(0).counter()).isEqualTo(SequenceNumber.counter(2, 0));
    assertThat(shard.data()).containsExactly("a");
  }

  @Test
  void repeatsThatFailWithTheFirstAreToldTheSame() {
    shard.store.fail(StorageStep.WRITE, new StorageFailed());

    List<PutOutcome> outcomes = get(shard.put(numbered(1, "a"), numbered(1, "a"))).outcomes();

    assertThat(outcomes).hasSize(2).allMatch(Unknown.class::isInstance);
  }

  @Test
  void whatIsRememberedSurvivesRestartsWithAndWithoutSnapshot() {
    SequenceNumber first = storeNumbered(0, "first");
    shard.restart();
    assertThat(storeNumbered(0, "first")).isEqualTo(first);

    List<SequenceNumber> numbers = new ArrayList<>(List.of(first));
    for (int i = 1; i < 600; i++) {
      numbers.add(storeNumbered(i, "record " + i));
    }
    assertThat(shard.store.snapshotNumbers(shard.persistenceId())).isNotEmpty();
    shard.restart();

    for (int i = 0; i < 600; i += 37) {
      assertThat(storeNumbered(i, "again")).isEqualTo(numbers.get(i));
    }
    assertThat(shard.data()).hasSize(600);
  }

  @Test
  void whatIsRememberedOutlivesTheRecords() {
    SequenceNumber first = storeNumbered(1, "a");
    shard.clock.advance(Duration.ofHours(25));
    shard.trim();
    assertThat(shard.data()).isEmpty();
    shard.restart();

    assertThat(storeNumbered(1, "a")).isEqualTo(first);
    assertThat(shard.data()).isEmpty();
  }

  @Test
  void whatMayBeForgottenIsNeverStoredAgain() {
    int beyond = ProducerWindow.MOST_SEQUENCES + 10;
    for (int from = 0; from < beyond; from += 500) {
      List<PutEntry> entries = new ArrayList<>();
      for (int i = from; i < Math.min(beyond, from + 500); i++) {
        entries.add(numbered(i, "x"));
      }
      stored(shard.put(entries));
    }

    assertThat(outcome(shard.put(numbered(9, "x")))).isEqualTo(new Forgotten());
    assertThat(outcome(shard.put(numbered(beyond - ProducerWindow.SEQUENCES, "x"))))
        .isInstanceOf(Stored.class);
    shard.restart();
    assertThat(outcome(shard.put(numbered(9, "x")))).isEqualTo(new Forgotten());
    assertThat(shard.data()).hasSize(beyond);
  }

  @Test
  void damagedEventIsNoEarlierPut() {
    storeNumbered(1, "a");
    shard.store("b");
    shard.store.corruptEvent(shard.persistenceId(), 2, 60);
    shard.restart();

    SequenceNumber repeat = storeNumbered(1, "a");

    assertThat(repeat.counter()).isEqualTo(SequenceNumber.counter(4, 0));
  }

  @Test
  void closedShardTellsWhatItRemembersAndNeverAnotherThing() {
    storeNumbered(1, "a");

    Closed closed = (Closed) get(shard.askToClose());

    assertThat(closed.shardId()).isEqualTo(shard.address.shardId());
    ProducerWindows windows = ProducerWindowsFormat.read(closed.producers());
    assertThat(windows.find(new ProducerSequence(PRODUCER, 1))).isPresent();
    shard.restart();
    assertThat(get(shard.askToClose())).isEqualTo(closed);
  }

  @Test
  void recordsWithoutNumbersAreStoredAsEver() {
    shard.store("a");

    assertThat(shard.store.manifest(shard.persistenceId(), 2))
        .isEqualTo(ShardEventSerializer.RECORDS);
    assertThat(((Closed) get(shard.askToClose())).producers()).isEqualTo(Payload.EMPTY);
  }
}
