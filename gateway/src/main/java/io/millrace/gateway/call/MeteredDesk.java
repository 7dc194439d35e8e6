package io.millrace.gateway.call;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.gateway.model.ServiceModel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Counts what a desk answers, and shows all that is counted at {@code /metrics}, in the text format
 * of Prometheus. Safe for any thread; never blocks.
 */
public final class MeteredDesk {

  /** The name of its meters. */
  static final String REQUESTS = "millrace.gateway.requests";

  /** What the tag {@code operation} says of calls that name none, and {@code error} of success. */
  static final String NONE = "none";

  private static final String PATH = "/metrics";
  private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private final Function<Call, CompletionStage<Reply>> desk;
  private final Set<String> operations;
  private final PrometheusMeterRegistry registry;
  private final Executor executor;

  /**
   * A desk.
   *
   * @param desk answers the calls
   * @param operations the operations that are told apart
   * @param executor where the page is written
   */
  public MeteredDesk(
      Function<Call, CompletionStage<Reply>> desk,
      Set<String> operations,
      PrometheusMeterRegistry registry,
      Executor executor) {
    this.desk = desk;
    this.operations = operations;
    this.registry = registry;
    this.executor = executor;
  }

  /** Answers a call; the stage never fails. */
  public CompletionStage<Reply> answer(Call call) {
    if (call.method().equals("GET") && call.path().equals(PATH)) {
      return CompletableFuture.supplyAsync(this::page, executor);
    }
    if (!call.method().equals("POST")) {
      return desk.apply(call);
    }
    long began = System.nanoTime();
    return desk.apply(call)
        .whenComplete((reply, failure) -> count(call, reply, System.nanoTime() - began));
  }

  private Reply page() {
    return new Reply.Whole(
        200,
        Map.of("Content-Type", TEXT_FORMAT),
        registry.scrape().getBytes(StandardCharsets.UTF_8));
  }

  private void count(Call call, Reply reply, long nanos) {
    Timer.builder(REQUESTS)
        .description("Calls until they were answered; a subscription until it began.")
        .tag("operation", operation(call))
        .tag("error", error(reply))
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private String operation(Call call) {
    String target = call.headers().first("X-Amz-Target");
    String name =
        target.startsWith(ServiceModel.TARGET_PREFIX)
            ? target.substring(ServiceModel.TARGET_PREFIX.length())
            : NONE;
    return operations.contains(name) ? name : NONE;
  }

  private static String error(Reply reply) {
    if (reply.status() == 200) {
      return NONE;
    }
    return reply.headers().getOrDefault("x-amzn-ErrorType", Integer.toString(reply.status()));
  }
}
