package io.millrace.junit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.gateway.Gateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** An engine in a directory of its own, a gateway over it, and clients of that. */
final class RunningMillrace implements CloseableResource {

  private static final AwsCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

  private final Path directory;
  private final Millrace millrace;
  private final Gateway gateway;
  private final KinesisClient kinesis;
  private final KinesisAsyncClient kinesisAsync;

  private RunningMillrace(Path directory, Millrace millrace, Gateway gateway) {
    this.directory = directory;
    this.millrace = millrace;
    this.gateway = gateway;
    this.kinesis =
        KinesisClient.builder()
            .endpointOverride(gateway.endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(CREDENTIALS)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
    this.kinesisAsync =
        KinesisAsyncClient.builder()
            .endpointOverride(gateway.endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(CREDENTIALS)
            .httpClientBuilder(NettyNioAsyncHttpClient.builder())
            .build();
  }

  static RunningMillrace start(MillraceTest settings) {
    Path directory = newDirectory();
    Config config =
        ConfigFactory.parseMap(
            Map.of(
                "millrace.storage.directory",
                directory.toString(),
                // A test is over before the power fails.
                "millrace.storage.jdbc.durability",
                "process",
                "millrace.limits.mode",
                settings.limits() ? "kinesis" : "off"));
    Millrace millrace = Millrace.open(config);
    try {
      for (String stream : settings.streams()) {
        create(millrace, stream);
      }
      return new RunningMillrace(directory, millrace, Gateway.bind(millrace, 0));
    } catch (RuntimeException failure) {
      millrace.close();
      throw failure;
    }
  }

  private static void create(Millrace millrace, String stream) {
    String[] parts = stream.split(":", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("not of the form name:shards: " + stream);
    }
    millrace
        .client()
        .createStream(CreateStreamRequest.provisioned(parts[0], Integer.parseInt(parts[1])))
        .thenCompose(created -> millrace.awaitActive(parts[0]))
        .toCompletableFuture()
        .join();
  }

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory("millrace-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI endpoint() {
    return gateway.endpoint();
  }

  KinesisClient kinesis() {
    return kinesis;
  }

  KinesisAsyncClient kinesisAsync() {
    return kinesisAsync;
  }

  Millrace millrace() {
    return millrace;
  }

  @Override
  public void close() throws IOException {
    kinesis.close();
    kinesisAsync.close();
    gateway.close();
    millrace.close();
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }
}
