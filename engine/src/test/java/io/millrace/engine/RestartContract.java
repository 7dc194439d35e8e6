package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.StreamName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What an engine finds again when it is opened on the same storage, and how it closes. */
public abstract class RestartContract extends StreamClientContract {

  @Test
  void everythingIsThereAgain() {
    create("orders", 3);
    create("bills", 1);
    List<SequenceNumber> numbers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      numbers.add(
          get(client().putRecord("orders", "key " + i, data("record " + i))).sequenceNumber());
    }
    List<List<Record>> before = new ArrayList<>();
    for (String shard : List.of("shardId-0", "shardId-1", "shardId-2")) {
      before.add(readAll("orders", shard));
    }
    var described = describe("orders");
    restart();

    assertThat(describe("orders")).isEqualTo(described);
    assertThat(get(client().listStreams(ListStreamsRequest.all())).streamNames())
        .containsExactly(new StreamName("bills"), new StreamName("orders"));
    List<List<Record>> after = new ArrayList<>();
    for (String shard : List.of("shardId-0", "shardId-1", "shardId-2")) {
      after.add(readAll("orders", shard));
    }
    assertThat(after).isEqualTo(before);
    assertThat(after.stream().flatMap(List::stream).map(Record::sequenceNumber))
        .containsExactlyInAnyOrderElementsOf(numbers);
    assertThat(readAll("bills", SHARD_0)).isEmpty();
  }

  @Test
  void numbersGoOnAboveThoseBefore() {
    create("orders", 1);
    List<SequenceNumber> numbers = new ArrayList<>();
    for (int life = 0; life < 4; life++) {
      for (int i = 0; i < 5; i++) {
        numbers.add(put("orders", "record"));
      }
      restart();
      // Not even a clock that was set back makes a number fall.
      clock.jumpWall(Duration.ofHours(-1));
    }

    assertThat(numbers).isSorted().doesNotHaveDuplicates();
    assertThat(readAll("orders", SHARD_0).stream().map(Record::sequenceNumber))
        .containsExactlyElementsOf(numbers);
  }

  @Test
  void everyPlaceTakenBeforeIsValidAfter() {
    create("orders", 1);
    SequenceNumber a = put("orders", "a");
    String horizon = trimHorizon("orders");
    String latest = iterator(GetShardIteratorRequest.latest("orders", SHARD_0));
    clock.advance(Duration.ofSeconds(1));
    SequenceNumber b = put("orders", "b");
    restart();
    put("orders", "c");

    assertThat(texts(read(horizon).records())).containsExactly("a", "b", "c");
    assertThat(texts(read(latest).records())).containsExactly("b", "c");
    assertThat(
            texts(
                read(GetShardIteratorRequest.afterSequenceNumber("orders", SHARD_0, a.toString()))
                    .records()))
        .containsExactly("b", "c");
    assertThat(
            texts(
                read(GetShardIteratorRequest.atSequenceNumber("orders", SHARD_0, b.toString()))
                    .records()))
        .containsExactly("b", "c");
    assertThat(texts(read(GetShardIteratorRequest.atTimestamp("orders", SHARD_0, now())).records()))
        .containsExactly("b", "c");
  }

  @Test
  void shardOfManyEventsIsThereAgainAndAgain() {
    create("orders", 1);
    for (int life = 0; life < 3; life++) {
      List<CompletionStage<?>> puts = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        puts.add(
            client()
                .putRecords(
                    PutRecordsRequest.of("orders", PutRecordsRequestEntry.of("k", bytes(5000)))));
        if (i % 10 == 0) {
          puts.forEach(StreamClientContract::get);
        }
      }
      puts.forEach(StreamClientContract::get);
      restart();
      assertThat(readAll("orders", SHARD_0)).hasSize(300 * (life + 1));
    }
  }

  // closing

  @Test
  void closedEngineRefusesEveryCall() {
    create("orders", 1);
    Millrace closed = engine();
    StreamClient client = closed.client();
    String iterator = trimHorizon("orders");
    closed.close();
    closed.close();

    for (Function<StreamClient, CompletionStage<?>> call :
        List.<Function<StreamClient, CompletionStage<?>>>of(
            c -> c.putRecord("orders", "k", data("late")),
            c ->
                c.putRecords(
                    PutRecordsRequest.of("orders", PutRecordsRequestEntry.of("k", data("a")))),
            c -> c.createStream("bills", 1),
            c -> c.listStreams(ListStreamsRequest.all()),
            c -> c.listShards(ListShardsRequest.of("orders")),
            c -> c.getRecords(GetRecordsRequest.of(iterator)),
            c -> c.getShardIterator(GetShardIteratorRequest.latest("orders", SHARD_0)))) {
      EngineClosedException refused = failure(EngineClosedException.class, call.apply(client));
      assertThat(refused.outcome()).isEqualTo(Outcome.NOT_WRITTEN);
    }
    restart();
    assertThat(texts("orders")).isEmpty();
  }

  @Test
  void everyCallThatRacesTheCloseIsAnswered() {
    for (int round = 0; round < 5; round++) {
      String stream = "orders-" + round;
      create(stream, 2);
      Millrace closing = engine();
      StreamClient client = closing.client();
      List<CompletableFuture<PutRecordResponse>> puts = new ArrayList<>();
      List<CompletableFuture<?>> others = new ArrayList<>();
      CountDownLatch underWay = new CountDownLatch(200);
      Thread caller =
          new Thread(
              () -> {
                for (int i = 0; i < 2000; i++) {
                  underWay.countDown();
                  puts.add(
                      client
                          .putRecord(stream, "key " + i, data("record " + i))
                          .toCompletableFuture());
                  if (i % 50 == 0) {
                    others.add(
                        client
                            .getShardIterator(GetShardIteratorRequest.latest(stream, SHARD_0))
                            .toCompletableFuture());
                    others.add(client.createStream("x", 1).toCompletableFuture());
                  }
                }
              });
      caller.start();
      await(underWay);
      closing.close();
      join(caller);

      List<SequenceNumber> acknowledged = new ArrayList<>();
      for (CompletableFuture<PutRecordResponse> put : puts) {
        try {
          acknowledged.add(answer(put).sequenceNumber());
        } catch (MillraceException failed) {
          assertThat(failed.outcome()).isIn(Outcome.NOT_WRITTEN, Outcome.UNKNOWN);
        }
      }
      for (CompletableFuture<?> other : others) {
        try {
          answer(other);
        } catch (MillraceException failed) {
          assertThat(failed).isNotNull();
        }
      }
      restart();
      List<SequenceNumber> stored = new ArrayList<>();
      for (String shard : List.of("shardId-0", "shardId-1")) {
        readAll(stream, shard).forEach(record -> stored.add(record.sequenceNumber()));
      }
      assertThat(stored).containsAll(acknowledged).doesNotHaveDuplicates();
    }
  }

  /** When the engine has closed nothing is under way any more: waiting would be in vain. */
  private static <T> T answer(CompletableFuture<T> call) {
    assertThat(call).as("call that raced the close").isDone();
    return get(call.orTimeout(1, TimeUnit.SECONDS));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void putsThatWereAcceptedAreWrittenBeforeTheEngineIsClosed() {
    create("orders", 1);
    List<CompletionStage<PutRecordResponse>> puts = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      puts.add(client().putRecord("orders", "k", data("record " + i)));
    }
    engine().close();

    List<SequenceNumber> acknowledged = new ArrayList<>();
    for (CompletionStage<PutRecordResponse> put : puts) {
      acknowledged.add(answer(put.toCompletableFuture()).sequenceNumber());
    }
    restart();
    assertThat(readAll("orders", SHARD_0).stream().map(Record::sequenceNumber))
        .containsExactlyElementsOf(acknowledged);
  }
}
