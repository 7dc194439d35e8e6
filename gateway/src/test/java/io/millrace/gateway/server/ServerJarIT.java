package io.millrace.gateway.server;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
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

  private static final Path JAR = Path.of(System.getProperty("millrace.jar"));

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final String LISTENING = "listening on ";

  /** The server is meant to answer within 3 seconds; a machine that is busy gets more. */
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path directory;

  private final List<Process> processes = new ArrayList<>();

  /** Of a test that has failed, some may still run. */
  @AfterEach
  void endProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

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
   * The build leaves the archive beside the jar, and the process of a server takes it in its place.
   */
  @Test
  @Timeout(60)
  void startsFromTheArchiveThatTheBuildMade() throws Exception {
    assertThat(loadedFromArchive(JAR)).isGreaterThan(5000);
  }

  /** Another jar has no archive, or the one that its users make. */
  @Test
  @Timeout(120)
  void makesAnArchiveWhenTold() throws Exception {
    Path jar = Files.copy(JAR, directory.resolve("mine.jar"));
    assertThat(loadedFromArchive(jar)).isZero();

    Process making = started(new ProcessBuilder(JAVA, "-jar", jar.toString(), "archive"));
    assertThat(Path.of(output(making).readLine())).isNotEmptyFile().hasParent(directory);
    assertThat(making.waitFor()).isZero();

    assertThat(loadedFromArchive(jar)).isGreaterThan(5000);
  }

  /** What is not an archive, or that of another jar, is as good as none. */
  @Test
  @Timeout(60)
  void startsWithoutAnArchiveThatIsNoGood() throws Exception {
    Path jar = Files.copy(JAR, directory.resolve("millrace.jar"));
    Files.writeString(ClassArchive.beside(jar), "no archive");
    assertThat(loadedFromArchive(jar)).isZero();

    Files.copy(ClassArchive.beside(JAR), ClassArchive.beside(jar), REPLACE_EXISTING);
    assertThat(loadedFromArchive(jar)).isZero();
  }

  /** Has a server of this jar answer, and counts the classes that it did not load itself. */
  private long loadedFromArchive(Path jar) throws Exception {
    Path loaded = directory.resolve("loaded.txt");
    Process server = java(jar, List.of(classesTo(loaded)), "--create", "orders:1");
    assertThat(client(endpoint(server)).listStreams().streamNames()).containsExactly("orders");
    terminate(server);
    return fromArchive(loaded);
  }

  private static String classesTo(Path file) {
    return "-Xlog:class+load:file=\"" + file + "\"";
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
    return java(JAR, List.of(), options);
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private Process java(Path jar, List<String> jvmOptions, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("--port", "0", "--data", data()));
    all.addAll(List.of(options));
    return run(jar, jvmOptions, all);
  }

  private Process run(String... options) throws IOException {
    return run(JAR, List.of(), List.of(options));
  }

  private Process run(Path jar, List<String> jvmOptions, List<String> options) throws IOException {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", jar.toString(), "server"));
    command.addAll(options);
    return started(new ProcessBuilder(command));
  }

  private Process started(ProcessBuilder command) throws IOException {
    Process process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    processes.add(process);
    return process;
  }

  private static URI endpoint(Process server) throws IOException {
    String line = output(server).readLine();
    assertThat(line).startsWith(LISTENING + "http://127.0.0.1:");
    return URI.create(line.substring(LISTENING.length()));
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
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
