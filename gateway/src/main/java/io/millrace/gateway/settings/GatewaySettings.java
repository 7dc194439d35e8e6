package io.millrace.gateway.settings;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a gateway listens, and to whom.
 *
 * @param address where it listens; port 0 takes a free one
 * @param plain what becomes of clients that speak without TLS
 * @param auth what it asks of a call's signature
 * @param accessKeys the keys that {@link AuthMode#STRICT} knows, each id once
 * @param tls where its certificate comes from
 * @param bounds how much it lets in at once
 * @param metrics whether it counts, and shows what the engine and itself have counted
 * @param audit what is written down of the calls
 */
public record GatewaySettings(
    InetSocketAddress address,
    PlainText plain,
    AuthMode auth,
    List<AccessKey> accessKeys,
    Tls tls,
    Bounds bounds,
    boolean metrics,
    Audit audit) {

  /**
   * What is written down of the calls.
   *
   * @param file a file that a line is added to for each call; empty for none
   * @param withDataPlane whether puts and reads are written down too
   */
  public record Audit(Optional<Path> file, boolean withDataPlane) {}

  /**
   * Where the certificate comes from: from two files, or from a directory that keeps a self-signed
   * one, or nowhere, for one that lives as long as the gateway.
   *
   * @param certificate a file with the certificate in PEM, and perhaps those that vouch for it
   * @param key a file with its private key in PEM, without a password
   * @param directory the directory
   */
  public record Tls(Optional<Path> certificate, Optional<Path> key, Optional<Path> directory) {

    public Tls {
      if (certificate.isPresent() != key.isPresent()) {
        throw new IllegalArgumentException(
            "a certificate needs its key, and a key its certificate");
      }
    }
  }

  public GatewaySettings {
    requireNonNull(address, "address");
    requireNonNull(tls, "tls");
    requireNonNull(bounds, "bounds");
    requireNonNull(audit, "audit");
    accessKeys = List.copyOf(accessKeys);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("unknown host: " + address.getHostString());
    }
    if (auth == AuthMode.OFF && !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "authentication off is for loopback addresses only, and %s is none: choose lenient or"
                  .formatted(address.getHostString())
              + " strict");
    }
    if (auth == AuthMode.STRICT && accessKeys.isEmpty()) {
      throw new IllegalArgumentException("strict authentication needs at least one access key");
    }
    Set<String> ids = new HashSet<>();
    for (AccessKey key : accessKeys) {
      if (!ids.add(key.id())) {
        throw new IllegalArgumentException("there are two access keys with the id " + key.id());
      }
    }
  }

  /** The defaults, on this port. */
  public static GatewaySettings onPort(int port) {
    return of(
        ConfigFactory.parseString("millrace.gateway.port = " + port)
            .withFallback(ConfigFactory.load())
            .resolve());
  }

  /**
   * The settings of a configuration.
   *
   * @param config a configuration with the section {@code millrace.gateway}; the defaults explain
   *     each key
   * @throws ConfigException when a setting is missing or of the wrong type
   * @throws IllegalArgumentException when settings do not go together
   */
  public static GatewaySettings of(Config config) {
    Config gateway = config.getConfig("millrace.gateway");
    InetSocketAddress address =
        new InetSocketAddress(gateway.getString("host"), gateway.getInt("port"));
    return new GatewaySettings(
        address,
        gateway.hasPath("plain") ? PlainText.parse(gateway.getString("plain")) : plainAt(address),
        AuthMode.parse(gateway.getString("auth")),
        AccessKeys.of(config),
        new Tls(
            path(gateway, "tls.certificate"),
            path(gateway, "tls.key"),
            path(gateway, "tls.directory")),
        new Bounds(
            Math.toIntExact(gateway.getBytes("max-body-bytes")),
            gateway.hasPath("max-buffered-bytes")
                ? gateway.getBytes("max-buffered-bytes")
                : Runtime.getRuntime().maxMemory() / 4,
            gateway.getInt("max-connections"),
            gateway.getInt("max-calls-per-connection")),
        gateway.getBoolean("metrics"),
        new Audit(path(gateway, "audit.file"), gateway.getBoolean("audit.data-plane")));
  }

  /** Nobody listens in on a machine's words to itself. */
  private static PlainText plainAt(InetSocketAddress address) {
    return !address.isUnresolved() && address.getAddress().isLoopbackAddress()
        ? PlainText.ALLOW
        : PlainText.REFUSE;
  }

  private static Optional<Path> path(Config config, String key) {
    return config.hasPath(key) ? Optional.of(Path.of(config.getString(key))) : Optional.empty();
  }
}
