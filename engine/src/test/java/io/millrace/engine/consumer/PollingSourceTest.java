package io.millrace.engine.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.ChildShard;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.shard.ShardAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PollingSourceTest {

  private static final ShardId SHARD = new ShardId(0);
  private static final ShardAddress ADDRESS = new ShardAddress(new StreamName("orders"), 1, SHARD);
  private static final ShardPlace START = new ShardPlace(ADDRESS, 1, 0);
  private static final PollingPace PACE =
      new PollingPace(
          Duration.ofMillis(200),
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          Duration.ofMillis(400));

  private static final ShardRecords END =
      new ShardRecords(
          SHARD,
          List.of(),
          Optional.empty(),
          0,
          List.of(new ChildShard(new ShardId(1), List.of(SHARD), HashKeyRange.FULL)));

  private static ActorTestKit kit;
  private static ManualTime time;

  /** One read that waits for its answer. */
  private record Poll(ShardPlace place, CompletableFuture<PlacedRecords> answer) {}

  private final BlockingQueue<Poll> polls = new LinkedBlockingQueue<>();
  private final BlockingQueue<CompletableFuture<ShardPlace>> searches = new LinkedBlockingQueue<>();
  private final TestSubscriber.Probe<ShardRecords> probe =
      Source.fromGraph(
              new PollingSource(
                  () -> {
                    CompletableFuture<ShardPlace> search = new CompletableFuture<>();
                    searches.add(search);
                    return search;
                  },
                  (place, limit) -> {
                    Poll poll = new Poll(place, new CompletableFuture<>());
                    polls.add(poll);
                    return poll.answer();
                  },
                  PACE,
                  new Random(1)))
          .runWith(TestSink.create(kit.system()), kit.system());

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create(ManualTime.config());
    time = ManualTime.get(kit.system());
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  private static <T> T next(BlockingQueue<T> queue) {
    try {
      T next = queue.poll(1, TimeUnit.MINUTES);
      assertThat(next).as("what was waited for").isNotNull();
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void located() {
    next(searches).complete(START);
  }

  private static PlacedRecords records(int count, long nextCounter, long millisBehindLatest) {
    ShardPlace next = START.at(nextCounter);
    Record record =
        new Record(
            new SequenceNumber(1, nextCounter - 1, 1, 0), Instant.EPOCH, Payload.EMPTY, "key");
    List<Record> records = Collections.nCopies(count, record);
    return new PlacedRecords(
        new ShardRecords(
            SHARD, records, Optional.of(next.continuation(records)), millisBehindLatest, List.of()),
        next);
  }

  @Test
  void readsNothingThatNobodyAskedFor() {
    located();
    probe.request(1);
    Poll first = next(polls);
    first.answer().complete(records(1, 10, 0));
    probe.expectNext();

    time.timePasses(Duration.ofMinutes(1));
    assertThat(polls).isEmpty();

    probe.request(1);
    assertThat(next(polls).place().counter()).isEqualTo(10);
    probe.cancel();
  }

  @Test
  void readsOneElementAheadWhileItIsBehindAndNoMore() {
    located();
    probe.request(1);
    PlacedRecords first = records(1, 10, 5);
    next(polls).answer().complete(first);
    probe.expectNext(first.records());

    Poll ahead = awaitPoll();
    assertThat(ahead.place().counter()).isEqualTo(10);
    PlacedRecords second = records(1, 20, 5);
    ahead.answer().complete(second);
    time.timePasses(Duration.ofMinutes(1));
    assertThat(polls).isEmpty();

    probe.request(1);
    probe.expectNext(second.records());
    assertThat(awaitPoll().place().counter()).isEqualTo(20);
    probe.cancel();
  }

  @Test
  void completesAfterAnEndThatWasReadAhead() {
    located();
    probe.request(1);
    PlacedRecords last = records(1, 10, 5);
    next(polls).answer().complete(last);
    probe.expectNext(last.records());
    awaitPoll().answer().complete(new PlacedRecords(END, START));

    probe.request(1);
    probe.expectNext(END);
    probe.expectComplete();
  }

  @Test
  void pausesShortlyWhileBehindAndLongerAtTheEnd() {
    located();
    probe.request(3);
    next(polls).answer().complete(records(1, 10, 5));
    probe.expectNext();

    time.timePasses(Duration.ofMillis(199));
    assertThat(polls).isEmpty();
    time.timePasses(Duration.ofMillis(1));
    next(polls).answer().complete(records(1, 20, 0));
    probe.expectNext();

    time.timePasses(Duration.ofMillis(999));
    assertThat(polls).isEmpty();
    time.timePasses(Duration.ofMillis(1));
    assertThat(next(polls).place().counter()).isEqualTo(20);
    probe.cancel();
  }

  @Test
  void asksAgainAtTheSamePlaceWhatWasThrottledOrUnanswered() {
    located();
    probe.request(1);
    next(polls).answer().complete(records(0, 10, 0));
    for (int i = 0; i < 4; i++) {
      Poll poll = awaitPoll();
      assertThat(poll.place().counter()).isEqualTo(10);
      poll.answer()
          .completeExceptionally(
              i % 2 == 0
                  ? ProvisionedThroughputExceededException.of(
                      SHARD, new StreamName("orders"), Account.of("us-east-1", "000000000000"))
                  : InternalFailureException.notWritten("away"));
    }
    awaitPoll().answer().complete(records(1, 20, 0));

    assertThat(probe.expectNext().records()).hasSize(1);
    probe.cancel();
  }

  @Test
  void failsWithWhatWasRefused() {
    located();
    probe.request(1);
    next(polls).answer().completeExceptionally(new InvalidArgumentException("no"));

    assertThat(probe.expectError()).isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void looksForItsPlaceAgainWhenTheShardDidNotAnswer() {
    probe.ensureSubscription();
    next(searches).completeExceptionally(InternalFailureException.notWritten("away"));
    awaitSearch().complete(START);
    probe.request(1);

    assertThat(next(polls).place()).isEqualTo(START);
    probe.cancel();
  }

  @Test
  void completesAfterTheEndOfTheShard() {
    located();
    probe.request(2);
    next(polls).answer().complete(new PlacedRecords(END, START));

    probe.expectNext(END);
    probe.expectComplete();
  }

  private Poll awaitPoll() {
    return await(polls);
  }

  private CompletableFuture<ShardPlace> awaitSearch() {
    return await(searches);
  }

  /** Lets time pass until the next one comes. */
  private static <T> T await(BlockingQueue<T> queue) {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (queue.isEmpty() && System.nanoTime() < deadline) {
      time.timePasses(Duration.ofMillis(100));
      Thread.onSpinWait();
    }
    return next(queue);
  }
}
