package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.testkit.Awaits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients in other languages, where they are installed; run with {@code -Pforeign}. */
@Tag("foreign")
class ForeignClientTest {

  private static final String STRICT =
      """
      millrace.gateway {
        auth = strict
        access-keys = [{ id = AKIDMILLER, secret = grain }]
      }
      """;

  @Test
  void servesPython() throws Exception {
    assumeThat(works("python3", "-c", "import boto3")).as("python3 with boto3").isTrue();
    try (TestServer server = TestServer.start(STRICT)) {
      assertThat(python(server.endpoint().toString(), "grain")).endsWith("ok\n");
      assertThat(python(server.tlsEndpoint().toString(), "grain")).endsWith("ok\n");
      assertThat(python(server.endpoint().toString(), "chaff"))
          .contains("InvalidSignatureException");
    }
  }

  @Test
  void servesTheCommandLine() throws Exception {
    assumeThat(works("aws", "--version")).as("the program aws").isTrue();
    try (TestServer server = TestServer.start(STRICT)) {
      String endpoint = server.endpoint().toString();
      assertThat(aws(endpoint, "create-stream", "--stream-name", "cli", "--shard-count", "1"))
          .isEmpty();
      assertThat(aws(endpoint, "list-streams")).contains("\"cli\"");
      assertThat(aws(endpoint, "describe-stream", "--stream-name", "nowhere"))
          .contains("ResourceNotFoundException");
      Awaits.get(server.millrace().awaitActive("cli"));
      assertThat(
              aws(
                  endpoint,
                  "put-record",
                  "--stream-name",
                  "cli",
                  "--partition-key",
                  "k",
                  "--data",
                  "ZmxvdXI="))
          .contains("shardId-000000000000");
      String iterator =
          aws(
                  endpoint,
                  "get-shard-iterator",
                  "--stream-name",
                  "cli",
                  "--shard-id",
                  "shardId-000000000000",
                  "--shard-iterator-type",
                  "TRIM_HORIZON",
                  "--query",
                  "ShardIterator",
                  "--output",
                  "text")
              .strip();
      // Version 2 of the program takes data in base64, version 1 as it is.
      assertThat(aws(endpoint, "get-records", "--shard-iterator", iterator))
          .containsAnyOf("ZmxvdXI=", "Wm14dmRYST0=");
      String stream =
          aws(
                  endpoint,
                  "describe-stream-summary",
                  "--stream-name",
                  "cli",
                  "--query",
                  "StreamDescriptionSummary.StreamARN",
                  "--output",
                  "text")
              .strip();
      assertThat(
              aws(
                  endpoint,
                  "register-stream-consumer",
                  "--stream-arn",
                  stream,
                  "--consumer-name",
                  "reader"))
          .contains(stream + "/consumer/reader:");
      assertThat(aws(endpoint, "list-stream-consumers", "--stream-arn", stream))
          .contains("\"reader\"");
    }
  }

  /** Whether a program is there, and does what it is asked. */
  private static boolean works(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  private static String python(String endpoint, String secret) throws Exception {
    Path script = Path.of(ForeignClientTest.class.getResource("/foreign/boto3_client.py").toURI());
    return run(List.of("python3", script.toString(), endpoint, "AKIDMILLER", secret));
  }

  private static String aws(String endpoint, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("aws", "kinesis"));
    command.addAll(List.of(arguments));
    return run(command, endpoint);
  }

  private static String run(List<String> command, String... endpoint)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (endpoint.length > 0) {
      builder
          .environment()
          .putAll(
              java.util.Map.of(
                  "AWS_ENDPOINT_URL_KINESIS", endpoint[0],
                  "AWS_ACCESS_KEY_ID", "AKIDMILLER",
                  "AWS_SECRET_ACCESS_KEY", "grain",
                  "AWS_DEFAULT_REGION", "ap-south-1"));
    }
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
