package io.millrace.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.ListStreamsResponse;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.gateway.model.ServiceModel;
import io.millrace.testkit.Awaits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Which fault is named of a call that has several: the one that is judged first. */
class RequestDeskTest {

  private static final String JSON = "application/x-amz-json-1.1";
  private static final String LIST = "Kinesis_20131202.ListStreams";

  private static final Authenticator NOBODY =
      call -> {
        throw new CallRefusedException("MissingAuthenticationTokenException", "who are you?");
      };
  private static final Authenticator ANYBODY = call -> Caller.owner("000000000000");

  private Function<ListStreamsRequest, CompletionStage<ListStreamsResponse>> engine =
      request -> {
        throw new ResourceInUseException("later");
      };

  @Test
  void judgesStepByStep() {
    assertThat(status(NOBODY, "GET", "text/plain", "nothing", "{")).isEqualTo(405);
    assertThat(status(NOBODY, "POST", "text/plain", "nothing", "{")).isEqualTo(404);
    assertThat(error(NOBODY, JSON, "nothing", "{")).isEqualTo("UnknownOperationException");
    assertThat(error(NOBODY, JSON, LIST, "{")).isEqualTo("SerializationException");
    assertThat(error(NOBODY, JSON, LIST, "{\"Limit\":\"\"}"))
        .isEqualTo("MissingAuthenticationTokenException");
    assertThat(error(ANYBODY, JSON, LIST, "{\"Limit\":\"\"}")).isEqualTo("SerializationException");
    assertThat(error(ANYBODY, JSON, LIST, "{\"Limit\":0}")).isEqualTo("ValidationException");
    assertThat(error(ANYBODY, JSON, LIST, "{\"Limit\":1}")).isEqualTo("ResourceInUseException");
  }

  @Test
  void hidesFaultsOfItsOwn() {
    engine = request -> CompletableFuture.failedStage(new IllegalStateException("secret"));
    Reply.Whole reply = answer(ANYBODY, "POST", JSON, LIST, "{}");
    assertThat(reply.status()).isEqualTo(500);
    assertThat(new String(reply.body(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"__type\":\"InternalFailureException\",\"message\":\"Internal Service Failure.\"}");
  }

  @Test
  void wordsFailuresOnItsOwnThreads() {
    CompletableFuture<ListStreamsResponse> response = new CompletableFuture<>();
    engine = request -> response;
    Queue<Runnable> tasks = new ArrayDeque<>();
    CompletionStage<Reply> reply =
        desk(ANYBODY, tasks::add).answer(call("POST", "/", JSON, LIST, "{}"));
    tasks.remove().run();

    response.completeExceptionally(new ResourceInUseException("later"));

    assertThat(reply.toCompletableFuture()).isNotDone();
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
    assertThat(reply.toCompletableFuture()).isCompletedWithValueMatching(r -> r.status() == 400);
  }

  @Test
  void tellsItsHealthByGetAndHead() {
    assertThat(page("GET", "/_health").body()).isNotEmpty();
    assertThat(page("GET", "/_health?now").status()).isEqualTo(200);
    assertThat(page("HEAD", "/_health").status()).isEqualTo(200);
    assertThat(page("HEAD", "/_health").body()).isEmpty();
    assertThat(page("GET", "/").status()).isEqualTo(405);
  }

  private Reply.Whole page(String method, String uri) {
    return (Reply.Whole)
        Awaits.get(desk(NOBODY, Runnable::run).answer(call(method, uri, "", "", "")));
  }

  @Test
  void givesEveryReplyAnIdOfItsOwn() {
    engine =
        request ->
            CompletableFuture.completedStage(
                new ListStreamsResponse(List.of(), false, null, List.of()));
    Map<String, String> first = answer(ANYBODY, "POST", JSON, LIST, "").headers();
    Map<String, String> second = answer(ANYBODY, "POST", JSON, LIST, "").headers();
    assertThat(first.get("x-amzn-RequestId")).isNotEqualTo(second.get("x-amzn-RequestId"));
    assertThat(first.get("x-amz-id-2")).isNotEqualTo(second.get("x-amz-id-2"));
  }

  private int status(
      Authenticator authenticator, String method, String type, String target, String body) {
    return answer(authenticator, method, type, target, body).status();
  }

  private String error(Authenticator authenticator, String type, String target, String body) {
    Reply.Whole reply = answer(authenticator, "POST", type, target, body);
    assertThat(reply.status()).isEqualTo(400);
    return reply.headers().get("x-amzn-ErrorType");
  }

  private Reply.Whole answer(
      Authenticator authenticator, String method, String type, String target, String body) {
    return (Reply.Whole)
        Awaits.get(
            desk(authenticator, Runnable::run).answer(call(method, "/", type, target, body)));
  }

  private RequestDesk desk(Authenticator authenticator, Executor executor) {
    return new RequestDesk(
        new Operations(ServiceModel.load())
            .add("ListStreams", ListStreamsRequest.class, request -> engine.apply(request)),
        authenticator,
        Guard.NONE,
        AuditTrail.NONE,
        InstantSource.system(),
        executor);
  }

  private static Call call(String method, String uri, String type, String target, String body) {
    Map<String, String> headers = Map.of("Content-Type", type, "X-Amz-Target", target);
    return new Call(
        method,
        uri,
        name -> headers.containsKey(name) ? List.of(headers.get(name)) : List.of(),
        ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
  }
}
