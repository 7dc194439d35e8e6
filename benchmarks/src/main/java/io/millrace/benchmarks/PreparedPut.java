package io.millrace.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;

/** The bytes that the official client of Java would send, encoded and signed once. */
final class PreparedPut {

  private static final byte[] EMPTY_MAP_IN_CBOR = {(byte) 0xa0};

  /** What the HTTP client sets, not the one of the service. */
  private static final Set<String> HOST_AND_LENGTH = Set.of("host", "content-length");

  private PreparedPut() {}

  /** A whole request in HTTP/1.1. */
  static byte[] of(URI endpoint, PutRecordsRequest request) throws IOException {
    Listener listener = new Listener();
    try (KinesisClient kinesis =
        KinesisClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .httpClient(listener)
            .build()) {
      kinesis.putRecords(request);
    }
    return listener.heard;
  }

  /** Sends nothing: keeps what it should have sent. */
  private static final class Listener implements SdkHttpClient {

    private byte[] heard;

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() throws IOException {
          heard = bytes(request);
          return HttpExecuteResponse.builder()
              .response(
                  SdkHttpResponse.builder()
                      .statusCode(200)
                      .putHeader("Content-Type", "application/x-amz-cbor-1.1")
                      .build())
              .responseBody(
                  AbortableInputStream.create(new ByteArrayInputStream(EMPTY_MAP_IN_CBOR)))
              .build();
        }

        @Override
        public void abort() {}
      };
    }

    private static byte[] bytes(HttpExecuteRequest request) throws IOException {
      byte[] body = request.contentStreamProvider().orElseThrow().newStream().readAllBytes();
      SdkHttpRequest http = request.httpRequest();
      StringBuilder head = new StringBuilder("POST / HTTP/1.1\r\n");
      head.append("Host: ").append(http.host()).append(':').append(http.port()).append("\r\n");
      head.append("Content-Length: ").append(body.length).append("\r\n");
      http.forEachHeader(
          (name, values) -> {
            if (!HOST_AND_LENGTH.contains(name.toLowerCase(Locale.ROOT))) {
              values.forEach(value -> head.append(name + ": " + value + "\r\n"));
            }
          });
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
      whole.write(body);
      return whole.toByteArray();
    }

    @Override
    public void close() {}
  }
}
