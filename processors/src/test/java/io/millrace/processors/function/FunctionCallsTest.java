package io.millrace.processors.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisTimeWindowEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.TimeWindowEventResponse;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.testing.ManualClock;
import io.millrace.processors.event.EventOrigin;
import io.millrace.processors.lane.Invocation;
import io.millrace.processors.lane.Invocation.WindowCall;
import io.millrace.processors.lane.OpenWindow;
import io.millrace.processors.lane.Outcome;
import io.millrace.processors.lane.Outcome.Answered;
import io.millrace.processors.lane.Outcome.Failed;
import io.millrace.processors.lane.TumblingWindow;
import io.millrace.testkit.Awaits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionCallsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final EventOrigin ORIGIN =
      new EventOrigin("arn:stream", new ShardId(0), "us-east-1", "000000000000", "f");
  private static final SequenceNumber NUMBER = SequenceNumber.first(1_700_000_000L, 0);
  private static final Record RECORD =
      new Record(NUMBER, Instant.ofEpochMilli(1_700_000_000_123L), Payload.utf8("data"), "key");
  private static final Invocation BATCH = new Invocation(List.of(RECORD), Optional.empty());
  private static final Invocation WINDOW =
      new Invocation(
          List.of(RECORD),
          Optional.of(
              new WindowCall(
                  new OpenWindow(
                      new TumblingWindow(0, 60_000), Payload.utf8("{\"a\":\"x\",\"b\":2}")),
                  false,
                  false)));

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ManualClock clock = new ManualClock();
  private final List<Runnable> timers = new ArrayList<>();
  private final FunctionCalls calls =
      new FunctionCalls(
          threads,
          (delay, action) -> {
            assertThat(delay).isEqualTo(TIMEOUT);
            timers.add(action);
            return () -> timers.remove(action);
          },
          clock,
          2);

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  private CompletionStage<Outcome> start(ProcessorFunction function, Invocation invocation) {
    return calls.call(
        new RegisteredFunction("f", function, TIMEOUT),
        new ProcessorEvent(ORIGIN, invocation, true),
        "request");
  }

  private Outcome call(ProcessorFunction function, Invocation invocation) {
    return Awaits.get(start(function, invocation));
  }

  private static Answered failedAt(String... identifiers) {
    return new Answered(Arrays.asList(identifiers), Optional.empty());
  }

  @Test
  void callsAHandlerOfLambdaUnmodified() {
    OrdersHandler handler = new OrdersHandler();
    assertThat(call(Functions.kinesis(handler), BATCH)).isEqualTo(Outcome.success());
    assertThat(handler.orders).containsExactly("data");
    handler.bad = "data";
    assertThat(call(Functions.kinesis(handler), BATCH)).isEqualTo(failedAt(NUMBER.toString()));
  }

  @Test
  void givesHandlersTheWholeRecord() {
    CompletableFuture<KinesisEvent> seen = new CompletableFuture<>();
    RequestHandler<KinesisEvent, Void> handler =
        (event, context) -> {
          seen.complete(event);
          return null;
        };
    assertThat(call(Functions.kinesis(handler), BATCH)).isEqualTo(Outcome.success());
    KinesisEvent.KinesisEventRecord record = Awaits.get(seen).getRecords().get(0);
    assertThat(record.getEventID()).isEqualTo("shardId-000000000000:" + NUMBER);
    assertThat(record.getEventSource()).isEqualTo("aws:kinesis");
    assertThat(record.getEventName()).isEqualTo("aws:kinesis:record");
    assertThat(record.getEventVersion()).isEqualTo("1.0");
    assertThat(record.getAwsRegion()).isEqualTo("us-east-1");
    assertThat(record.getEventSourceARN()).isEqualTo("arn:stream");
    assertThat(record.getInvokeIdentityArn()).isEqualTo("arn:aws:iam::000000000000:role/f");
    assertThat(record.getKinesis().getKinesisSchemaVersion()).isEqualTo("1.0");
    assertThat(record.getKinesis().getPartitionKey()).isEqualTo("key");
    assertThat(record.getKinesis().getSequenceNumber()).isEqualTo(NUMBER.toString());
    assertThat(record.getKinesis().getApproximateArrivalTimestamp()).hasTime(1_700_000_000_123L);
  }

  @Test
  void callsAHandlerOfWindows() {
    CompletableFuture<KinesisTimeWindowEvent> seen = new CompletableFuture<>();
    RequestHandler<KinesisTimeWindowEvent, TimeWindowEventResponse> handler =
        (event, context) -> {
          seen.complete(event);
          return TimeWindowEventResponse.builder().withState(Map.of("a", "y")).build();
        };
    assertThat(call(Functions.timeWindow(handler), WINDOW))
        .isEqualTo(new Answered(List.of(), Optional.of(Payload.utf8("{\"a\":\"y\"}"))));
    KinesisTimeWindowEvent event = Awaits.get(seen);
    assertThat(event.getState()).isEqualTo(Map.of("a", "x", "b", "2"));
    assertThat(event.getWindow().getStart()).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(event.getWindow().getEnd()).isEqualTo("1970-01-01T00:01:00Z");
    assertThat(event.getShardId()).isEqualTo("shardId-000000000000");
    assertThat(event.getEventSourceArn()).isEqualTo("arn:stream");
    assertThat(event.getIsFinalInvokeForWindow()).isFalse();
    assertThat(event.getIsWindowTerminatedEarly()).isFalse();
  }

  private static ProcessorFunction writing(String response) {
    return Functions.stream(
        (input, output, context) -> {
          assertThat(new String(input.readAllBytes(), StandardCharsets.UTF_8))
              .startsWith("{\"Records\":[{\"kinesis\":{");
          output.write(response.getBytes(StandardCharsets.UTF_8));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "{}", "{\"batchItemFailures\":null}", "{\"batchItemFailures\":[]}"})
  void nothingListedIsSuccess(String response) {
    assertThat(call(writing(response), BATCH)).isEqualTo(Outcome.success());
  }

  @Test
  void readsWhatAHandlerOfStreamsWrites() {
    assertThat(
            call(
                writing(
                    "{\"batchItemFailures\":[{\"itemIdentifier\":\"7\"},{\"itemIdentifier\":\"\"},"
                        + "{\"itemIdentifier\":null},{}],\"state\":{\"n\":1}}"),
                BATCH))
        .isEqualTo(
            new Answered(
                Arrays.asList("7", "", null, null), Optional.of(Payload.utf8("{\"n\":1}"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "[]",
        "7",
        "\"text\"",
        "{\"batchItemFailures\":7}",
        "{\"state\":\"text\"}",
        "{"
      })
  void garbageIsAFailure(String response) {
    assertThat(call(writing(response), BATCH))
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(failed.kind()).isEqualTo(Outcome.Kind.INVALID_RESPONSE));
  }

  @Test
  void garbageIsNotLookedAtWhereNoResponseIsExpected() {
    assertThat(
            Awaits.get(
                calls.call(
                    new RegisteredFunction("f", writing("garbage"), TIMEOUT),
                    new ProcessorEvent(ORIGIN, BATCH, false),
                    "request")))
        .isEqualTo(Outcome.success());
  }

  @Test
  void readsOtherTypesByWhatTheySay() {
    RequestHandler<KinesisEvent, Map<String, Object>> map =
        (event, context) -> Map.of("batchItemFailures", List.of(Map.of("itemIdentifier", "7")));
    assertThat(call(Functions.kinesis(map), BATCH)).isEqualTo(failedAt("7"));
    RequestHandler<KinesisEvent, String> text = (event, context) -> "done";
    assertThat(call(Functions.kinesis(text), BATCH)).isInstanceOf(Failed.class);
  }

  @Test
  void nullListsOfLambdaAreSuccess() {
    RequestHandler<KinesisEvent, StreamsEventResponse> handler =
        (event, context) -> new StreamsEventResponse(null);
    assertThat(call(Functions.kinesis(handler), BATCH)).isEqualTo(Outcome.success());
  }

  @Test
  void whateverIsThrownIsAFailure() {
    for (Throwable thrown :
        List.of(new IllegalStateException("boom"), new NoClassDefFoundError("gone"))) {
      ProcessorFunction throwing =
          (event, context) -> {
            if (thrown instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) thrown;
          };
      assertThat(call(throwing, BATCH))
          .isEqualTo(new Failed(Outcome.Kind.ERROR, thrown.toString()));
    }
  }

  @Test
  void aStateThatIsNoObjectIsAFailure() {
    assertThat(call((event, context) -> ProcessorResponse.state(Payload.utf8("[1]")), WINDOW))
        .isEqualTo(new Failed(Outcome.Kind.INVALID_RESPONSE, "The state is no JSON object."));
  }

  @Test
  void plainFunctionsGetTheRecords() {
    List<Record> seen = new ArrayList<>();
    assertThat(call(Functions.records(seen::addAll), BATCH)).isEqualTo(Outcome.success());
    assertThat(seen).containsExactly(RECORD);
  }

  @Test
  void interruptsWhatDoesNotReturnInTime() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CompletionStage<Outcome> outcome =
        start(
            (event, context) -> {
              running.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException expected) {
                interrupted.countDown();
              }
              return ProcessorResponse.success();
            },
            BATCH);
    running.await();
    List.copyOf(timers).forEach(Runnable::run);
    assertThat(Awaits.get(outcome))
        .isEqualTo(new Failed(Outcome.Kind.TIMEOUT, "The function did not return within PT3S."));
    interrupted.await();
  }

  @Test
  void aHungFunctionKeepsItsPlaceAndOthersAreNotReached() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    ProcessorFunction hanging =
        (event, context) -> {
          running.countDown();
          boolean isReleased = false;
          while (!isReleased) {
            try {
              release.await();
              isReleased = true;
            } catch (InterruptedException ignored) {
              running.countDown();
            }
          }
          return ProcessorResponse.success();
        };
    List<CompletionStage<Outcome>> hung = List.of(start(hanging, BATCH), start(hanging, BATCH));
    running.await();
    List.copyOf(timers).forEach(Runnable::run);
    for (CompletionStage<Outcome> outcome : hung) {
      assertThat(Awaits.get(outcome)).isInstanceOf(Failed.class);
    }
    assertThat(call(Functions.records(records -> {}), BATCH))
        .isEqualTo(new Outcome.NotReached("All places for calls are taken."));
    release.countDown();
    Awaits.await(
        "a free place",
        () -> call(Functions.records(records -> {}), BATCH).equals(Outcome.success()));
  }

  @Test
  void cancelsTheTimerOfACallThatHasEnded() {
    call(Functions.records(records -> {}), BATCH);
    assertThat(timers).isEmpty();
  }

  @Test
  void tellsFunctionsAboutTheirCall() {
    CompletableFuture<Context> seen = new CompletableFuture<>();
    call(
        (event, context) -> {
          seen.complete(context);
          return ProcessorResponse.success();
        },
        BATCH);
    Context context = Awaits.get(seen);
    assertThat(context.getAwsRequestId()).isEqualTo("request");
    assertThat(context.getFunctionName()).isEqualTo("f");
    assertThat(context.getFunctionVersion()).isEqualTo("$LATEST");
    assertThat(context.getInvokedFunctionArn())
        .isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:f");
    assertThat(context.getLogStreamName()).isEqualTo("shardId-000000000000");
    assertThat(context.getMemoryLimitInMB()).isPositive();
    assertThat(context.getRemainingTimeInMillis()).isEqualTo(3000);
    clock.advance(Duration.ofSeconds(2));
    assertThat(context.getRemainingTimeInMillis()).isEqualTo(1000);
    clock.advance(Duration.ofSeconds(2));
    assertThat(context.getRemainingTimeInMillis()).isZero();
  }
}
