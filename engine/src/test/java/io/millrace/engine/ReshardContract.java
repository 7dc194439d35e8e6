package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.DecreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.DescribeLimitsRequest;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.IncreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.StreamModeDetails;
import io.millrace.engine.api.UpdateShardCountRequest;
import io.millrace.engine.api.UpdateShardCountResponse;
import io.millrace.engine.api.UpdateStreamModeRequest;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Shards that split and merge: nothing is lost, nothing doubled, and order holds. */
public abstract class ReshardContract extends StreamClientContract {

  private static ShardId id(int index) {
    return new ShardId(index);
  }

  private void split(String stream, int shard) {
    HashKeyRange range = Lineage.read(client(), stream).shard(id(shard)).hashKeyRange();
    done(
        stream,
        client()
            .splitShard(
                SplitShardRequest.of(stream, id(shard).toString(), range.midpoint().toString())));
  }

  private void merge(String stream, int shard, int adjacent) {
    done(
        stream,
        client()
            .mergeShards(
                MergeShardsRequest.of(stream, id(shard).toString(), id(adjacent).toString())));
  }

  private UpdateShardCountResponse scale(String stream, int target) {
    return done(stream, client().updateShardCount(UpdateShardCountRequest.of(stream, target)));
  }

  /** Waits until what was begun is done. */
  private <T> T done(String stream, CompletionStage<T> call) {
    T answer = get(call);
    get(engine().awaitActive(stream));
    return answer;
  }

  private int openShards(String stream) {
    return get(client().describeStreamSummary(DescribeStreamSummaryRequest.of(stream)))
        .streamDescriptionSummary()
        .openShardCount();
  }

  private void putSome(String stream, String prefix) {
    for (int i = 0; i < 12; i++) {
      get(client().putRecord(stream, "key " + i, Payload.utf8(prefix + i)));
    }
  }

  private SequenceNumber putAfter(SequenceNumber before) {
    return get(client()
            .putRecord(
                PutRecordRequest.of("orders", "key", data("b"))
                    .withSequenceNumberForOrdering(before.toString())))
        .sequenceNumber();
  }

  // lineage

  @Test
  void splitsAndMergesAsTheWorkedExampleSays() {
    create("orders", 2);
    putSome("orders", "a");
    split("orders", 0);
    putSome("orders", "b");
    merge("orders", 3, 1);
    putSome("orders", "c");

    Lineage lineage = Lineage.read(client(), "orders");

    assertThat(lineage.open()).containsExactly(id(2), id(4));
    assertThat(lineage.shards())
        .extracting(Shard::shardId)
        .containsExactly(id(0), id(1), id(2), id(3), id(4));
    assertThat(lineage.shards())
        .extracting(Shard::parentShardId)
        .containsExactly(null, null, id(0), id(0), id(3));
    assertThat(lineage.shards())
        .extracting(Shard::adjacentParentShardId)
        .containsExactly(null, null, null, null, id(1));
    assertThat(lineage.records()).hasSize(36);
    assertThat(openShards("orders")).isEqualTo(2);
  }

  @Test
  void aRestartChangesNothing() {
    create("orders", 2);
    putSome("orders", "a");
    split("orders", 1);
    putSome("orders", "b");
    Lineage before = Lineage.read(client(), "orders");
    restart();

    Lineage after = Lineage.read(client(), "orders");
    assertThat(after.shards()).isEqualTo(before.shards());
    assertThat(after.records()).isEqualTo(before.records());
    putSome("orders", "c");
    assertThat(Lineage.read(client(), "orders").records()).hasSize(36);
  }

  @Test
  void twoReshardsWithinOneSecondKeepEveryChildAboveItsParents() {
    create("orders", 1);
    put("orders", "a");
    split("orders", 0);
    put("orders", "b");
    merge("orders", 1, 2);
    put("orders", "c");
    split("orders", 3);
    put("orders", "d");

    assertThat(texts(Lineage.read(client(), "orders").records()))
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void aNumberOfAParentOrdersAPutToItsChild() {
    create("orders", 1);
    SequenceNumber before = put("orders", "a");
    split("orders", 0);

    assertThat(putAfter(before)).isGreaterThan(before);
  }

  @Test
  void theEndOfAClosedShardIsAPositionWithNothingAfterIt() {
    create("orders", 1);
    put("orders", "a");
    split("orders", 0);

    for (GetShardIteratorRequest end :
        List.of(
            GetShardIteratorRequest.latest("orders", SHARD_0),
            GetShardIteratorRequest.atSequenceNumber(
                "orders",
                SHARD_0,
                Lineage.read(client(), "orders")
                    .shard(id(0))
                    .sequenceNumberRange()
                    .endingSequenceNumber()
                    .toString()))) {
      var page = read(end);
      assertThat(page.records()).isEmpty();
      assertThat(page.nextShardIterator()).isNull();
      assertThat(page.childShards()).hasSize(2);
    }
  }

  // puts meanwhile

  @Test
  void putsDuringReshardsAreStoredOnceAndInOrder() {
    create("orders", 4);
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      writers.add(new Writer("key " + i));
    }
    writers.forEach(Writer::start);
    for (int target : new int[] {8, 5, 3, 6, 4}) {
      scale("orders", target);
    }
    Map<String, List<String>> acknowledged = new HashMap<>();
    writers.forEach(writer -> acknowledged.put(writer.key, writer.stop()));

    Map<String, List<String>> stored = new HashMap<>();
    for (Record record : Lineage.read(client(), "orders").records()) {
      stored
          .computeIfAbsent(record.partitionKey(), key -> new ArrayList<>())
          .add(record.data().utf8());
    }
    assertThat(stored).isEqualTo(acknowledged);
  }

