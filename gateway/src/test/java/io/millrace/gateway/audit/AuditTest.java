package io.millrace.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.gateway.SdkClients;
import io.millrace.gateway.TestServer;
import io.millrace.testkit.Awaits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** What is written down of the calls of an official client. */
@Tag("database")
class AuditTest {

  private static final String SECRET = "the-data-of-a-record";

  @TempDir Path directory;

  private interface Calls {
    void make(KinesisClient client) throws IOException;
  }

  private List<JsonNode> linesOf(String settings, Calls calls) throws IOException {
    Path file = directory.resolve(UUID.randomUUID() + ".log");
    String audit = "millrace.gateway.audit.file = \"%s\"\n".formatted(file);
    try (TestServer server = TestServer.start(audit + settings);
        SdkHttpClient transport = ApacheHttpClient.create();
        KinesisClient client =
            SdkClients.sync(
                server.endpoint(), transport, SdkClients.credentials("MILLER", "grain"))) {
      calls.make(client);
    }
    assertThat(file).content().doesNotContain(SECRET);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  private static void put(KinesisClient client) {
    client.putRecord(
        r -> r.streamName("orders").partitionKey("key").data(SdkBytes.fromUtf8String(SECRET)));
  }

  private static List<String> names(List<JsonNode> lines) {
    return lines.stream().map(line -> line.get("eventName").asText()).toList();
  }

  @Test
  void aControlCallHasALine() throws IOException {
    Instant before = Instant.now().minusSeconds(1);
    List<JsonNode> lines =
        linesOf(
            """
            millrace.gateway {
              auth = strict
              access-keys = [{ id = MILLER, secret = grain, user = miller }]
            }
            """,
            client -> {
              client.createStream(
                  r -> r.streamName("orders").shardCount(1).tags(Map.of("Team", "mill")));
              assertThatThrownBy(() -> client.deleteStream(r -> r.streamName("bills")))
                  .isInstanceOf(KinesisException.class);
              client.listStreams();
            });

    assertThat(names(lines)).containsExactly("CreateStream", "DeleteStream", "ListStreams");
    JsonNode created = lines.get(0);
    assertThat(created.get("eventVersion").asText()).isEqualTo("1.11");
    assertThat(created.get("eventSource").asText()).isEqualTo("kinesis.amazonaws.com");
    assertThat(created.get("eventType").asText()).isEqualTo("AwsApiCall");
    assertThat(Instant.parse(created.get("eventTime").asText()))
        .isBetween(before, Instant.now().plusSeconds(1));
    assertThat(created.get("awsRegion").asText()).isEqualTo("us-east-1");
    assertThat(created.get("sourceIPAddress").asText()).isEqualTo("127.0.0.1");
    assertThat(created.get("userAgent").asText()).contains("aws-sdk-java");
    assertThat(created.get("recipientAccountId").asText()).isEqualTo("000000000000");
    assertThat(created.get("userIdentity").toString())
        .isEqualTo(
            "{\"type\":\"IAMUser\",\"principalId\":\"miller\","
                + "\"arn\":\"arn:aws:iam::000000000000:user/miller\","
                + "\"accountId\":\"000000000000\",\"accessKeyId\":\"MILLER\","
                + "\"userName\":\"miller\"}");
    assertThat(created.get("requestParameters").toString())
        .contains("\"streamName\":\"orders\"", "\"shardCount\":1", "\"tags\":{\"Team\":\"mill\"}");
    assertThat(created.get("responseElements").isNull()).isTrue();
    assertThat(created.has("errorCode")).isFalse();
    assertThat(UUID.fromString(created.get("requestID").asText())).isNotNull();
    assertThat(UUID.fromString(created.get("eventID").asText())).isNotNull();
    JsonNode failed = lines.get(1);
    assertThat(failed.get("errorCode").asText()).isEqualTo("ResourceNotFoundException");
    assertThat(failed.get("errorMessage").asText()).contains("bills");
    assertThat(lines.get(2).get("readOnly").asBoolean()).isTrue();
    assertThat(lines.get(2).get("requestParameters").isNull()).isTrue();
  }

  @Test
  void putsAndReadsHaveALineOnlyIfAskedFor() throws IOException {
    Calls calls =
        client -> {
          client.createStream(r -> r.streamName("orders").shardCount(1));
          Awaits.await(
              "an active stream",
              () ->
                  client
                      .describeStreamSummary(r -> r.streamName("orders"))
                      .streamDescriptionSummary()
                      .streamStatusAsString()
                      .equals("ACTIVE"));
          put(client);
          client.putRecords(
              r ->
                  r.streamName("orders")
                      .records(
                          PutRecordsRequestEntry.builder()
                              .partitionKey("key")
                              .data(SdkBytes.fromUtf8String(SECRET))
                              .build()));
        };

    assertThat(names(linesOf("", calls)))
        .contains("CreateStream", "DescribeStreamSummary")
        .doesNotContain("PutRecord", "PutRecords");
    List<JsonNode> all = linesOf("millrace.gateway.audit.data-plane = true", calls);
    assertThat(names(all)).endsWith("PutRecord", "PutRecords");
    JsonNode one = all.get(all.size() - 2);
    assertThat(one.get("requestParameters").toString())
        .contains("\"partitionKey\":\"key\"")
        .doesNotContain("data");
    assertThat(one.get("responseElements").get("sequenceNumber").asText()).isNotEmpty();
    assertThat(one.get("eventCategory").asText()).isEqualTo("Data");
    assertThat(one.get("resources").get(0).get("ARN").asText())
        .isEqualTo("arn:aws:kinesis:us-east-1:000000000000:stream/orders");
    JsonNode many = all.get(all.size() - 1);
    assertThat(many.get("requestParameters").get("recordCount").asInt()).isEqualTo(1);
    assertThat(many.get("responseElements").get("failedRecordCount").asInt()).isZero();
  }

  @Test
  void whoeverIsTurnedAwayHasALineToo() throws IOException {
    List<JsonNode> lines =
        linesOf(
            """
            millrace.gateway { auth = strict, access-keys = [{ id = OTHER, secret = x }] }
            """,
            client -> assertThatThrownBy(client::listStreams).isInstanceOf(KinesisException.class));

    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).get("errorCode").asText()).isEqualTo("UnrecognizedClientException");
    assertThat(lines.get(0).get("userIdentity").toString()).isEqualTo("{\"type\":\"Unknown\"}");
  }
}
