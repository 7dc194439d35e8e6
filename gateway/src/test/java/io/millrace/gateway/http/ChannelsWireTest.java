package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.gateway.TestServer;
import io.millrace.testkit.Awaits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The five operations of channels, which the official client of Java does not have yet. */
@Tag("database")
class ChannelsWireTest {

  private static final String STREAMS = "arn:aws:kinesis:us-east-1:000000000000:stream/";
  private static final String CHANNELS = "arn:aws:kinesis:us-east-1:000000000000:channel/";
  @TempDir static Path buckets;

  private static TestServer server;

  private final String stream = "s-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            "millrace.channels { directory = \"%s\", min-data-freshness = 1s }".formatted(buckets));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private void createStream(Coding coding, Map<String, ?> mode) {
    Map<String, Object> members = new HashMap<>(mode);
    members.put("StreamName", stream);
    assertThat(coding.error(server, "CreateStream", members)).isEmpty();
    Awaits.await(
        "an active stream", () -> summary(coding).path("StreamStatus").asText().equals("ACTIVE"));
  }

  private JsonNode summary(Coding coding) {
    return coding
        .call(server, "DescribeStreamSummary", Map.of("StreamName", stream))
        .path("StreamDescriptionSummary");
  }

  private Map<String, Object> channel(String bucket) {
    Map<String, Object> members = new HashMap<>();
    members.put("ChannelName", "to-" + bucket);
    members.put("ServiceExecutionRoleARN", "arn:aws:iam::000000000000:role/miller");
    members.put(
        "StreamConfigurationList",
        List.of(
            Map.of(
                "StreamARN",
                STREAMS + stream,
                "RecordConfiguration",
                Map.of("RecordFormatType", "STRING"))));
    members.put(
        "S3DestinationConfiguration",
        Map.of(
            "DataFreshnessInSeconds",
            1,
            "StorageConfiguration",
            Map.of(
                "BucketARN",
                "arn:aws:s3:::" + bucket,
                "ExpectedBucketOwner",
                "000000000000",
                "CompressionType",
                "NONE")));
    members.put("Tags", Map.of("team", "mill"));
    return members;
  }

  private static List<Path> files(String bucket) throws IOException {
    Path directory = buckets.resolve(bucket);
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void livesAndDelivers(Coding coding) {
    createStream(coding, Map.of("StreamModeDetails", Map.of("StreamMode", "ON_DEMAND")));
    String bucket = "b-" + UUID.randomUUID();

    JsonNode created =
        coding.call(server, "CreateChannel", channel(bucket)).path("ChannelDescription");
    String arn = created.path("ChannelARN").asText();
    assertThat(arn).startsWith(CHANNELS + "to-" + bucket + "/");
    assertThat(created.path("ChannelStatus").asText()).isEqualTo("CREATING");
    assertThat(created.path("ChannelCreationTimestamp").isNumber()).isTrue();
    Awaits.await("an active channel", () -> status(coding, arn).equals("ACTIVE"));
    JsonNode described = describe(coding, arn);
    assertThat(described.path("S3DestinationConfiguration").path("DataFreshnessInSeconds").asInt())
        .isEqualTo(1);
    assertThat(
            described
                .path("LoggingConfiguration")
                .path("CloudWatchLogs")
                .path("LogStreamName")
                .asText())
        .isEqualTo("DestinationDelivery");
    assertThat(described.has("S3TablesDestinationConfiguration")).isFalse();
    assertThat(described.has("ChannelStatusReason")).isFalse();
    assertThat(summary(coding).path("ChannelCount").asInt()).isEqualTo(1);
    assertThat(
            coding
                .call(server, "ListTagsForResource", Map.of("ResourceARN", arn))
                .path("Tags")
                .path(0)
                .path("Key")
                .asText())
        .isEqualTo("team");

    assertThat(
            coding.error(
                server,
                "PutRecord",
                Map.of(
                    "StreamName",
                    stream,
                    "PartitionKey",
                    "k",
                    "Data",
                    "grain".getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
    Awaits.await("a file", () -> files(bucket).size() == 1);
    Awaits.await("its record", () -> Files.readString(files(bucket).get(0)).equals("grain\n"));

    JsonNode listed =
        coding.call(
            server,
            "ListChannels",
            Map.of("StreamFilter", List.of(Map.of("StreamARN", STREAMS + stream))));
    assertThat(listed.path("ChannelSummaries").size()).isEqualTo(1);
    JsonNode summary = listed.path("ChannelSummaries").path(0);
    assertThat(summary.path("ChannelDestinationType").asText()).isEqualTo("S3");
    assertThat(summary.path("Streams").path(0).path("StreamARN").asText())
        .isEqualTo(STREAMS + stream);
    assertThat(listed.has("NextToken")).isFalse();

    JsonNode updated =
        coding
            .call(
                server,
                "UpdateChannel",
                Map.of(
                    "ChannelARN",
                    arn,
                    "S3DestinationConfiguration",
                    Map.of("DataFreshnessInSeconds", 2)))
            .path("ChannelDescription");
    assertThat(updated.path("ChannelStatus").asText()).isEqualTo("UPDATING");
    Awaits.await("an active channel", () -> status(coding, arn).equals("ACTIVE"));

    assertThat(coding.error(server, "DeleteStream", Map.of("StreamName", stream)))
        .isEqualTo("ResourceInUseException");
    assertThat(coding.error(server, "DeleteChannel", Map.of("ChannelARN", arn))).isEmpty();
    Awaits.await(
        "the channel to be gone",
        () ->
            coding
                .error(server, "DescribeChannel", Map.of("ChannelARN", arn))
                .equals("ResourceNotFoundException"));
    assertThat(coding.error(server, "DeleteStream", Map.of("StreamName", stream))).isEmpty();
  }

  private static JsonNode describe(Coding coding, String arn) {
    return coding
        .call(server, "DescribeChannel", Map.of("ChannelARN", arn))
        .path("ChannelDescription");
  }

  private static String status(Coding coding, String arn) {
    return describe(coding, arn).path("ChannelStatus").asText();
  }

  @ParameterizedTest
  @EnumSource
  void refusesByTheNamesOfTheService(Coding coding) {
    createStream(coding, Map.of("ShardCount", 1));
    assertThat(coding.error(server, "CreateChannel", channel("flour")))
        .isEqualTo("InvalidArgumentException");
    Map<String, Object> malformed = channel("flour");
    malformed.put("ChannelName", "a b");
    assertThat(coding.error(server, "CreateChannel", malformed)).isEqualTo("ValidationException");
    Map<String, Object> incomplete = channel("flour");
    incomplete.remove("ServiceExecutionRoleARN");
    assertThat(coding.call(server, "CreateChannel", incomplete).path("message").asText())
        .contains("at 'serviceExecutionRoleARN'");
    for (String operation : List.of("DescribeChannel", "DeleteChannel")) {
      assertThat(coding.error(server, operation, Map.of("ChannelARN", CHANNELS + "none/1")))
          .isEqualTo("ResourceNotFoundException");
      assertThat(coding.error(server, operation, Map.of("ChannelARN", "none")))
          .isEqualTo("ValidationException");
    }
    assertThat(
            coding.error(
                server,
                "UpdateChannel",
                Map.of(
                    "ChannelARN",
                    CHANNELS + "none/1",
                    "S3DestinationConfiguration",
                    Map.of("DataFreshnessInSeconds", 300))))
        .isEqualTo("ResourceNotFoundException");
    assertThat(coding.error(server, "ListChannels", Map.of("NextToken", "made up")))
        .isEqualTo("InvalidArgumentException");
  }
}