  /** Puts one record after another under one key, each when the one before is answered. */
  private final class Writer {

    private final String key;
    private final List<String> acknowledged = new ArrayList<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile boolean stopping;

    Writer(String key) {
      this.key = key;
    }

    void start() {
      String text = key + " " + acknowledged.size();
      var unused =
          client()
              .putRecord("orders", key, data(text))
              .whenComplete(
                  (response, failure) -> {
                    if (failure != null) {
                      stopped.completeExceptionally(failure);
                      return;
                    }
                    acknowledged.add(text);
                    if (stopping) {
                      stopped.complete(null);
                    } else {
                      start();
                    }
                  });
    }

    List<String> stop() {
      stopping = true;
      get(stopped);
      return acknowledged;
    }
  }

  // UpdateShardCount

  @Test
  void scalesToExactlyTheUniformRanges() {
    create("orders", 3);
    for (int target : new int[] {6, 5, 3, 4, 2, 1}) {
      putSome("orders", target + " ");
      int current = openShards("orders");
      assertThat(scale("orders", target).currentShardCount()).isEqualTo(current);

      assertThat(Lineage.read(client(), "orders").openRanges())
          .isEqualTo(HashKeyRange.uniform(target));
    }
    assertThat(Lineage.read(client(), "orders").records()).hasSize(6 * 12);
  }

  @Test
  void thePresentCountIsAcceptedAndChangesNothing() {
    create("orders", 3);

    UpdateShardCountResponse response = scale("orders", 3);

    assertThat(response.currentShardCount()).isEqualTo(3);
    assertThat(response.targetShardCount()).isEqualTo(3);
    assertThat(response.streamARN()).isEqualTo(arn("orders"));
    assertThat(Lineage.read(client(), "orders").shards()).hasSize(3);
  }

  @Test
  void scalesTenTimesInADayAndNotOnceMore() {
    create("orders", 1);
    for (int i = 0; i < 5; i++) {
      scale("orders", 2);
      scale("orders", 1);
    }
    failure(
        LimitExceededException.class,
        client().updateShardCount(UpdateShardCountRequest.of("orders", 2)));
    clock.advance(Duration.ofDays(1));

    assertThat(scale("orders", 2).targetShardCount()).isEqualTo(2);
  }

  @Test
  void scalesAtMostToTwiceAndAtLeastToHalf() {
    create("orders", 5);
    for (int target : new int[] {11, 2, 1, 5000}) {
      failure(
          InvalidArgumentException.class,
          client().updateShardCount(UpdateShardCountRequest.of("orders", target)));
    }
    failure(
        LimitExceededException.class,
        client().updateShardCount(UpdateShardCountRequest.of("orders", 10_001)));
    assertThat(scale("orders", 3).targetShardCount()).isEqualTo(3);
  }

  // refusals

  @Test
  void refusesToSplitWhatCannotBeSplit() {
    create("orders", 2);
    split("orders", 0);
    String half = HashKeyRange.FULL.midpoint().toString();

    for (String at : new String[] {"0", "1", half}) {
      failure(
          InvalidArgumentException.class,
          client().splitShard(SplitShardRequest.of("orders", id(2).toString(), at)));
    }
    failure(
        InvalidArgumentException.class,
        client().splitShard(SplitShardRequest.of("orders", SHARD_0, "1000")));
    failure(
        InvalidArgumentException.class,
        client()
            .splitShard(
                SplitShardRequest.of(
                    "orders", SHARD_0, "340282366920938463463374607431768211456")));
    for (String unknown : new String[] {id(77).toString(), "some-shard"}) {
      failure(
          ResourceNotFoundException.class,
          client().splitShard(SplitShardRequest.of("orders", unknown, "1000")));
    }
    failure(
        ResourceNotFoundException.class,
        client().splitShard(SplitShardRequest.of("none", SHARD_0, "1000")));
  }

  @Test
  void refusesToMergeWhatIsNotAdjacentInThisOrder() {
    create("orders", 4);
    merge("orders", 0, 1);
    for (int[] pair : new int[][] {{3, 2}, {4, 3}, {2, 2}, {0, 1}, {0, 2}}) {
      failure(
          InvalidArgumentException.class,
          client()
              .mergeShards(
                  MergeShardsRequest.of("orders", id(pair[0]).toString(), id(pair[1]).toString())));
    }
    failure(
        ResourceNotFoundException.class,
        client().mergeShards(MergeShardsRequest.of("orders", id(4).toString(), id(9).toString())));
    merge("orders", 4, 2);
  }

