package io.millrace.benchmarks;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** The official client of Java as it comes, but for the number of its calls under way. */
final class GatewayClient {

  private GatewayClient() {}

  static KinesisAsyncClient connect(URI endpoint) {
    return KinesisAsyncClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(1000))
        .build();
  }

  static PutRecordRequest record(Payloads payloads) {
    return PutRecordRequest.builder()
        .streamName(Engine.STREAM)
        .partitionKey(payloads.partitionKey())
        .data(SdkBytes.fromByteArrayUnsafe(payloads.bytes(Payloads.RECORD_BYTES)))
        .build();
  }

  static PutRecordsRequest batch(Payloads payloads) {
    return PutRecordsRequest.builder()
        .streamName(Engine.STREAM)
        .records(
            payloads.partitionKeys().stream()
                .map(
                    key ->
                        PutRecordsRequestEntry.builder()
                            .partitionKey(key)
                            .data(
                                SdkBytes.fromByteArrayUnsafe(payloads.bytes(Payloads.RECORD_BYTES)))
                            .build())
                .toList())
        .build();
  }
}
