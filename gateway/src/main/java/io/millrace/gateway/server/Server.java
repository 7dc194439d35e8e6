package io.millrace.gateway.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.gateway.Gateway;
import io.millrace.gateway.settings.GatewaySettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** An engine and a gateway over it. */
final class Server implements AutoCloseable {

  private static final String TLS_DIRECTORY = "millrace.gateway.tls.directory";

  private final Millrace millrace;
  private final Gateway gateway;

  private Server(Millrace millrace, Gateway gateway) {
    this.millrace = millrace;
    this.gateway = gateway;
  }

  /** Starts both, and creates the streams that are not there. Blocks until all of it is ready. */
  static Server start(Config config, List<NewStream> streams) {
    GatewaySettings settings = GatewaySettings.of(withTlsDirectory(config));
    Millrace millrace = Millrace.open(config);
    try {
      streams.forEach(stream -> create(millrace, stream));
      return new Server(millrace, Gateway.bind(millrace, settings));
    } catch (RuntimeException failure) {
      millrace.close();
      throw failure;
    }
  }

  /** A self-signed certificate is kept with the data. */
  private static Config withTlsDirectory(Config config) {
    if (config.hasPath(TLS_DIRECTORY) || !config.hasPath("millrace.storage.directory")) {
      return config;
    }
    Path data = Path.of(config.getString("millrace.storage.directory"));
    return ConfigFactory.parseMap(Map.of(TLS_DIRECTORY, data.resolve("tls").toString()))
        .withFallback(config);
  }

  /** One after the other, since only so many may be CREATING at once. */
  private static void create(Millrace millrace, NewStream stream) {
    try {
      await(millrace.client().createStream(stream.request()));
    } catch (ResourceInUseException there) {
      // As it should be, whatever its shards.
    }
    await(millrace.awaitActive(stream.name()));
  }

  private static void await(CompletionStage<Void> stage) {
    try {
      stage.toCompletableFuture().join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  URI endpoint() {
    return gateway.endpoint();
  }

  @Override
  public void close() {
    try {
      gateway.close();
    } finally {
      millrace.close();
    }
  }
}
