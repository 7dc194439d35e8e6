package io.millrace.clients;

import io.millrace.gateway.SdkClients;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/** What workers of the KCL read with. */
final class KclClients {

  private KclClients() {}

  /** A client as the KCL makes it, that believes the gateway's certificate. */
  static KinesisAsyncClient connect(URI endpoint) {
    return SdkClients.async(
        endpoint,
        NettyNioAsyncHttpClient.builder()
            .maxConcurrency(Integer.MAX_VALUE)
            .http2Configuration(
                h -> h.initialWindowSize(512 * 1024).healthCheckPingPeriod(Duration.ofMinutes(1)))
            .protocol(Protocol.HTTP2)
            .buildWithDefaults(SdkClients.TRUSTING));
  }

  static RetrievalSpecificConfig polling(KinesisAsyncClient kinesis, String stream) {
    return new PollingConfig(stream, kinesis).idleTimeBetweenReadsInMillis(250);
  }

  static RetrievalSpecificConfig fanOut(
      KinesisAsyncClient kinesis, String stream, String application) {
    return new FanOutConfig(kinesis).streamName(stream).applicationName(application);
  }
}
