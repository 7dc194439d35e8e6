package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.junit.jupiter.api.Test;

/** What every way of retrieving the records of a shard has in common. */
public abstract class RetrievalContract extends StreamClientContract {

  private static final ShardId FIRST = new ShardId(0);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** The way that is tested. */
  protected abstract Retrieval retrieval(Millrace engine);

  private TestSubscriber.Probe<ShardRecords> retrieve(StartingPosition from) {
    return retrieve(FIRST, from);
  }

  private TestSubscriber.Probe<ShardRecords> retrieve(ShardId shardId, StartingPosition from) {
    return retrieval(engine())
        .records("orders", shardId, from)
        .runWith(TestSink.create(engine().system()), engine().system());
  }

  private static ShardRecords next(TestSubscriber.Probe<ShardRecords> probe) {
    probe.request(1);
    return probe.expectNext(PATIENCE);
  }

  /** Asks until so many records have come. */
  private static List<ShardRecords> nextRecords(
      TestSubscriber.Probe<ShardRecords> probe, int count) {
    List<ShardRecords> batches = new ArrayList<>();
    while (recordsOf(batches) < count) {
      batches.add(next(probe));
    }
    assertThat(recordsOf(batches)).isEqualTo(count);
    return batches;
  }

  private static int recordsOf(List<ShardRecords> batches) {
    return batches.stream().mapToInt(batch -> batch.records().size()).sum();
  }

  private static List<String> textsOf(List<ShardRecords> batches) {
    return batches.stream().flatMap(batch -> texts(batch.records()).stream()).toList();
  }

  private List<String> putNumbered(int from, int to) {
    List<String> texts = IntStream.range(from, to).mapToObj(Integer::toString).toList();
    texts.forEach(text -> put("orders", text));
    return texts;
  }

  private void split() {
    get(
        client()
            .splitShard(
                SplitShardRequest.of("orders", SHARD_0, HashKeyRange.FULL.midpoint().toString())));
    get(engine().awaitActive("orders"));
  }

  @Test
  void retrievesHistoryAndThenWhatIsPut() {
    create("orders", 1);
    List<String> expected = new ArrayList<>(putNumbered(0, 5));
    TestSubscriber.Probe<ShardRecords> probe = retrieve(StartingPosition.trimHorizon());
    List<ShardRecords> batches = new ArrayList<>(nextRecords(probe, 5));

    expected.addAll(putNumbered(5, 8));
    batches.addAll(nextRecords(probe, 3));
    probe.cancel();

    assertThat(textsOf(batches)).isEqualTo(expected);
    assertThat(batches).allSatisfy(batch -> assertThat(batch.shardId()).isEqualTo(FIRST));
    assertThat(batches.get(batches.size() - 1).millisBehindLatest()).isZero();
  }

  @Test
  void goesOnAfterAnyContinuationWithoutGapOrRepeat() {
    create("orders", 1);
    putNumbered(0, 3);
    TestSubscriber.Probe<ShardRecords> first = retrieve(StartingPosition.trimHorizon());
    List<ShardRecords> read = nextRecords(first, 3);
    first.cancel();
    List<String> later = putNumbered(3, 6);

    SequenceNumber continuation = read.get(read.size() - 1).continuation().orElseThrow();
    TestSubscriber.Probe<ShardRecords> second =
        retrieve(StartingPosition.afterSequenceNumber(continuation));
    List<ShardRecords> more = nextRecords(second, 3);
    second.cancel();

    assertThat(continuation)
        .isGreaterThanOrEqualTo(
            read.get(read.size() - 1)
                .records()
                .get(read.get(read.size() - 1).records().size() - 1)
                .sequenceNumber());
    assertThat(textsOf(more)).isEqualTo(later);
  }

  @Test
  void beginsAtANumberOrATime() {
    create("orders", 1);
    put("orders", "a");
    clock.advance(Duration.ofSeconds(1));
    SequenceNumber second = put("orders", "b");
    put("orders", "c");

    for (StartingPosition from :
        List.of(StartingPosition.atSequenceNumber(second), StartingPosition.atTimestamp(now()))) {
      TestSubscriber.Probe<ShardRecords> probe = retrieve(from);
      assertThat(textsOf(nextRecords(probe, 2))).as(from.toString()).containsExactly("b", "c");
      probe.cancel();
    }
  }

  @Test
  void endsWithTheChildrenOfAClosedShard() {
    create("orders", 1);
    List<String> expected = putNumbered(0, 3);
    TestSubscriber.Probe<ShardRecords> probe = retrieve(StartingPosition.trimHorizon());
    List<ShardRecords> batches = new ArrayList<>(nextRecords(probe, 3));

    split();
    do {
      batches.add(next(probe));
    } while (!batches.get(batches.size() - 1).isAtShardEnd());
    probe.expectComplete();

    assertThat(textsOf(batches)).isEqualTo(expected);
    ShardRecords last = batches.get(batches.size() - 1);
    assertThat(last.continuation()).isEmpty();
    assertThat(last.childShards())
        .extracting(child -> child.shardId().index())
        .containsExactly(1, 2);
  }

  @Test
  void reachesTheEndOfAShardThatIsClosedAlready() {
    create("orders", 1);
    putNumbered(0, 2);
    split();

    TestSubscriber.Probe<ShardRecords> probe = retrieve(StartingPosition.latest());
    List<ShardRecords> batches = new ArrayList<>();
    do {
      batches.add(next(probe));
    } while (!batches.get(batches.size() - 1).isAtShardEnd());
    probe.expectComplete();

    assertThat(textsOf(batches)).isEmpty();
  }

  @Test
  void failsWhenThereIsNoSuchShard() {
    create("orders", 1);

    Throwable failure =
        retrieve(new ShardId(7), StartingPosition.trimHorizon()).expectSubscriptionAndError();

    assertThat(failure).isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void failsWhenTheNumberIsNotOfTheShard() {
    create("orders", 1);
    SequenceNumber foreign = SequenceNumber.first(12345, 0);

    Throwable failure =
        retrieve(StartingPosition.afterSequenceNumber(foreign)).expectSubscriptionAndError();

    assertThat(failure).isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void failsWhenTheStreamGoes() {
    create("orders", 1);
    TestSubscriber.Probe<ShardRecords> probe = retrieve(StartingPosition.trimHorizon());
    put("orders", "a");
    nextRecords(probe, 1);

    delete("orders");
    probe.request(1);

    assertThat(probe.expectError()).isInstanceOf(ResourceNotFoundException.class);
  }
}
