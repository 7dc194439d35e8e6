package io.millrace.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.gateway.SdkClients;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** The packaged server, started as a user starts it. */
@Tag("process")
class ServerJarIT {

  private static final String LISTENING = "listening on ";

  /** The server is meant to answer within 3 seconds; a machine that is busy gets more. */
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  @Timeout(120)
  void keepsWhatWasPutAndEndsWhenTold() throws Exception {
    long start = System.nanoTime();
    Process server = start("--create", "orders:1");
    KinesisClient kinesis = client(endpoint(server));
    kinesis.putRecord(
        r -> r.streamName("orders").partitionKey("k").data(SdkBytes.fromUtf8String("bread")));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    terminate(server);

    Process again = start("--create", "orders:1,audit:2");
    URI endpoint = endpoint(again);
    kinesis = client(endpoint);
    assertThat(kinesis.listStreams().streamNames()).containsExactly("audit", "orders");
    String iterator =
        kinesis
            .getShardIterator(
                r ->
                    r.streamName("orders")
                        .shardId("shardId-000000000000")
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();
    assertThat(kinesis.getRecords(r -> r.shardIterator(iterator)).records())
        .extracting(Record::data)
        .extracting(SdkBytes::asUtf8String)
        .containsExactly("bread");
    byte[] certificate = certificateAfterTls(endpoint);
    terminate(again);

    Process onceMore = start();
    assertThat(certificateAfterTls(endpoint(onceMore))).isEqualTo(certificate);
    terminate(onceMore);
  }

  @Test
  @Timeout(60)
  void refusesAPortThatIsTaken() throws Exception {
    Process first = start();
    int port = endpoint(first).getPort();
    Path elsewhere = directory.resolve("elsewhere");
    Process second = run("--port", Integer.toString(port), "--data", elsewhere.toString());
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    terminate(first);
  }

  /**
   * The script keeps an archive of the classes beside the jar: made at one end, used at all starts.
   */
  @Test
  @Timeout(120)
  void startsWithAnArchiveOfItsClasses() throws Exception {
    Path jar =
        Files.copy(Path.of(System.getProperty("millrace.jar")), directory.resolve("millrace.jar"));
    Path archive = directory.resolve("millrace.jsa");
    Path loaded = directory.resolve("loaded.txt");

    Process first = script(jar, loaded, "--create", "orders:1");
    assertThat(client(endpoint(first)).listStreams().streamNames()).containsExactly("orders");
    terminate(first);
    assertThat(archive).isNotEmptyFile();
    assertThat(fromArchive(loaded)).isZero();

    Process again = script(jar, loaded);
    assertThat(client(endpoint(again)).listStreams().streamNames()).containsExactly("orders");
    terminate(again);
    assertThat(fromArchive(loaded)).isGreaterThan(5000);
  }

  private Process script(Path jar, Path loaded, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("../bin/millrace", "server"));
    command.addAll(List.of("--port", "0", "--data", data()));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "MILLRACE_JAR",
                jar.toString(),
                "JAVA_OPTIONS",
                "-Xlog:class+load:file=" + loaded));
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static long fromArchive(Path loaded) throws IOException {
    try (Stream<String> lines = Files.lines(loaded)) {
      return lines.filter(line -> line.endsWith("shared objects file (top)")).count();
    }
  }

  private byte[] certificateAfterTls(URI endpoint) throws IOException {
    try (KinesisClient kinesis =
        SdkClients.sync(
            URI.create("https://127.0.0.1:" + endpoint.getPort()),
            ApacheHttpClient.builder().buildWithDefaults(SdkClients.TRUSTING),
            SdkClients.credentials("test", "test"))) {
      assertThat(kinesis.listStreams().streamNames()).contains("orders");
    }
    return Files.readAllBytes(directory.resolve("data/tls/certificate.pem"));
  }

  private Process start(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("--port", "0", "--data", data()));
    all.addAll(List.of(options));
    return run(all.toArray(String[]::new));
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private static Process run(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("millrace.jar"),
                "server"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static URI endpoint(Process server) throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    assertThat(line).startsWith(LISTENING + "http://127.0.0.1:");
    return URI.create(line.substring(LISTENING.length()));
  }

  private static KinesisClient client(URI endpoint) {
    return SdkClients.sync(endpoint, UrlConnectionHttpClient.builder());
  }

  private static void terminate(Process server) throws InterruptedException {
    server.destroy();
    assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isZero();
  }
}
