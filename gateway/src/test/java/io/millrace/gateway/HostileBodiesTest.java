package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.testkit.Awaits;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bodies that nobody would send by mistake. Whatever comes is answered, and is the fault of who
 * sent it. The server has room for few bodies, so that one that is never given back is missed soon.
 */
@Tag("database")
@ExtendWith(Seeds.class)
class HostileBodiesTest {

  private static final String JSON = "application/x-amz-json-1.1";
  private static final String CBOR = "application/x-amz-cbor-1.1";
  private static final int BODIES = 1000;
  private static final Set<String> OUR_FAULT =
      Set.of("InternalFailureException", "InternalFailure", "ServiceUnavailable");

  private static final CBORFactory LENIENT_CBOR =
      CBORFactory.builder().enable(CBORGenerator.Feature.LENIENT_UTF_ENCODING).build();

  private static TestServer server;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    server = TestServer.start("millrace.gateway.max-buffered-bytes = 1 MiB");
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {JSON, CBOR})
  void answersWhateverComes(String contentType, Seed seed) throws Exception {
    Random random = seed.random(contentType);
    HostileBodies bodies = new HostileBodies(random, mapper(contentType));
    for (int i = 0; i < BODIES; i++) {
      if (i % 200 == 0) {
        haveStream();
      }
      String operation = bodies.operation();
      assertAnswered(contentType, operation, bodies.next(operation));
    }
    assertHealthy();
  }

  /** Halves of surrogate pairs are text to the parser, and are none to the writer. */
  @Test
  void answersTextThatIsNone() throws Exception {
    haveStream();
    for (String stream : List.of("orders", "\\ud83d")) {
      String lone =
          "{\"StreamName\":\"%s\",\"PartitionKey\":\"\\ude00\",\"Data\":\"\"}".formatted(stream);
      assertAnswered(JSON, "PutRecord", lone.getBytes(StandardCharsets.UTF_8));
    }
    // The same half in three bytes, as no encoder of UTF-8 writes it.
    for (String text : List.of("eda0bd", "edb880", "c080", "f8888080", "ff")) {
      byte[] name = HexFormat.of().parseHex(text);
      ByteArrayOutputStream cbor = new ByteArrayOutputStream();
      cbor.write(0xa1);
      cbor.write(0x6a);
      cbor.writeBytes("StreamName".getBytes(StandardCharsets.US_ASCII));
      cbor.write(0x60 + name.length);
      cbor.writeBytes(name);
      assertAnswered(CBOR, "DescribeStream", cbor.toByteArray());
      ByteArrayOutputStream json = new ByteArrayOutputStream();
      json.writeBytes("{\"StreamName\":\"".getBytes(StandardCharsets.US_ASCII));
      json.writeBytes(name);
      json.writeBytes("\"}".getBytes(StandardCharsets.US_ASCII));
      assertAnswered(JSON, "DescribeStream", json.toByteArray());
    }
  }

  /** What is shown of a long value ends in the middle of a character. */
  @ParameterizedTest
  @ValueSource(strings = {JSON, CBOR})
  void shortensTextOfPairs(String contentType) throws Exception {
    for (String start : List.of("", "a")) {
      byte[] body =
          mapper(contentType)
              .writeValueAsBytes(
                  java.util.Map.of("StreamName", start + "\ud83c\udf3e".repeat(600)));
      assertAnswered(contentType, "DescribeStream", body);
    }
  }

  @Test
  void answersDeepNestingAndLongNumbers() throws Exception {
    for (String deep :
        List.of(
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            "{\"Tags\":" + "[".repeat(100_000),
            "{\"Limit\":" + "9".repeat(500_000) + "}",
            "{\"Limit\":0." + "9".repeat(500_000) + "}",
            "{\"Limit\":1e999999999999}",
            "{\"Limit\":-1e-2147483648}",
            "{\"" + "a".repeat(500_000) + "\":1}")) {
      assertAnswered(JSON, "ListStreams", deep.getBytes(StandardCharsets.US_ASCII));
    }
    for (String deep : List.of("9f", "bf61615f", "81", "a16161", "c1", "d9d9f7")) {
      byte[] unit = HexFormat.of().parseHex(deep);
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.write(0xbf);
      body.write(0x61);
      body.write('a');
      for (int i = 0; i < 100_000; i++) {
        body.writeBytes(unit);
      }
      assertAnswered(CBOR, "ListStreams", body.toByteArray());
    }
    // Lengths that nothing follows.
    for (String claim : List.of("5b7fffffffffffffff", "7b7fffffffffffffff", "9bffffffffffffffff")) {
      byte[] body = HexFormat.of().parseHex("bf6444617461" + claim);
      assertAnswered(CBOR, "PutRecord", body);
    }
    assertHealthy();
  }

  private static void assertAnswered(String contentType, String operation, byte[] body)
      throws IOException, InterruptedException {
    String sent =
        "%s %s %s"
            .formatted(
                operation,
                contentType,
                HexFormat.of().formatHex(body, 0, Math.min(body.length, 2000)));
    HttpResponse<InputStream> response;
    try {
      response =
          http.send(
              HttpRequest.newBuilder(server.endpoint())
                  .timeout(Duration.ofSeconds(30))
                  .header("Content-Type", contentType)
                  .header("X-Amz-Target", "Kinesis_20131202." + operation)
                  .POST(BodyPublishers.ofByteArray(body))
                  .build(),
              BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new AssertionError("no answer to " + sent, e);
    }
    try (InputStream answer = response.body()) {
      assertThat(response.statusCode()).as(sent).isIn(200, 400);
      if (response.statusCode() == 400) {
        assertThat(type(contentType, answer.readAllBytes())).as(sent).isNotIn(OUR_FAULT);
      } else if (!response.headers().firstValue("Content-Type").orElse("").contains("event")) {
        answer.readAllBytes();
      }
    }
  }

  private static String type(String contentType, byte[] answer) throws JsonProcessingException {
    try {
      JsonNode error = mapper(contentType).readTree(answer);
      return error.get("__type").asText();
    } catch (IOException e) {
      throw new AssertionError("not " + contentType, e);
    }
  }

  private static void assertHealthy() throws Exception {
    byte[] nothing = {'{', '}'};
    assertAnswered(JSON, "ListStreams", nothing);
  }

  private static void haveStream() {
    Awaits.await(
        "a stream",
        () -> {
          try {
            Awaits.get(
                server
                    .millrace()
                    .client()
                    .createStream(CreateStreamRequest.provisioned("orders", 1)));
          } catch (ResourceInUseException exists) {
            // As it should.
          }
          Awaits.get(server.millrace().awaitActive("orders"));
          return true;
        });
  }

  private static ObjectMapper mapper(String contentType) {
    return contentType.equals(CBOR) ? new ObjectMapper(LENIENT_CBOR) : new ObjectMapper();
  }
}
