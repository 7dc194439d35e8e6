package io.millrace.gateway;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.gateway.settings.GatewaySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A gateway over an engine on H2, in a directory that goes with it. */
public final class TestServer implements AutoCloseable {

  private final Path directory;
  private final Millrace millrace;
  private final Gateway gateway;

  private TestServer(Path directory, Millrace millrace, Gateway gateway) {
    this.directory = directory;
    this.millrace = millrace;
    this.gateway = gateway;
  }

  /** A server with the limits off. */
  public static TestServer start() {
    return start("");
  }

  /** A server with these settings in HOCON. */
  public static TestServer start(String settings) {
    try {
      Path directory = Files.createTempDirectory("millrace-gateway");
      Config config =
          ConfigFactory.load(
              ConfigFactory.parseString(settings)
                  .withFallback(
                      ConfigFactory.parseMap(
                          Map.of(
                              "millrace.storage.directory",
                              directory.toString(),
                              "millrace.storage.jdbc.durability",
                              "process",
                              "millrace.limits.mode",
                              "off",
                              "millrace.gateway.port",
                              0))));
      GatewaySettings gatewaySettings = GatewaySettings.of(config);
      Millrace millrace = Millrace.open(config);
      try {
        return new TestServer(directory, millrace, Gateway.bind(millrace, gatewaySettings));
      } catch (RuntimeException failure) {
        millrace.close();
        throw failure;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Millrace millrace() {
    return millrace;
  }

  public Gateway gateway() {
    return gateway;
  }

  public URI endpoint() {
    return gateway.endpoint();
  }

  public URI tlsEndpoint() {
    return gateway.tlsEndpoint();
  }

  @Override
  public void close() {
    gateway.close();
    millrace.close();
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
