package io.millrace.gateway.call;

import io.millrace.engine.api.Request;
import io.millrace.gateway.wire.BodyReader;
import io.millrace.gateway.wire.BodyWriter;
import io.millrace.gateway.wire.Encoding;
import io.millrace.gateway.wire.RequestBody;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Judges calls in the order in which the service does, hands those that pass to their operation,
 * and words the reply. Safe for any thread; never blocks.
 */
public final class RequestDesk {

  private static final String REQUEST_ID = "x-amzn-RequestId";
  private static final byte[] NO_BODY = {};
  private static final byte[] UNKNOWN =
      "<UnknownOperationException/>\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] HEALTHY = "{\"status\":\"ok\"}\n".getBytes(StandardCharsets.UTF_8);

  private final Operations operations;
  private final Authenticator authenticator;
  private final Guard guard;
  private final AuditTrail trail;
  private final InstantSource clock;
  private final Executor executor;

  /**
   * A desk.
   *
   * @param executor where bodies are decoded and encoded, and failures worded
   */
  public RequestDesk(
      Operations operations,
      Authenticator authenticator,
      Guard guard,
      AuditTrail trail,
      InstantSource clock,
      Executor executor) {
    this.operations = operations;
    this.authenticator = authenticator;
    this.guard = guard;
    this.trail = trail;
    this.clock = clock;
    this.executor = executor;
  }

  /** Answers a call; the stage never fails. */
  public CompletionStage<Reply> answer(Call call) {
    Map<String, String> ids = ids();
    if (!call.method().equals("POST")) {
      return CompletableFuture.completedStage(page(call, ids));
    }
    Optional<Encoding> encoding = Encoding.of(call.headers().first("Content-Type"));
    if (encoding.isEmpty()) {
      return CompletableFuture.completedStage(
          new Reply.Whole(404, with(ids, "Content-Type", "application/xml"), UNKNOWN));
    }
    CallUnderWay known = new CallUnderWay(call, ids.get(REQUEST_ID), clock.instant());
    return CompletableFuture.supplyAsync(() -> operate(call, known, encoding.get(), ids), executor)
        .thenCompose(reply -> reply)
        .exceptionallyAsync(
            failure -> {
              Problem problem = Problem.of(failure);
              known.failed(problem, trail);
              return refusal(encoding.get(), ids, problem);
            },
            executor);
  }

  private CompletionStage<Reply> operate(
      Call call, CallUnderWay known, Encoding encoding, Map<String, String> headers) {
    Operation<?> operation = operations.require(call.headers().first("X-Amz-Target"));
    known.asksFor(operation);
    RequestBody body = BodyReader.read(encoding, call.body(), operation.input());
    known.says(body.members());
    Caller caller = known.comesFrom(authenticator.check(call));
    return operate(operation, body.typed(), call, caller)
        .thenApplyAsync(
            response -> {
              Reply reply = operation.reply(encoding, headers, response);
              known.succeeded(operation.members(response), trail);
              return reply;
            },
            executor);
  }

  private <R extends Request> CompletionStage<?> operate(
      Operation<R> operation, Map<String, Object> members, Call call, Caller caller) {
    R request = operation.request(members);
    guard.check(call, caller, operation.name(), request);
    return operation.call(request);
  }

  /** A reply of an error. */
  private static Reply refusal(Encoding encoding, Map<String, String> headers, Problem problem) {
    Map<String, String> all = with(headers, "Content-Type", encoding.contentType());
    return new Reply.Whole(
        problem.status(),
        with(all, "x-amzn-ErrorType", problem.type()),
        BodyWriter.error(encoding, problem.type(), problem.message()));
  }

  /** What is there beside the API. */
  private static Reply page(Call call, Map<String, String> headers) {
    boolean isHead = call.method().equals("HEAD");
    if ((isHead || call.method().equals("GET")) && call.path().equals("/_health")) {
      return new Reply.Whole(
          200, with(headers, "Content-Type", "application/json"), isHead ? NO_BODY : HEALTHY);
    }
    return new Reply.Whole(405, with(headers, "Allow", "POST"), NO_BODY);
  }

  private static Map<String, String> ids() {
    byte[] opaque = new byte[48];
    ThreadLocalRandom.current().nextBytes(opaque);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(REQUEST_ID, UUID.randomUUID().toString());
    headers.put("x-amz-id-2", Base64.getEncoder().encodeToString(opaque));
    return Collections.unmodifiableMap(headers);
  }

  static Map<String, String> with(Map<String, String> headers, String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return Collections.unmodifiableMap(more);
  }
}
