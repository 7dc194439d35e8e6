package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.gateway.TestServer;
import io.millrace.testkit.Awaits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members that the official client of Java does not have yet: distribution and dry runs. */
@Tag("database")
class ControlWireTest {

  private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/";
  private static final String DRY_RUN = "DryRunOperationException";

  private static TestServer server;

  private final String stream = "s-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private JsonNode summary(Coding coding) {
    return coding
        .call(server, "DescribeStreamSummary", Map.of("StreamName", stream))
        .path("StreamDescriptionSummary");
  }

  private void create(Coding coding, Map<String, ?> members) {
    Map<String, Object> all = new HashMap<>(members);
    all.put("StreamName", stream);
    assertThat(coding.error(server, "CreateStream", all)).isEmpty();
    Awaits.await(
        "an active stream", () -> summary(coding).path("StreamStatus").asText().equals("ACTIVE"));
  }

  private Map<String, Object> keyless() {
    return Map.of("StreamName", stream, "Data", new byte[] {1, 2, 3});
  }

  @ParameterizedTest
  @EnumSource
  void distributesRecordsWithoutKeys(Coding coding) {
    create(
        coding,
        Map.of(
            "StreamModeDetails",
            Map.of("StreamMode", "ON_DEMAND"),
            "RecordDistributionStrategy",
            "AUTO"));
    assertThat(summary(coding).path("RecordDistributionStrategy").asText()).isEqualTo("AUTO");

    List<String> shards = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      shards.add(coding.call(server, "PutRecord", keyless()).path("ShardId").asText());
    }

    assertThat(shards).doesNotHaveDuplicates().allMatch(shard -> shard.startsWith("shardId-"));
    String iterator =
        coding
            .call(
                server,
                "GetShardIterator",
                Map.of(
                    "StreamName",
                    stream,
                    "ShardId",
                    shards.get(0),
                    "ShardIteratorType",
                    "TRIM_HORIZON"))
            .path("ShardIterator")
            .asText();
    JsonNode record =
        coding
            .call(server, "GetRecords", Map.of("ShardIterator", iterator))
            .path("Records")
            .path(0);
    assertThat(record.path("PartitionKey").isTextual()).isTrue();
    assertThat(record.path("PartitionKey").asText()).isEmpty();
    assertThat(
            coding.error(
                server,
                "UpdateStreamRecordDistributionStrategy",
                Map.of(
                    "StreamARN", ARN + stream, "RecordDistributionStrategy", "USER_PARTITION_KEY")))
        .isEmpty();
    assertThat(coding.error(server, "PutRecord", keyless())).isEqualTo("InvalidArgumentException");
  }

  @ParameterizedTest
  @EnumSource
  void checksWithoutDoing(Coding coding) {
    create(coding, Map.of("ShardCount", 1));
    Map<String, Object> record =
        Map.of("StreamName", stream, "Data", new byte[] {1}, "PartitionKey", "k", "DryRun", true);
    Map<String, Object> place =
        Map.of(
            "StreamName", stream,
            "ShardId", "shardId-0",
            "ShardIteratorType", "TRIM_HORIZON");
    String iterator = coding.call(server, "GetShardIterator", place).path("ShardIterator").asText();
    Map<String, Object> dryPlace = new HashMap<>(place);
    dryPlace.put("DryRun", true);

    assertThat(coding.error(server, "PutRecord", record)).isEqualTo(DRY_RUN);
    assertThat(
            coding.error(
                server,
                "PutRecords",
                Map.of(
                    "StreamName",
                    stream,
                    "Records",
                    List.of(Map.of("Data", new byte[] {1}, "PartitionKey", "k")),
                    "DryRun",
                    true)))
        .isEqualTo(DRY_RUN);
    assertThat(coding.error(server, "GetShardIterator", dryPlace)).isEqualTo(DRY_RUN);
    assertThat(
            coding.error(server, "GetRecords", Map.of("ShardIterator", iterator, "DryRun", true)))
        .isEqualTo(DRY_RUN);
    assertThat(coding.call(server, "GetRecords", Map.of("ShardIterator", iterator)).path("Records"))
        .isEmpty();
    Map<String, Object> elsewhere = new HashMap<>(record);
    elsewhere.put("StreamName", "nowhere");
    assertThat(coding.error(server, "PutRecord", elsewhere)).isEqualTo("ResourceNotFoundException");
  }

  @ParameterizedTest
  @EnumSource
  void checksASubscriptionWithoutBeginningIt(Coding coding) {
    create(coding, Map.of("ShardCount", 1));
    String consumer =
        coding
            .call(
                server,
                "RegisterStreamConsumer",
                Map.of("StreamARN", ARN + stream, "ConsumerName", "audit"))
            .path("Consumer")
            .path("ConsumerARN")
            .asText();
    Map<String, Object> subscription =
        Map.of(
            "ConsumerARN",
            consumer,
            "ShardId",
            "shardId-000000000000",
            "StartingPosition",
            Map.of("Type", "LATEST"),
            "DryRun",
            true);
    Awaits.await(
        "an active consumer",
        () ->
            coding
                .call(server, "DescribeStreamConsumer", Map.of("ConsumerARN", consumer))
                .path("ConsumerDescription")
                .path("ConsumerStatus")
                .asText()
                .equals("ACTIVE"));

    assertThat(coding.error(server, "SubscribeToShard", subscription)).isEqualTo(DRY_RUN);
    Map<String, Object> badPosition = new HashMap<>(subscription);
    badPosition.put(
        "StartingPosition", Map.of("Type", "AT_SEQUENCE_NUMBER", "SequenceNumber", "17"));
    assertThat(coding.error(server, "SubscribeToShard", badPosition))
        .isEqualTo("InvalidArgumentException");
  }

  @ParameterizedTest
  @EnumSource
  void tellsHowManyChannelsThereMayBe(Coding coding) {
    JsonNode limits = coding.call(server, "DescribeLimits", Map.of());

    assertThat(limits.path("ChannelCount").isInt()).isTrue();
    assertThat(limits.path("ChannelCount").asInt()).isZero();
    assertThat(limits.path("ChannelCountLimit").asInt()).isEqualTo(100);
    assertThat(limits.path("ShardLimit").asInt()).isPositive();
  }
}
