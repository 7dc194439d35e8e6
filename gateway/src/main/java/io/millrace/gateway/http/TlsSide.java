package io.millrace.gateway.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProtocols;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import javax.net.ssl.SSLException;

/**
 * A certificate at work, over TLS 1.2 and 1.3: it offers HTTP/2 and HTTP/1.1 to clients that ask.
 */
public final class TlsSide {

  private TlsSide() {}

  /**
   * The server's side of TLS.
   *
   * @throws UncheckedIOException when the certificate and the key are not what they should be
   */
  public static SslContext of(Certificate certificate) {
    try {
      return SslContextBuilder.forServer(
              new ByteArrayInputStream(certificate.chainPem()),
              new ByteArrayInputStream(certificate.keyPem()))
          .sslProvider(SslProvider.JDK)
          .protocols(SslProtocols.TLS_v1_3, SslProtocols.TLS_v1_2)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  ApplicationProtocolNames.HTTP_2,
                  ApplicationProtocolNames.HTTP_1_1))
          .build();
    } catch (SSLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
