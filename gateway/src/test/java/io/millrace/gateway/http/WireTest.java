package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.millrace.gateway.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no official client would send, and what exactly comes back. */
@Tag("database")
class WireTest {

  private static final String JSON = "application/x-amz-json-1.1";
  private static final String CBOR = "application/x-amz-cbor-1.1";
  private static final int LARGEST = 16 * 1024 * 1024;

  private static TestServer server;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    server = TestServer.start("millrace.gateway.max-connections = 100");
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {JSON, CBOR})
  void answersErrorsInTheEncodingOfTheRequest(String contentType) throws Exception {
    byte[] body = encoded(contentType, Map.of("StreamName", "nowhere"));
    HttpResponse<byte[]> response = post(contentType, "DescribeStream", body);
    assertError(response, 400, "ResourceNotFoundException");
    assertThat(tree(response).get("message").asText())
        .isEqualTo("Stream nowhere under account 000000000000 not found.");
    assertThat(header(response, "Content-Type")).isEqualTo(contentType);
    assertThat(UUID.fromString(header(response, "x-amzn-RequestId"))).isNotNull();
    assertThat(header(response, "x-amz-id-2")).isBase64();
    assertThat(response.headers().firstValue("Date")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "ListStreams, '{', SerializationException",
    "ListStreams, '[]', SerializationException",
    "ListStreams, '{\"Limit\":\"1\"}', SerializationException",
    "PutRecord, '{\"Data\":\"a\"}', SerializationException",
    "ListStreams, '{\"Limit\":0}', ValidationException",
    "DescribeStream, '{}', InvalidArgumentException",
    "GetRecords, '{\"ShardIterator\":\"AAA\"}', InvalidArgumentException",
    "CreateStream, '{\"StreamName\":\"s\"}', InvalidArgumentException",
    "StartStreamEncryption, '{}', ValidationException",
    "PutRecord, '{\"StreamName\":\"s\",\"Data\":\"\",\"DryRun\":true}', ResourceNotFoundException",
    "Nonsense, '{}', UnknownOperationException",
    "'', '{}', UnknownOperationException"
  })
  void namesWhatIsWrong(String operation, String body, String type) throws Exception {
    assertError(post(JSON, operation, body.getBytes(StandardCharsets.UTF_8)), 400, type);
  }

  @Test
  void refusesCborThatIsNone() throws Exception {
    assertError(post(CBOR, "ListStreams", new byte[] {0x5f}), 400, "SerializationException");
    assertError(
        post(CBOR, "ListStreams", "{}".getBytes(StandardCharsets.UTF_8)),
        400,
        "SerializationException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Kinesis_20131202", "Kinesis_20131202.", "DynamoDB.ListStreams", "."})
  void refusesOtherTargets(String target) throws Exception {
    HttpRequest request =
        request().header("Content-Type", JSON).header("X-Amz-Target", target).build();
    assertError(http.send(request, BodyHandlers.ofByteArray()), 400, "UnknownOperationException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/json", "application/x-amz-json-1.0", ";"})
  void hasNoEncodingForOtherContentTypes(String contentType) throws Exception {
    HttpResponse<byte[]> response = post(contentType, "ListStreams", new byte[] {'{', '}'});
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("<UnknownOperationException/>\n");
    assertThat(header(response, "x-amzn-RequestId")).isNotBlank();
  }

  @Test
  void takesAnEmptyBodyForNoMembers() throws Exception {
    HttpResponse<byte[]> response = post(JSON, "ListStreams", new byte[0]);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(tree(response).get("HasMoreStreams").asBoolean()).isFalse();
  }

  @Test
  void answersWithNothingWhereTheApiDoes() throws Exception {
    byte[] body = encoded(CBOR, Map.of("StreamName", "brief", "ShardCount", 1));
    HttpResponse<byte[]> response = post(CBOR, "CreateStream", body);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(header(response, "Content-Length")).isEqualTo("0");
    Awaits.await(server, "brief");
    assertThat(
            post(JSON, "DeleteStream", encoded(JSON, Map.of("StreamName", "brief"))).statusCode())
        .isEqualTo(200);
  }

  @Test
  void looksAtNeitherPathNorQuery() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.endpoint().resolve("/any/path?any=query"))
            .header("Content-Type", JSON + "; charset=utf-8")
            .header("X-Amz-Target", "Kinesis_20131202.ListStreams")
            .POST(BodyPublishers.ofString("{}"))
            .build();
    assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  @Test
  void isHealthy() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(server.endpoint().resolve("/_health")).build();
    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  @Test
  void takesNothingButPosts() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.endpoint()).PUT(BodyPublishers.ofString("{}")).build();
    HttpResponse<Void> response = http.send(request, BodyHandlers.discarding());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains("POST");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesBodiesThatAreTooLarge(boolean isAnnounced) throws Exception {
    byte[] body = new byte[LARGEST + 1];
    HttpRequest request =
        HttpRequest.newBuilder(server.endpoint())
            .header("Content-Type", JSON)
            .header("X-Amz-Target", "Kinesis_20131202.PutRecord")
            .POST(
                isAnnounced
                    ? BodyPublishers.ofByteArray(body)
                    : BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
            .build();
    HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).isEmpty();
    assertThat(post(JSON, "ListStreams", new byte[0]).statusCode()).isEqualTo(200);
  }

  @Test
  void readsBodiesUpToTheLargest() throws Exception {
    byte[] body = new byte[LARGEST];
    java.util.Arrays.fill(body, (byte) ' ');
    assertError(post(JSON, "PutRecord", body), 400, "SerializationException");
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() throws Exception {
    String head =
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: "
            + JSON
            + "\r\nX-Amz-Target: Kinesis_20131202.%s\r\nContent-Length: 2\r\n%s\r\n{}";
    try (Socket socket = connect()) {
      write(
          socket,
          head.formatted("ListStreams", "")
              + head.formatted("DescribeStream", "")
              + head.formatted("ListStreams", "Connection: close\r\n"));
      String answers = readToEnd(socket);
      assertThat(answers.split("HTTP/1.1 ", -1))
          .hasSize(4)
          .satisfies(parts -> assertThat(parts[1]).startsWith("200"))
          .satisfies(parts -> assertThat(parts[2]).startsWith("400").contains("InvalidArgument"))
          .satisfies(parts -> assertThat(parts[3]).startsWith("200"));
    }
  }

  @Test
  void readsWhatComesByteByByte() throws Exception {
    try (Socket socket = connect()) {
      socket.setTcpNoDelay(true);
      String request =
          "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: "
              + JSON
              + "\r\nX-Amz-Target: Kinesis_20131202.ListStreams\r\nContent-Length: 2\r\n"
              + "Connection: close\r\n\r\n{}";
      for (byte each : request.getBytes(StandardCharsets.US_ASCII)) {
        socket.getOutputStream().write(each);
        socket.getOutputStream().flush();
      }
      assertThat(readToEnd(socket)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void saysWhenToGoOn() throws Exception {
    try (Socket socket = connect()) {
      write(
          socket,
          """
          POST / HTTP/1.1\r
          Host: x\r
          Expect: 100-continue\r
          Content-Length: 2\r
          Connection: close\r
          \r
          """);
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 100");
      write(socket, "{}");
      assertThat(readToEnd(socket)).contains("HTTP/1.1 404");
    }
  }

  @Test
  void closesOnWhatIsNoHttp() throws Exception {
    try (Socket socket = connect()) {
      write(socket, "nonsense\r\n\r\n");
      assertThat(readToEnd(socket)).startsWith("HTTP/1.1 400");
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.gateway().port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String readToEnd(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static HttpRequest.Builder request() {
    return HttpRequest.newBuilder(server.endpoint()).POST(BodyPublishers.ofString("{}"));
  }

  private static HttpResponse<byte[]> post(String contentType, String operation, byte[] body)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(server.endpoint())
            .header("Content-Type", contentType)
            .header("X-Amz-Target", "Kinesis_20131202." + operation)
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static void assertError(HttpResponse<byte[]> response, int status, String type)
      throws IOException {
    JsonNode error = tree(response);
    assertThat(error.get("__type").asText()).isEqualTo(type);
    assertThat(error.get("message").asText()).isNotBlank();
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(header(response, "x-amzn-ErrorType")).isEqualTo(type);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }

  private static byte[] encoded(String contentType, Object value) throws IOException {
    return mapper(contentType).writeValueAsBytes(value);
  }

  private static JsonNode tree(HttpResponse<byte[]> response) throws IOException {
    return mapper(header(response, "Content-Type")).readTree(response.body());
  }

  private static ObjectMapper mapper(String contentType) {
    return contentType.equals(CBOR) ? new ObjectMapper(new CBORFactory()) : new ObjectMapper();
  }

  private static final class Awaits {
    static void await(TestServer server, String stream) {
      io.millrace.testkit.Awaits.get(server.millrace().awaitActive(stream));
    }
  }
}
