package io.millrace.gateway;

import org.junit.jupiter.api.Nested;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.ProtocolNegotiation;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.utils.AttributeMap;

/** The official client of Java over each transport that it has. */
class SdkClientTest {

  private static final AttributeMap HTTP2_UNASKED =
      AttributeMap.builder()
          .put(SdkHttpConfigurationOption.PROTOCOL, Protocol.HTTP2)
          .put(SdkHttpConfigurationOption.PROTOCOL_NEGOTIATION, ProtocolNegotiation.ASSUME_PROTOCOL)
          .build();

  private static final AttributeMap HTTP2_BY_ALPN =
      AttributeMap.builder()
          .put(SdkHttpConfigurationOption.PROTOCOL, Protocol.HTTP2)
          .put(SdkHttpConfigurationOption.PROTOCOL_NEGOTIATION, ProtocolNegotiation.ALPN)
          .build();

  abstract static class Cbor extends SdkClientContract {
    @Override
    boolean speaksCbor() {
      return true;
    }
  }

  abstract static class Json extends SdkClientContract {
    @Override
    boolean speaksCbor() {
      return false;
    }
  }

  @Nested
  class UrlConnectionCbor extends Cbor {
    @Override
    KinesisClient connect(TestServer server) {
      return SdkClients.sync(server.endpoint(), UrlConnectionHttpClient.builder());
    }
  }

  @Nested
  class ApacheJson extends Json {
    @Override
    KinesisClient connect(TestServer server) {
      return SdkClients.sync(server.endpoint(), ApacheHttpClient.builder());
    }
  }

  @Nested
  class ApacheTlsCbor extends Cbor {
    @Override
    KinesisClient connect(TestServer server) {
      return SdkClients.sync(
          server.tlsEndpoint(),
          ApacheHttpClient.builder().buildWithDefaults(SdkClients.TRUSTING),
          SdkClients.credentials("test", "test"));
    }
  }

  @Nested
  class NettyHttp2Cbor extends Cbor {
    @Override
    KinesisClient connect(TestServer server) {
      return SdkClients.awaited(
          SdkClients.async(server.endpoint(), NettyNioAsyncHttpClient.builder()));
    }
  }

  @Nested
  class NettyHttp2Json extends Json {
    @Override
    KinesisClient connect(TestServer server) {
      return SdkClients.awaited(
          SdkClients.async(server.endpoint(), NettyNioAsyncHttpClient.builder()));
    }
  }

  @Nested
  class NettyHttp1Cbor extends Cbor {
    @Override
    KinesisClient connect(TestServer server) {
      return SdkClients.awaited(
          SdkClients.async(
              server.endpoint(), NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1)));
    }
  }

  /** The default of the client: HTTP/2 over TLS without asking for it. */
  @Nested
  class NettyHttp2TlsCbor extends Cbor {
    @Override
    KinesisClient connect(TestServer server) {
      return SdkClients.awaited(
          SdkClients.async(
              server.tlsEndpoint(),
              NettyNioAsyncHttpClient.builder()
                  .buildWithDefaults(SdkClients.TRUSTING.merge(HTTP2_UNASKED))));
    }
  }

  @Nested
  class NettyHttp2AlpnJson extends Json {
    @Override
    KinesisClient connect(TestServer server) {
      return SdkClients.awaited(
          SdkClients.async(
              server.tlsEndpoint(),
              NettyNioAsyncHttpClient.builder()
                  .buildWithDefaults(SdkClients.TRUSTING.merge(HTTP2_BY_ALPN))));
    }
  }
}
