package io.millrace.benchmarks;

import io.millrace.benchmarks.Load.Measured;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;

/**
 * Puts through a gateway, task after task. Arguments: endpoint, {@code batches}, {@code prepared}
 * or {@code records}, calls under way, milliseconds of warm-up, milliseconds measured. Figures:
 * calls per second, processors that this process kept busy, p50 and p99 in milliseconds.
 */
final class GatewayPutProgram {

  private static final int PREPARED = 8;

  private GatewayPutProgram() {}

  public static void main(String[] none) throws Exception {
    Peer.serve(GatewayPutProgram::put);
  }

  private static double[] put(String[] arguments, Runnable begun) throws Exception {
    URI endpoint = URI.create(arguments[0]);
    int callers = Integer.parseInt(arguments[2]);
    Span span =
        new Span(
            Duration.ofMillis(Long.parseLong(arguments[3])),
            Duration.ofMillis(Long.parseLong(arguments[4])));
    Measured measured =
        arguments[1].equals("prepared")
            ? prepared(endpoint, callers, span, begun)
            : official(endpoint, arguments[1].equals("batches"), callers, span, begun);
    return new double[] {
      measured.callsPerSecond(),
      1.0 * measured.cost().cpuNanos() / measured.nanos(),
      measured.millisAt(50),
      measured.millisAt(99)
    };
  }

  private static Measured official(
      URI endpoint, boolean isBatches, int callers, Span span, Runnable begun) throws Exception {
    try (KinesisAsyncClient kinesis = GatewayClient.connect(endpoint)) {
      List<Supplier<CompletionStage<?>>> chains = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        Payloads payloads = new Payloads(i);
        chains.add(isBatches ? batches(kinesis, payloads) : records(kinesis, payloads));
      }
      begun.run();
      return Load.chains(span, chains);
    }
  }

  /** The same bytes as batches, from a client that does nothing but write them. */
  private static Measured prepared(URI endpoint, int callers, Span span, Runnable begun)
      throws Exception {
    List<PlainConnection> connections = new ArrayList<>();
    try {
      List<Load.BlockingCall> threads = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        PlainConnection connection = new PlainConnection(endpoint);
        connections.add(connection);
        threads.add(prepared(endpoint, new Payloads(i), connection));
      }
      begun.run();
      return Load.threads(span, threads);
    } finally {
      for (PlainConnection connection : connections) {
        connection.close();
      }
    }
  }

  private static Load.BlockingCall prepared(
      URI endpoint, Payloads payloads, PlainConnection connection) throws IOException {
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < PREPARED; i++) {
      requests.add(PreparedPut.of(endpoint, GatewayClient.batch(payloads)));
    }
    int[] next = {0};
    return () -> connection.put(requests.get(next[0]++ % PREPARED));
  }

  private static Supplier<CompletionStage<?>> batches(
      KinesisAsyncClient kinesis, Payloads payloads) {
    List<PutRecordsRequest> requests =
        Stream.generate(() -> GatewayClient.batch(payloads)).limit(PREPARED).toList();
    int[] next = {0};
    return () ->
        kinesis
            .putRecords(requests.get(next[0]++ % PREPARED))
            .thenCompose(
                response ->
                    response.failedRecordCount() == 0
                        ? CompletableFuture.completedStage(response)
                        : CompletableFuture.failedStage(
                            new IllegalStateException("not stored: " + response)));
  }

  private static Supplier<CompletionStage<?>> records(
      KinesisAsyncClient kinesis, Payloads payloads) {
    PutRecordRequest request = GatewayClient.record(payloads);
    return () -> kinesis.putRecord(request);
  }
}
