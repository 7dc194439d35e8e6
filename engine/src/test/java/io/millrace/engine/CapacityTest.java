package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DecreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.UpdateAccountSettingsRequest;
import io.millrace.engine.api.UpdateStreamWarmThroughputRequest;
import io.millrace.engine.capacity.HotShardReport;
import io.millrace.engine.capacity.HotShardReport.Remedy;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.testing.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Streams that are scaled by the traffic that their shards accept, on a clock of the test's. */
class CapacityTest extends StreamClientContract {

  /** Above 500 records a second for a minute. */
  private static final int HOT = 31_000;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Override
  protected Config storage() {
    return InMemoryStore.fresh().config();
  }

  private void put(int records, IntFunction<String> partitionKeys) {
    for (int from = 0; from < records; from += 500) {
      List<PutRecordsRequestEntry> entries = new ArrayList<>();
      for (int i = from; i < Math.min(records, from + 500); i++) {
        entries.add(PutRecordsRequestEntry.of(partitionKeys.apply(i), Payload.utf8("x")));
      }
      assertThat(get(client().putRecords(PutRecordsRequest.of("orders", entries))))
          .extracting(response -> response.failedRecordCount())
          .isEqualTo(0);
    }
  }

  /** Partition keys whose hash keys lie all over a range. */
  private static IntFunction<String> spreadOver(HashKeyRange range) {
    List<String> keys =
        IntStream.range(0, 4000)
            .mapToObj(i -> "key " + i)
            .filter(key -> range.contains(HashKey.ofPartitionKey(key)))
            .toList();
    return i -> keys.get(i % keys.size());
  }

  private void aMinutePasses() {
    clock.advance(MINUTE);
    manualTime().timePasses(MINUTE);
  }

  /** The minute in which the only shard accepted so many records has been observed. */
  private void awaitObservation(int records) {
    eventually(
        () ->
            assertThat(engine().hotShards("orders"))
                .extracting(report -> report.lastMinute().traffic().records())
                .containsExactly((long) records));
  }

  private void onDemand() {
    withManualTime("");
    get(client().createStream(CreateStreamRequest.onDemand("orders")));
    get(engine().awaitActive("orders"));
  }

  @Test
  void anOnDemandStreamSplitsTheShardThatIsHot() {
    onDemand();
    assertThat(Lineage.read(client(), "orders").open()).hasSize(4);
    put(HOT, spreadOver(HashKeyRange.uniform(4).get(2)));
    aMinutePasses();

    eventually(
        () ->
            assertThat(Lineage.read(client(), "orders").open())
                .containsExactly(
                    new ShardId(0),
                    new ShardId(1),
                    new ShardId(3),
                    new ShardId(4),
                    new ShardId(5)));
    assertThat(Lineage.read(client(), "orders").records()).hasSize(HOT);
  }

  @Test
  void anOnDemandStreamDoesNotSplitForOneKey() {
    onDemand();
    put(HOT, i -> "key");
    aMinutePasses();

    eventually(() -> assertThat(engine().hotShards("orders")).hasSize(1));
    HotShardReport report = engine().hotShards("orders").get(0);
    assertThat(report.remedy()).isEqualTo(Remedy.OTHER_KEYS);
    assertThat(report.share()).isEqualTo(1);
    assertThat(report.lastMinute().heaviest())
        .hasValueSatisfying(
            key -> assertThat(key.hashKey()).isEqualTo(HashKey.ofPartitionKey("key")));
    assertThat(Lineage.read(client(), "orders").shards()).hasSize(4);
    aMinutePasses();
    eventually(() -> assertThat(engine().hotShards("orders")).isEmpty());
  }

  @Test
  void thePeakSurvivesARestart() {
    onDemand();
    put(5 * HOT, spreadOver(HashKeyRange.FULL));
    aMinutePasses();
    // Twice 2,583 records a second.
    eventually(() -> assertThat(Lineage.read(client(), "orders").open()).hasSizeGreaterThan(5));
    int open = Lineage.read(client(), "orders").open().size();
    restart();
    aMinutePasses();
    barrier();
    clock.advance(Duration.ofDays(1));
    put(HOT, i -> "key");
    aMinutePasses();
    eventually(() -> assertThat(engine().hotShards("orders")).hasSize(1));
    // One for the peaks to be stored, one for what is decided then.
    barrier();
    barrier();

    assertThat(Lineage.read(client(), "orders").open()).hasSize(open);
  }

  /** What the stream's actor was told before is done. */
  private void barrier() {
    get(
        client()
            .decreaseStreamRetentionPeriod(DecreaseStreamRetentionPeriodRequest.of("orders", 24)));
  }

  @Test
  void aProvisionedStreamTellsWhereToSplitAndDoesNothing() {
    withManualTime("");
    create("orders", 2);
    put(HOT, spreadOver(HashKeyRange.uniform(2).get(1)));
    aMinutePasses();

    eventually(() -> assertThat(engine().hotShards("orders")).hasSize(1));
    HotShardReport report = engine().hotShards("orders").get(0);
    assertThat(report.shardId()).isEqualTo(new ShardId(1));
    assertThat(report.remedy()).isEqualTo(Remedy.SPLIT_AT_MIDPOINT);
    assertThat(report.splitAt()).contains(HashKeyRange.uniform(2).get(1).midpoint());
    assertThat(Lineage.read(client(), "orders").shards()).hasSize(2);
  }

  @Test
  void aPolicyScalesAProvisionedStreamWithinItsBounds() {
    withManualTime("millrace.streams.autoscaling.orders { max-shards = 2 }");
    create("orders", 1);
    for (int minute = 0; minute < 5; minute++) {
      int records = 50_000 + minute * 500;
      put(records, spreadOver(HashKeyRange.FULL));
      aMinutePasses();
      awaitObservation(records);
    }

    eventually(
        () ->
            assertThat(Lineage.read(client(), "orders").openRanges())
                .isEqualTo(HashKeyRange.uniform(2)));
  }

  // warm throughput

  private void warm() {
    withManualTime("");
    get(client().updateAccountSettings(UpdateAccountSettingsRequest.commit()));
    get(client().createStream(CreateStreamRequest.onDemand("orders").withWarmThroughputMiBps(16)));
    get(engine().awaitActive("orders"));
    assertThat(Lineage.read(client(), "orders").open()).hasSize(16);
  }

  /** Days pass without traffic. */
  private void awaitShrinking() {
    eventually(
        () -> {
          clock.advance(Duration.ofDays(1));
          manualTime().timePasses(MINUTE);
          assertThat(Lineage.read(client(), "orders").open()).hasSize(4);
        });
  }

  @Test
  void anIdleStreamShrinksToALowerWarmThroughput() {
    warm();
    get(client().updateStreamWarmThroughput(UpdateStreamWarmThroughputRequest.of("orders", 4)));
    assertThat(Lineage.read(client(), "orders").open()).hasSize(16);

    awaitShrinking();
  }

  @Test
  void anIdleStreamShrinksWhenTheCommitmentIsOverAndGrowsWithTheNext() {
    warm();
    get(client().updateAccountSettings(UpdateAccountSettingsRequest.endCommitment()));
    awaitShrinking();
    get(client().updateAccountSettings(UpdateAccountSettingsRequest.commit()));

    eventually(
        () -> {
          aMinutePasses();
          assertThat(Lineage.read(client(), "orders").open()).hasSizeGreaterThanOrEqualTo(16);
        });
  }
}
