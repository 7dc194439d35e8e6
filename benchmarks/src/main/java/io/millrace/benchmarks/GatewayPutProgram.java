package io.millrace.benchmarks;

import io.millrace.benchmarks.Load.Measured;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;

/**
 * Puts through a gateway. Prints {@code begin} when it begins, and in the end calls per second,
 * processor seconds of this process per second, p50 and p99 in milliseconds. Arguments: endpoint,
 * {@code batches} or {@code records}, calls under way, milliseconds of warm-up, milliseconds
 * measured.
 */
final class GatewayPutProgram {

  /** For a JVM that has only begun: at 60 calls a second the compiler needs long. */
  static final Duration WARM_UP = Duration.ofSeconds(20);

  private static final int PREPARED = 8;

  private GatewayPutProgram() {}

  public static void main(String[] arguments) throws Exception {
    boolean isBatches = arguments[1].equals("batches");
    int callers = Integer.parseInt(arguments[2]);
    Span span =
        new Span(
            Duration.ofMillis(Long.parseLong(arguments[3])),
            Duration.ofMillis(Long.parseLong(arguments[4])));
    try (KinesisAsyncClient kinesis = GatewayClient.connect(URI.create(arguments[0]))) {
      List<Supplier<CompletionStage<?>>> chains = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        Payloads payloads = new Payloads(i);
        chains.add(isBatches ? batches(kinesis, payloads) : records(kinesis, payloads));
      }
      System.out.println("begin");
      Measured measured = Load.chains(span, chains);
      System.out.printf(
          Locale.ROOT,
          "%.3f %.3f %.3f %.3f%n",
          measured.callsPerSecond(),
          1.0 * measured.cost().cpuNanos() / measured.nanos(),
          measured.millisAt(50),
          measured.millisAt(99));
    }
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
