package io.millrace.clients;

import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import io.millrace.gateway.SdkClients;
import java.net.ServerSocket;
import java.net.URI;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A DynamoDB Local in memory that other processes reach too. */
final class LeaseTables implements AutoCloseable {

  private final URI endpoint;
  private final DynamoDBProxyServer server;

  private LeaseTables(URI endpoint, DynamoDBProxyServer server) {
    this.endpoint = endpoint;
    this.server = server;
  }

  static LeaseTables start() throws Exception {
    String port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = Integer.toString(free.getLocalPort());
    }
    DynamoDBProxyServer server =
        ServerRunner.createServerFromCommandLineArgs(
            new String[] {"-inMemory", "-port", port, "-disableTelemetry"});
    server.start();
    return new LeaseTables(URI.create("http://127.0.0.1:" + port), server);
  }

  URI endpoint() {
    return endpoint;
  }

  static DynamoDbAsyncClient connect(URI endpoint) {
    return DynamoDbAsyncClient.builder()
        .endpointOverride(endpoint)
        .region(Region.EU_WEST_1)
        .credentialsProvider(SdkClients.credentials("test", "test"))
        .httpClientBuilder(NettyNioAsyncHttpClient.builder())
        .build();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception failure) {
      throw new IllegalStateException("DynamoDB Local does not stop", failure);
    }
  }
}
