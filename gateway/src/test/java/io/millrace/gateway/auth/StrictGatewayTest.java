package io.millrace.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.gateway.SdkClients;
import io.millrace.gateway.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;

/** Official clients at a gateway that verifies signatures. */
@Tag("database")
class StrictGatewayTest {

  private static final AwsCredentialsProvider MILLER = SdkClients.credentials("AKID", "grain");

  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            """
            millrace.gateway { auth = strict, access-keys = [{ id = AKID, secret = grain }] }
            """);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void admitsTheRightSignatureOverHttp1() {
    try (KinesisClient kinesis =
        SdkClients.sync(server.endpoint(), ApacheHttpClient.create(), MILLER)) {
      assertThat(kinesis.listStreams().hasMoreStreams()).isFalse();
      assertThatThrownBy(
              () ->
                  kinesis.putRecord(
                      r ->
                          r.streamName("nowhere")
                              .partitionKey("k")
                              .data(SdkBytes.fromByteArray(new byte[1_000_000]))))
          .hasMessageContaining("nowhere");
    }
  }

  @Test
  void admitsTheRightSignatureOverHttp2() {
    try (KinesisAsyncClient kinesis =
        KinesisAsyncClient.builder()
            .endpointOverride(server.endpoint())
            .region(Region.AP_SOUTH_1)
            .credentialsProvider(MILLER)
            .httpClientBuilder(NettyNioAsyncHttpClient.builder())
            .build()) {
      assertThat(kinesis.listStreams().join().hasMoreStreams()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"AKID:chaff:InvalidSignature", "NOBODY:grain:UnrecognizedClient"})
  void refusesTheWrongOne(String wrong) {
    String[] parts = wrong.split(":", -1);
    try (KinesisClient kinesis =
        SdkClients.sync(
            server.endpoint(),
            ApacheHttpClient.create(),
            SdkClients.credentials(parts[0], parts[1]))) {
      assertThatThrownBy(kinesis::listStreams)
          .isInstanceOfSatisfying(
              KinesisException.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(parts[2] + "Exception"));
    }
  }
}
