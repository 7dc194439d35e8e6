package io.millrace.gateway;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.channels.Channels;
import io.millrace.engine.Millrace;
import io.millrace.fanout.FanOut;
import io.millrace.gateway.access.AccessGuard;
import io.millrace.gateway.audit.AuditLog;
import io.millrace.gateway.auth.SignatureCheck;
import io.millrace.gateway.call.AuditTrail;
import io.millrace.gateway.call.Authenticator;
import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.Caller;
import io.millrace.gateway.call.Guard;
import io.millrace.gateway.call.MeteredDesk;
import io.millrace.gateway.call.Operations;
import io.millrace.gateway.call.Reply;
import io.millrace.gateway.call.RequestDesk;
import io.millrace.gateway.http.Certificate;
import io.millrace.gateway.http.FrontDoor;
import io.millrace.gateway.http.TlsSide;
import io.millrace.gateway.model.ServiceModel;
import io.millrace.gateway.settings.AuthMode;
import io.millrace.gateway.settings.GatewaySettings;
import io.millrace.gateway.settings.PlainText;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that speaks the wire API of Amazon Kinesis over an engine: official clients work with it
 * when their endpoint is set to {@link #endpoint()}.
 *
 * <p>One port takes HTTP/1.1 and HTTP/2, plain and TLS. Closing the gateway leaves the engine open.
 * Safe for any thread.
 */
public final class Gateway implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final ExecutorService workers;
  private final FrontDoor door;
  private final GatewaySettings settings;
  private final Optional<AuditLog> audit;

  /** What was counted, where the settings want it; and who counts into it. */
  private final Optional<PrometheusMeterRegistry> registry;

  private final Millrace millrace;

  /** Opens a gateway with the default settings on a port of this machine; 0 takes a free one. */
  public static Gateway bind(Millrace millrace, int port) {
    return bind(millrace, GatewaySettings.onPort(port));
  }

  /**
   * Opens a gateway.
   *
   * @throws java.io.UncheckedIOException when the address is taken, the files of the certificate
   *     cannot be read, or the audit log cannot be written
   * @throws IllegalArgumentException when they are no certificate and key
   */
  public static Gateway bind(Millrace millrace, GatewaySettings settings) {
    return new Gateway(
        millrace,
        Operations.of(
            ServiceModel.load(),
            millrace.client(),
            Channels.of(millrace),
            FanOut.of(millrace)::subscribeToShard),
        settings);
  }

  private Gateway(Millrace millrace, Operations operations, GatewaySettings settings) {
    this.millrace = millrace;
    this.settings = settings;
    this.registry =
        settings.metrics()
            ? Optional.of(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
            : Optional.empty();
    this.audit =
        settings
            .audit()
            .file()
            .map(file -> new AuditLog(file, millrace.account(), settings.audit().withDataPlane()));
    this.workers =
        Executors.newFixedThreadPool(
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            new DefaultThreadFactory("millrace-gateway-desk", true));
    RequestDesk requests =
        new RequestDesk(
            operations,
            authenticator(settings, Caller.owner(millrace.account().id())),
            settings.auth() == AuthMode.STRICT
                ? new AccessGuard(millrace::resourceOf, millrace.account(), InstantSource.system())
                : Guard.NONE,
            audit.<AuditTrail>map(log -> log).orElse(AuditTrail.NONE),
            InstantSource.system(),
            workers);
    Function<Call, CompletionStage<Reply>> desk =
        registry
            .map(counted -> new MeteredDesk(requests::answer, operations.names(), counted, workers))
            .<Function<Call, CompletionStage<Reply>>>map(metered -> metered::answer)
            .orElse(requests::answer);
    try {
      LazyTls tls = new LazyTls();
      this.door =
          new FrontDoor(settings.address(), settings.bounds(), settings.plain(), tls::get, desk);
    } catch (RuntimeException failure) {
      workers.shutdown();
      audit.ifPresent(AuditLog::close);
      throw failure;
    }
    registry.ifPresent(millrace::bindMetrics);
  }

  private static Authenticator authenticator(GatewaySettings settings, Caller owner) {
    return switch (settings.auth()) {
      case OFF -> call -> owner;
      case LENIENT -> SignatureCheck.ofForm(owner);
      case STRICT -> new SignatureCheck(settings.accessKeys(), InstantSource.system());
    };
  }

  /**
   * Makes the TLS side when the first client asks for it, on a thread that may wait; a certificate
   * of the user's own at once, so that he is told when it is none.
   */
  private final class LazyTls {

    private CompletableFuture<SslContext> made;

    LazyTls() {
      if (settings.tls().certificate().isPresent()) {
        made = CompletableFuture.completedFuture(make());
      }
    }

    synchronized CompletionStage<SslContext> get() {
      if (made == null || made.isCompletedExceptionally()) {
        made = CompletableFuture.supplyAsync(this::make, workers);
        made.exceptionally(
            failure -> {
              LOG.error("TLS clients are turned away: there is no certificate", failure);
              return null;
            });
      }
      return made;
    }

    private SslContext make() {
      return TlsSide.of(certificate(settings.tls()));
    }
  }

  private static Certificate certificate(GatewaySettings.Tls tls) {
    if (tls.certificate().isPresent()) {
      return Certificate.read(tls.certificate().get(), tls.key().orElseThrow());
    }
    return tls.directory().map(Certificate::keptIn).orElseGet(Certificate::selfSigned);
  }

  /** The port it listens on. */
  public int port() {
    return door.address().getPort();
  }

  /**
   * Where clients of this machine reach it, {@code http://127.0.0.1:4567}; with {@code https} if it
   * refuses plain text.
   */
  public URI endpoint() {
    return endpoint(settings.plain() == PlainText.ALLOW ? "http" : "https");
  }

  /** The same port for clients that want TLS, {@code https://127.0.0.1:4567}. */
  public URI tlsEndpoint() {
    return endpoint("https");
  }

  private URI endpoint(String scheme) {
    InetSocketAddress address = door.address();
    InetAddress host =
        address.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : address.getAddress();
    String name = host.getHostAddress();
    return URI.create(
        "%s://%s:%d"
            .formatted(
                scheme, host instanceof Inet6Address ? "[" + name + "]" : name, address.getPort()));
  }

  /** Closes the gateway: it waits for the calls under way, at most 10 seconds. */
  @Override
  public void close() {
    door.close();
    workers.shutdown();
    registry.ifPresent(millrace::unbindMetrics);
    audit.ifPresent(AuditLog::close);
  }
}
