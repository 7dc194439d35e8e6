package io.millrace.processors;

import io.millrace.engine.Consumers;
import io.millrace.engine.Millrace;
import io.millrace.fanout.FanOut;
import io.millrace.processors.api.CreateEventSourceMappingRequest;
import io.millrace.processors.api.EventSourceMapping;
import io.millrace.processors.api.ListEventSourceMappingsRequest;
import io.millrace.processors.api.ListEventSourceMappingsResponse;
import io.millrace.processors.api.MappingMetrics;
import io.millrace.processors.api.ProcessorException;
import io.millrace.processors.api.ResourceNotFoundException;
import io.millrace.processors.api.ServiceException;
import io.millrace.processors.api.TooManyRequestsException;
import io.millrace.processors.api.UpdateEventSourceMappingRequest;
import io.millrace.processors.function.ProcessorFunction;
import io.millrace.processors.function.RegisteredFunction;
import io.millrace.processors.mapping.Workshop;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Functions fed by the streams of an engine, as an event source mapping of AWS Lambda feeds them.
 *
 * <pre>{@code
 * Processors processors = Processors.of(millrace);
 * processors.register("orders", Functions.kinesis(new OrdersHandler()));
 * processors.createEventSourceMapping(
 *     CreateEventSourceMappingRequest.of(streamArn, "orders", StartingPosition.trimHorizon()));
 * }</pre>
 *
 * <p>Mappings outlive the engine, functions do not: a mapping waits until a function of its name is
 * registered, and goes on where it was. Each record is processed at least once, those of one
 * partition key in order.
 *
 * <p>There is one of these for each engine, created by the first call of {@link #of}; until then no
 * mapping runs. Operations throw, or answer with a stage that fails with, {@link
 * ProcessorException}s: {@link io.millrace.processors.api.InvalidParameterValueException}, {@link
 * io.millrace.processors.api.ResourceConflictException}, {@link ResourceNotFoundException}, {@link
 * TooManyRequestsException} and {@link ServiceException}. Changes are durable when they are
 * answered, and take effect a moment later. Safe for any thread.
 */
public final class Processors {

  /** How long a call may take unless its function says otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

  private final Workshop workshop;

  private Processors(Workshop workshop) {
    this.workshop = workshop;
  }

  /**
   * The processors of an engine.
   *
   * @throws io.millrace.engine.api.EngineClosedException when the engine is closing
   */
  public static Processors of(Millrace millrace) {
    Consumers consumers = Consumers.of(millrace);
    FanOut fanOut = FanOut.of(millrace);
    return millrace.extension(
        Processors.class, inside -> new Processors(Workshop.open(inside, consumers, fanOut)));
  }

  /** Registers a function whose calls may take {@link #DEFAULT_TIMEOUT}. */
  public void register(String functionName, ProcessorFunction function) {
    register(functionName, function, DEFAULT_TIMEOUT);
  }

  /**
   * Registers a function, or replaces the one of this name from its next call on.
   *
   * @param functionName 1 to 64 characters of {@code [a-zA-Z0-9_-]}
   * @param timeout how long a call may take, 1 millisecond to 15 minutes; then it is interrupted
   *     and has failed
   */
  public void register(String functionName, ProcessorFunction function, Duration timeout) {
    workshop.functions().register(new RegisteredFunction(functionName, function, timeout));
    workshop.desk().functionRegistered();
  }

  /**
   * Registers a callback for notices, or replaces the one of this name.
   *
   * @param callback given each notice as JSON, on a thread that may block; when it throws it is
   *     called again a few times
   */
  public void registerCallback(String name, Consumer<String> callback) {
    workshop.destinations().register(name, callback);
  }

  /** CreateEventSourceMapping. */
  public CompletionStage<EventSourceMapping> createEventSourceMapping(
      CreateEventSourceMappingRequest request) {
    return workshop.desk().create(request);
  }

  /** GetEventSourceMapping. */
  public CompletionStage<EventSourceMapping> getEventSourceMapping(String uuid) {
    return workshop.desk().get(uuid);
  }

  /** ListEventSourceMappings. */
  public CompletionStage<ListEventSourceMappingsResponse> listEventSourceMappings(
      ListEventSourceMappingsRequest request) {
    return workshop.desk().list(request);
  }

  /** UpdateEventSourceMapping. */
  public CompletionStage<EventSourceMapping> updateEventSourceMapping(
      UpdateEventSourceMappingRequest request) {
    return workshop.desk().update(request);
  }

  /** DeleteEventSourceMapping. The mapping is DELETING until its calls have ended. */
  public CompletionStage<EventSourceMapping> deleteEventSourceMapping(String uuid) {
    return workshop.desk().delete(uuid);
  }

  /** What a mapping has done since the engine was opened; zeros where there is none. */
  public MappingMetrics metrics(String uuid) {
    return workshop.desk().metrics(uuid);
  }
}
