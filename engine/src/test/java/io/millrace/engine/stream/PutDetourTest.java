package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.router.PutRouter;
import io.millrace.engine.shard.PutEntry;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.shard.ShardMessage.Moved;
import io.millrace.engine.shard.ShardMessage.Put;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Stored;
import io.millrace.engine.shard.ShardRegion;
import io.millrace.testkit.Awaits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** Puts whose shard has closed, until the stream shows who has their hash keys now. */
class PutDetourTest {

  private static final StreamName ORDERS = new StreamName("orders");
  private static final String LOW = "0";
  private static final String HIGH = HashKey.MAX.toString();
  private static final int MIB = 1 << 20;

  private final LocalStreamViews views = new LocalStreamViews();
  private final Shards shards = new Shards();
  private PutRouter router = router(Duration.ofHours(1));

  private PutRouter router(Duration patience) {
    Account account = Account.of("us-east-1", "000000000000");
    return new PutRouter(
        new StreamLookup(views, account), shards, 10 * MIB, patience, EngineMetrics.unbound());
  }

  /** Shards that take every record at once, unless they are closed. */
  private static final class Shards implements ShardRegion {

    private final Set<Integer> closed = new HashSet<>();
    private final List<String> stored = new ArrayList<>();

    @Override
    public void tell(ShardAddress shard, ShardMessage message) {
      throw new UnsupportedOperationException("puts are asked");
    }

    @Override
    public <R> CompletionStage<R> ask(
        ShardAddress shard, Function<ActorRef<R>, ShardMessage> message, Duration timeout) {
      Put put = (Put) message.apply(null);
      List<PutOutcome> outcomes =
          put.entries().stream().map(entry -> put(shard.shardId(), entry)).toList();
      @SuppressWarnings("unchecked") // only puts are asked
      R done = (R) new PutDone(outcomes);
      return CompletableFuture.completedStage(done);
    }

    private PutOutcome put(ShardId shard, PutEntry entry) {
      if (closed.contains(shard.index())) {
        return new Moved();
      }
      stored.add(shard.index() + ":" + entry.data().utf8());
      return new Stored(
          new SequenceNumber(1, SequenceNumber.counter(1 + stored.size(), 0), 1, shard.index()),
          EncryptionType.NONE);
    }
  }

  private static ShardView shard(int index, HashKeyRange range, List<ShardId> parents) {
    return new ShardView(new ShardId(index), range, 1, 1000, parents, OptionalLong.empty());
  }

  private static final ShardView WHOLE = shard(0, HashKeyRange.FULL, List.of());
  private static final HashKeyRange LOWER = HashKeyRange.uniform(2).get(0);
  private static final HashKeyRange UPPER = HashKeyRange.uniform(2).get(1);

  private void show(ShardView... shown) {
    show(1, StreamStatus.UPDATING, shown);
  }

  private void show(long incarnation, StreamStatus status, ShardView... shown) {
    views.publish(
        new StreamView(
            ORDERS,
            incarnation,
            "arn",
            status,
            StreamMode.PROVISIONED,
            1000,
            24,
            MIB,
            List.of(shown)));
  }

  private void showHalves() {
    List<ShardId> parents = List.of(WHOLE.shardId());
    show(WHOLE.closed(2000), shard(1, LOWER, parents), shard(2, UPPER, parents));
  }

  private CompletableFuture<PutRecordResponse> put(String hashKey, String data) {
    return router
        .putRecord(
            PutRecordRequest.of("orders", "key", Payload.utf8(data)).withExplicitHashKey(hashKey))
        .toCompletableFuture();
  }

  private static PutRecordsRequestEntry entry(String hashKey, String data) {
    return PutRecordsRequestEntry.of("key", Payload.utf8(data)).withExplicitHashKey(hashKey);
  }

  private CompletableFuture<PutRecordsResponse> putAll(List<PutRecordsRequestEntry> entries) {
    return router.putRecords(new PutRecordsRequest("orders", null, entries)).toCompletableFuture();
  }

  private void assertNotWritten(CompletableFuture<?> put) {
    Throwable failure = Awaits.failureOf(put);
    assertThat(failure).isInstanceOf(InternalFailureException.class);
    assertThat(((MillraceException) failure).outcome()).isEqualTo(Outcome.NOT_WRITTEN);
    assertThat(shards.stored).isEmpty();
  }

  @Test
  void aRecordWaitsAndGoesToTheChildThatHasItsHashKey() {
    show(WHOLE);
    shards.closed.add(0);
    CompletableFuture<PutRecordResponse> low = put(LOW, "a");
    CompletableFuture<PutRecordResponse> high = put(HIGH, "b");
    show(WHOLE);
    assertThat(low).isNotDone();

    showHalves();

    assertThat(Awaits.get(low).shardId()).isEqualTo(new ShardId(1));
    assertThat(Awaits.get(high).shardId()).isEqualTo(new ShardId(2));
    assertThat(shards.stored).containsExactlyInAnyOrder("1:a", "2:b");
  }

