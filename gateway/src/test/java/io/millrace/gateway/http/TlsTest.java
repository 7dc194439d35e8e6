package io.millrace.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.gateway.TestServer;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, seen by a client that verifies them. */
@Tag("database")
class TlsTest {

  @TempDir private Path directory;

  @Test
  void keepsASelfSignedCertificateThatClientsCanTrust() throws Exception {
    Path kept = directory.resolve("tls");
    String settings = "millrace.gateway.tls.directory = \"" + kept + "\"";
    try (TestServer server = TestServer.start(settings)) {
      URI health = server.tlsEndpoint().resolve("/_health");
      assertThatThrownBy(() -> get(HttpClient.newHttpClient(), health))
          .isInstanceOf(SSLHandshakeException.class);

      HttpResponse<String> response = get(trusting(kept.resolve("certificate.pem")), health);

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(get(trusting(kept.resolve("certificate.pem")), localhost(health)).statusCode())
          .isEqualTo(200);
    }
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.resolve("key.pem"))))
        .isEqualTo("rw-------");
    byte[] certificate = Files.readAllBytes(kept.resolve("certificate.pem"));
    assertThat(Certificate.keptIn(kept).chainPem()).isEqualTo(certificate);
  }

  @Test
  void showsACertificateOfTheUsersOwn() throws Exception {
    Certificate own = Certificate.selfSigned();
    Path chain = Files.write(directory.resolve("own.pem"), own.chainPem());
    Path key = Files.write(directory.resolve("own.key"), own.keyPem());
    try (TestServer server = TestServer.start(files(chain, key))) {
      assertThat(get(trusting(chain), server.tlsEndpoint().resolve("/_health")).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void saysAtOnceWhenACertificateIsNone() throws Exception {
    Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nonsense");
    assertThatThrownBy(() -> TestServer.start(files(nonsense, nonsense)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void speaksTls12AndLaterOnly() {
    assertThat(
            TlsSide.of(Certificate.selfSigned())
                .newEngine(ByteBufAllocator.DEFAULT)
                .getEnabledProtocols())
        .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
  }

  /** Not even to say that it is well. */
  @Test
  void refusesPlainTextIfToldTo() throws Exception {
    Path kept = directory.resolve("tls");
    String settings = "millrace.gateway { plain = refuse, tls.directory = \"%s\" }".formatted(kept);
    try (TestServer server = TestServer.start(settings)) {
      assertThat(server.endpoint()).isEqualTo(server.tlsEndpoint());
      URI health = server.endpoint().resolve("/_health");
      URI plain = URI.create(health.toString().replace("https:", "http:"));
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      HttpResponse<String> get = get(client, plain);
      assertThat(get.statusCode()).isEqualTo(426);
      assertThat(get.body()).isEqualTo("This port speaks TLS only.\r\n");
      HttpRequest large =
          HttpRequest.newBuilder(plain)
              .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[4 * 1024 * 1024]))
              .build();
      assertThat(client.send(large, BodyHandlers.ofString()).statusCode()).isEqualTo(426);
      try (Socket http2 = new Socket(plain.getHost(), plain.getPort())) {
        http2.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        assertThat(http2.getInputStream().readAllBytes())
            .startsWith("HTTP/1.1 426".getBytes(US_ASCII));
      }

      // Makes the certificate.
      assertThatThrownBy(() -> get(HttpClient.newHttpClient(), health))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(get(trusting(kept.resolve("certificate.pem")), health).statusCode())
          .isEqualTo(200);
    }
  }

  private static String files(Path chain, Path key) {
    return "millrace.gateway.tls { certificate = \"%s\", key = \"%s\" }".formatted(chain, key);
  }

  private static URI localhost(URI endpoint) {
    return URI.create(endpoint.toString().replace("127.0.0.1", "localhost"));
  }

  private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static HttpClient trusting(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "millrace",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificate))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }
}
