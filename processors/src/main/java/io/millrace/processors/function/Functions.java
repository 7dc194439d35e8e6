package io.millrace.processors.function;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisTimeWindowEvent;
import io.millrace.engine.model.Payload;
import io.millrace.processors.event.EventJson;
import io.millrace.processors.event.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;

/**
 * Makes functions of handlers that were written for AWS Lambda, unmodified, and of lambdas. One
 * handler object serves all calls, also several at once.
 */
public final class Functions {

  private Functions() {}

  /**
   * A handler of Kinesis events. What it returns is read as {@link
   * com.amazonaws.services.lambda.runtime.events.StreamsEventResponse}, or as what it says as JSON.
   */
  public static ProcessorFunction kinesis(RequestHandler<KinesisEvent, ?> handler) {
    return (event, context) ->
        response(event, handler.handleRequest(LambdaEvents.kinesisEvent(event), context));
  }

  /**
   * A handler of tumbling windows. What it returns is read as {@link
   * com.amazonaws.services.lambda.runtime.events.TimeWindowEventResponse}, or as what it says as
   * JSON.
   */
  public static ProcessorFunction timeWindow(RequestHandler<KinesisTimeWindowEvent, ?> handler) {
    return (event, context) ->
        response(event, handler.handleRequest(LambdaEvents.timeWindowEvent(event), context));
  }

  private static ProcessorResponse response(ProcessorEvent event, Object returned)
      throws InvalidResponseException {
    return event.readsResponse() ? LambdaResponses.of(returned) : ProcessorResponse.success();
  }

  /** A handler that reads the event as JSON and writes its response as JSON. */
  public static ProcessorFunction stream(RequestStreamHandler handler) {
    return (event, context) -> {
      Payload json = Json.bytes(EventJson.of(event.invocation(), event.origin()));
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      handler.handleRequest(new ByteArrayInputStream(json.toByteArray()), written, context);
      return event.readsResponse()
          ? LambdaResponses.ofBytes(Payload.wrap(written.toByteArray()))
          : ProcessorResponse.success();
    };
  }

  /** A function that only wants the records; all of them succeed, unless it throws. */
  public static ProcessorFunction records(RecordsFunction function) {
    return (event, context) -> {
      function.process(event.records());
      return ProcessorResponse.success();
    };
  }
}
