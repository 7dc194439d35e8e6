package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Awaits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was counted, as Prometheus reads it. */
@Tag("database")
class MetricsPageTest {

  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"([^\"]*)\",?");

  private final HttpClient http = HttpClient.newHttpClient();

  /** A name and its labels, in the order of the alphabet. */
  private record Sample(String name, Map<String, String> labels) {

    static Sample of(String name, String... labels) {
      Map<String, String> all = new TreeMap<>();
      for (int i = 0; i < labels.length; i += 2) {
        all.put(labels[i], labels[i + 1]);
      }
      return new Sample(name, all);
    }
  }

  private HttpResponse<String> get(TestServer server, String path) throws Exception {
    URI uri = server.endpoint().resolve(path);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private int post(TestServer server, String operation, String body) throws Exception {
    return http.send(
            HttpRequest.newBuilder(server.endpoint())
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", "Kinesis_20131202." + operation)
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  /** Every line, taken apart as the text format says. */
  private static Map<Sample, Double> parsed(String page) {
    Map<Sample, Double> samples = new HashMap<>();
    for (String line : page.lines().toList()) {
      if (line.startsWith("#")) {
        assertThat(line).matches(COMMENT);
        continue;
      }
      Matcher matcher = SAMPLE.matcher(line);
      assertThat(matcher.matches()).as(line).isTrue();
      Map<String, String> labels = new TreeMap<>();
      if (matcher.group(2) != null) {
        Matcher label = LABEL.matcher(matcher.group(2));
        int end = 0;
        while (label.find()) {
          assertThat(label.start()).as(line).isEqualTo(end);
          labels.put(label.group(1), label.group(2));
          end = label.end();
        }
        assertThat(end).as(line).isEqualTo(matcher.group(2).length());
      }
      Double earlier =
          samples.put(new Sample(matcher.group(1), labels), Double.parseDouble(matcher.group(3)));
      assertThat(earlier).as("twice: " + line).isNull();
    }
    return samples;
  }

  @Test
  void showsWhatTheEngineAndTheGatewayHaveCounted() throws Exception {
    try (TestServer server = TestServer.start("millrace.gateway.metrics = on")) {
      Awaits.get(server.millrace().client().createStream("orders", 1));
      Awaits.get(server.millrace().awaitActive("orders"));
      String put = "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"aGVsbG8=\"}";
      for (int i = 0; i < 3; i++) {
        assertThat(post(server, "PutRecord", put)).isEqualTo(200);
      }
      assertThat(post(server, "DescribeStream", "{\"StreamName\":\"nowhere\"}")).isEqualTo(400);
      assertThat(post(server, "Nonsense", "{}")).isEqualTo(400);
      assertThat(
              post(
                  server,
                  "EnableEnhancedMonitoring",
                  "{\"StreamName\":\"orders\",\"ShardLevelMetrics\":[\"IncomingBytes\"]}"))
          .isEqualTo(200);
      assertThat(post(server, "PutRecord", put)).isEqualTo(200);

      HttpResponse<String> page = get(server, "/metrics");

      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      Map<Sample, Double> samples = parsed(page.body());
      assertThat(samples)
          .containsEntry(Sample.of("millrace_incoming_records_total", "stream", "orders"), 4.0)
          .containsEntry(Sample.of("millrace_incoming_bytes_total", "stream", "orders"), 24.0)
          .containsEntry(
              Sample.of(
                  "millrace_shard_incoming_bytes_total",
                  "stream",
                  "orders",
                  "shard",
                  "shardId-000000000000"),
              6.0)
          .containsEntry(
              Sample.of(
                  "millrace_calls_seconds_count",
                  "stream",
                  "orders",
                  "operation",
                  "PutRecord",
                  "result",
                  "success"),
              4.0)
          .containsEntry(requests("PutRecord", "none"), 4.0)
          .containsEntry(requests("DescribeStream", "ResourceNotFoundException"), 1.0)
          .containsEntry(requests("none", "UnknownOperationException"), 1.0)
          .containsEntry(requests("EnableEnhancedMonitoring", "none"), 1.0);
      assertThat(samples).containsKey(Sample.of("millrace_window_bytes"));
      assertThat(get(server, "/metrics?name=all").statusCode()).isEqualTo(200);
    }
  }

  private static Sample requests(String operation, String error) {
    return Sample.of(
        "millrace_gateway_requests_seconds_count", "operation", operation, "error", error);
  }

  @Test
  void isThereOnlyIfItIsWanted() throws Exception {
    try (TestServer server = TestServer.start()) {
      assertThat(get(server, "/metrics").statusCode()).isEqualTo(405);
      assertThat(get(server, "/_health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void itsMetricIsInTheTable() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/metrics.md")).stream()
            .filter(line -> line.startsWith("| `millrace.gateway."))
            .toList();
    assertThat(rows)
        .singleElement()
        .asString()
        .startsWith("| `millrace.gateway.requests` | timer | seconds | operation, error |");
  }
}