  @Test
  void onlyTheRecordsOfTheClosedShardWaitAndAllOutcomesStandInOrder() {
    ShardView low = shard(0, LOWER, List.of());
    ShardView high = shard(1, UPPER, List.of());
    show(low, high);
    shards.closed.add(0);
    CompletableFuture<PutRecordsResponse> put =
        putAll(List.of(entry(LOW, "a"), entry(HIGH, "b"), entry(LOW, "c")));
    assertThat(shards.stored).containsExactly("1:b");
    assertThat(put).isNotDone();

    HashKey middle = LOWER.midpoint();
    show(
        low.closed(2000),
        high,
        shard(2, new HashKeyRange(LOWER.starting(), middle.previous()), List.of(low.shardId())),
        shard(3, new HashKeyRange(middle, LOWER.ending()), List.of(low.shardId())));

    assertThat(Awaits.get(put).records())
        .extracting(result -> result.shardId().index())
        .containsExactly(2, 1, 2);
    assertThat(shards.stored).containsExactly("1:b", "2:a", "2:c");
  }

  @Test
  void aRecordWaitsAgainWhenTheNextShardHasClosedToo() {
    show(WHOLE);
    shards.closed.add(0);
    shards.closed.add(1);
    CompletableFuture<PutRecordResponse> put = put(LOW, "a");
    showHalves();
    assertThat(put).isNotDone();

    show(
        shard(1, LOWER, List.of()).closed(3000),
        shard(2, UPPER, List.of()).closed(3000),
        shard(3, HashKeyRange.FULL, List.of(new ShardId(1), new ShardId(2))));

    assertThat(Awaits.get(put).shardId()).isEqualTo(new ShardId(3));
    assertThat(shards.stored).containsExactly("3:a");
  }

  @Test
  void notWrittenWhenTheStreamIsDeletedMeanwhile() {
    show(WHOLE);
    shards.closed.add(0);
    CompletableFuture<PutRecordResponse> put = put(LOW, "a");

    show(1, StreamStatus.DELETING, WHOLE);

    assertNotWritten(put);
  }

  @Test
  void notWrittenWhenTheStreamHasGone() {
    show(WHOLE);
    shards.closed.add(0);
    CompletableFuture<PutRecordResponse> put = put(LOW, "a");

    views.withdraw(ORDERS, 1);

    assertNotWritten(put);
  }

  @Test
  void notWrittenIntoALaterStreamOfTheName() {
    show(WHOLE);
    shards.closed.add(0);
    CompletableFuture<PutRecordResponse> put = put(LOW, "a");

    show(2, StreamStatus.ACTIVE, shard(1, HashKeyRange.FULL, List.of()));

    assertNotWritten(put);
  }

  @Test
  void notWrittenWhenTheEngineCloses() {
    show(WHOLE);
    shards.closed.add(0);
    CompletableFuture<PutRecordResponse> put = put(LOW, "a");

    views.abandon(new IllegalStateException("closed"));

    assertNotWritten(put);
  }

  @Test
  void notWrittenWhenPatienceEnds() {
    router = router(Duration.ofMillis(1));
    show(WHOLE);
    shards.closed.add(0);

    CompletableFuture<PutRecordResponse> one = put(LOW, "a");
    CompletableFuture<PutRecordsResponse> many = putAll(List.of(entry(LOW, "b")));

    assertNotWritten(one);
    assertThat(Awaits.get(many).records())
        .extracting(PutRecordsResultEntry::failure)
        .containsExactly(Outcome.NOT_WRITTEN);
    // Nothing that was given up is put afterwards.
    showHalves();
    assertThat(shards.stored).isEmpty();
  }

  @Test
  void whoFindsTheDetourFullIsThrottledUntilThereIsRoomAgain() {
    List<PutRecordsRequestEntry> request =
        Collections.nCopies(
            10, PutRecordsRequestEntry.of("key", Payload.wrap(new byte[MIB - "key".length()])));
    show(WHOLE);
    shards.closed.add(0);
    List<CompletableFuture<PutRecordsResponse>> waiting = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      waiting.add(putAll(request));
    }

    assertThat(Awaits.get(putAll(request)).records())
        .extracting(PutRecordsResultEntry::failure)
        .containsOnly(Outcome.THROTTLED);
    // A small one fits beside them until all is full.
    waiting.add(putAll(request.subList(0, 4)));
    assertThat(Awaits.failureOf(put(LOW, "over")))
        .isInstanceOf(ProvisionedThroughputExceededException.class);
    assertThat(waiting).noneMatch(CompletableFuture::isDone);

    showHalves();

    waiting.forEach(put -> assertThat(Awaits.get(put).failedRecordCount()).isZero());
    shards.closed.addAll(Set.of(1, 2));
    CompletableFuture<PutRecordResponse> later = put(LOW, "later");
    assertThat(later).isNotDone();
    assertThat(shards.stored).hasSize(64);
  }
}