  @Test
  void keepsToTheShardsOfTheAccount() {
    with("millrace.streams.max-open-shards = 5");
    create("orders", 2);
    create("audit", 2);

    failure(
        LimitExceededException.class,
        client().updateShardCount(UpdateShardCountRequest.of("orders", 4)));
    split("audit", 0);
    failure(
        LimitExceededException.class,
        client()
            .splitShard(
                SplitShardRequest.of(
                    "orders", SHARD_0, HashKeyRange.uniform(2).get(0).midpoint().toString())));
    merge("orders", 0, 1);
    split("audit", 1);

    var limits = get(client().describeLimits(new DescribeLimitsRequest()));
    assertThat(limits.shardLimit()).isEqualTo(5);
    assertThat(limits.openShardCount()).isEqualTo(5);
    assertThat(limits.onDemandStreamCount()).isZero();
  }

  // capacity modes

  @Test
  void anOnDemandStreamReshardsByItselfAlone() {
    create("orders", 3);
    mode("orders", StreamModeDetails.ON_DEMAND);

    assertThat(describe("orders").streamModeDetails()).isEqualTo(StreamModeDetails.ON_DEMAND);
    assertThat(openShards("orders")).isEqualTo(3);
    failure(
        ValidationException.class,
        client().splitShard(SplitShardRequest.of("orders", SHARD_0, "1000")));
    failure(
        ValidationException.class,
        client().mergeShards(MergeShardsRequest.of("orders", SHARD_0, id(1).toString())));
    failure(
        ValidationException.class,
        client().updateShardCount(UpdateShardCountRequest.of("orders", 4)));
    var limits = get(client().describeLimits(new DescribeLimitsRequest()));
    assertThat(limits.onDemandStreamCount()).isEqualTo(1);
    assertThat(limits.openShardCount()).isZero();
  }

  @Test
  void switchesModeTwiceInADay() {
    create("orders", 2);
    mode("orders", StreamModeDetails.ON_DEMAND);
    mode("orders", StreamModeDetails.ON_DEMAND);
    mode("orders", StreamModeDetails.PROVISIONED);
    failure(
        LimitExceededException.class,
        client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(arn("orders"), StreamModeDetails.ON_DEMAND)));
    restart();
    failure(
        LimitExceededException.class,
        client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(arn("orders"), StreamModeDetails.ON_DEMAND)));
    clock.advance(Duration.ofDays(1));
    mode("orders", StreamModeDetails.ON_DEMAND);
  }

  private void mode(String stream, StreamModeDetails mode) {
    done(stream, client().updateStreamMode(UpdateStreamModeRequest.of(arn(stream), mode)));
  }

  // expiry

  @Test
  void aClosedShardExpiresAndIsForgottenWithAllItStored() {
    withManualTime("millrace.streams.trim-interval = 1h");
    engine();
    create("orders", 1);
    putSome("orders", "a");
    split("orders", 0);
    putSome("orders", "b");
    clock.advance(Duration.ofHours(23));
    manualTime().timePasses(Duration.ofHours(1));
    assertThat(Lineage.read(client(), "orders").shards()).hasSize(3);
    clock.advance(Duration.ofHours(1));
    assertThat(Lineage.read(client(), "orders").shards())
        .extracting(Shard::shardId)
        .containsExactly(id(1), id(2));
    manualTime().timePasses(Duration.ofHours(1));

    eventually(() -> assertThat(storedEvents("orders")).isZero());
    failure(
        ResourceNotFoundException.class,
        client().getShardIterator(GetShardIteratorRequest.trimHorizon("orders", SHARD_0)));
    restart();
    assertThat(Lineage.read(client(), "orders").shards())
        .extracting(Shard::parentShardId)
        .containsExactly(id(0), id(0));
  }

  @Test
  void aNumberOfAForgottenShardOrdersAPut() {
    withManualTime("millrace.streams.trim-interval = 1h");
    create("orders", 1);
    SequenceNumber before = put("orders", "a");
    split("orders", 0);
    clock.advance(Duration.ofHours(25));
    manualTime().timePasses(Duration.ofHours(1));
    eventually(() -> assertThat(storedEvents("orders")).isZero());

    assertThat(putAfter(before)).isGreaterThan(before);
  }

  @Test
  void aShorterRetentionForgetsClosedShardsForGood() {
    create("orders", 1);
    get(
        client()
            .increaseStreamRetentionPeriod(IncreaseStreamRetentionPeriodRequest.of("orders", 48)));
    put("orders", "a");
    split("orders", 0);
    clock.advance(Duration.ofHours(30));
    assertThat(Lineage.read(client(), "orders").records()).hasSize(1);

    get(
        client()
            .decreaseStreamRetentionPeriod(DecreaseStreamRetentionPeriodRequest.of("orders", 24)));
    get(
        client()
            .increaseStreamRetentionPeriod(IncreaseStreamRetentionPeriodRequest.of("orders", 48)));

    Lineage lineage = Lineage.read(client(), "orders");
    assertThat(lineage.shards()).extracting(Shard::shardId).containsExactly(id(1), id(2));
    assertThat(lineage.records()).isEmpty();
  }
}
