package io.millrace.processors.mapping;

import io.millrace.engine.EngineInside;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.ConsumerArn;
import io.millrace.engine.model.StreamArn;
import io.millrace.engine.stream.StatusRule;
import io.millrace.processors.api.CreateEventSourceMappingRequest;
import io.millrace.processors.api.EventSourceMapping;
import io.millrace.processors.api.InvalidParameterValueException;
import io.millrace.processors.api.ListEventSourceMappingsRequest;
import io.millrace.processors.api.ListEventSourceMappingsResponse;
import io.millrace.processors.api.MappingMetrics;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.api.OnFailure;
import io.millrace.processors.api.ResourceConflictException;
import io.millrace.processors.api.ResourceNotFoundException;
import io.millrace.processors.api.ServiceException;
import io.millrace.processors.api.TooManyRequestsException;
import io.millrace.processors.api.UpdateEventSourceMappingRequest;
import io.millrace.processors.event.RecordFilter;
import io.millrace.processors.mapping.MappingsReply.All;
import io.millrace.processors.mapping.MappingsReply.One;
import io.millrace.processors.mapping.MappingsReply.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/** Serves the operations on mappings: checks what can be checked at once, and asks the actor. */
public final class MappingDesk {

  private static final int MAX_REQUESTS = 1000;

  private final EngineInside inside;
  private final ActorRef<MappingsCommand> mappings;
  private final MappingMeters meters;
  private final Supplier<String> uuids;
  private final Duration timeout;
  private final Semaphore room = new Semaphore(MAX_REQUESTS);

  MappingDesk(
      EngineInside inside,
      ActorRef<MappingsCommand> mappings,
      MappingMeters meters,
      Supplier<String> uuids,
      Duration timeout) {
    this.inside = inside;
    this.mappings = mappings;
    this.meters = meters;
    this.uuids = uuids;
    this.timeout = timeout;
  }

  /** CreateEventSourceMapping. Throws what is wrong with the request. */
  public CompletionStage<EventSourceMapping> create(CreateEventSourceMappingRequest request) {
    StreamArn source = source(request.eventSourceArn());
    long now = inside.clock().epochMillis();
    if (request.startingPosition().timestamp() != null
        && request.startingPosition().timestamp().toEpochMilli() > now) {
      throw new InvalidParameterValueException(
          "StartingPositionTimestamp %s is in the future."
              .formatted(request.startingPosition().timestamp()));
    }
    check(request.options(), source);
    try {
      if (ConsumerArn.parse(request.eventSourceArn()).isPresent()) {
        inside.streams().requireConsumer(request.eventSourceArn());
      }
      inside.streams().require(source.streamName(), StatusRule.READ);
    } catch (io.millrace.engine.api.ResourceNotFoundException missing) {
      throw new ResourceNotFoundException(missing.getMessage());
    } catch (ResourceInUseException notActive) {
      throw new ResourceConflictException(notActive.getMessage());
    }
    Mapping mapping =
        new Mapping(
            uuids.get(),
            request.eventSourceArn(),
            source.streamName(),
            request.functionName(),
            request.startingPosition(),
            request.options(),
            request.tags(),
            request.enabled(),
            false,
            now);
    return one(replyTo -> new MappingsCommand.Create(mapping, replyTo));
  }

  private StreamArn source(String arn) {
    Account account = inside.streams().account();
    StreamArn source =
        ConsumerArn.parse(arn)
            .map(ConsumerArn::streamArn)
            .or(() -> StreamArn.parse(arn))
            .orElseThrow(
                () ->
                    new InvalidParameterValueException(
                        "EventSourceArn %s is not that of a stream or a registered consumer."
                            .formatted(arn)));
    if (!source.account().equals(account)) {
      throw new InvalidParameterValueException(
          "EventSourceArn %s is not of account %s in %s."
              .formatted(arn, account.id(), account.region()));
    }
    return source;
  }

  private static void check(MappingOptions options, StreamArn source) {
    RecordFilter.of(options.filterCriteria());
    if (options.onFailure().isPresent()
        && options.onFailure().get() instanceof OnFailure.ToStream to
        && to.streamName().equals(source.streamName())) {
      throw new InvalidParameterValueException(
          "Notices cannot go to the stream that they are about.");
    }
  }

  /** GetEventSourceMapping. */
  public CompletionStage<EventSourceMapping> get(String uuid) {
    return one(replyTo -> new MappingsCommand.Get(uuid, replyTo));
  }

  /** ListEventSourceMappings. */
  public CompletionStage<ListEventSourceMappingsResponse> list(
      ListEventSourceMappingsRequest request) {
    return ask(MappingsCommand.ListAll::new)
        .thenApply(reply -> page(request, ((All) reply).mappings()));
  }

  private static ListEventSourceMappingsResponse page(
      ListEventSourceMappingsRequest request, List<EventSourceMapping> all) {
    int most = Math.min(request.maxItems(), ListEventSourceMappingsRequest.PAGE);
    List<EventSourceMapping> fitting =
        all.stream()
            .filter(mapping -> fits(request.eventSourceArn(), mapping.eventSourceArn()))
            .filter(mapping -> fits(request.functionName(), mapping.functionName()))
            .filter(
                mapping ->
                    request
                        .marker()
                        .filter(after -> mapping.uuid().compareTo(after) <= 0)
                        .isEmpty())
            .toList();
    List<EventSourceMapping> page = fitting.subList(0, Math.min(most, fitting.size()));
    return new ListEventSourceMappingsResponse(
        page,
        page.size() < fitting.size()
            ? Optional.of(page.get(page.size() - 1).uuid())
            : Optional.empty());
  }

  private static boolean fits(Optional<String> wanted, String value) {
    return wanted.isEmpty() || wanted.get().equals(value);
  }

  /** UpdateEventSourceMapping. Throws what is wrong with the request. */
  public CompletionStage<EventSourceMapping> update(UpdateEventSourceMappingRequest request) {
    long now = inside.clock().epochMillis();
    if (request.options().isEmpty()) {
      return one(replyTo -> new MappingsCommand.Update(request, now, replyTo));
    }
    return get(request.uuid())
        .thenCompose(
            mapping -> {
              check(request.options().get(), source(mapping.eventSourceArn()));
              return one(replyTo -> new MappingsCommand.Update(request, now, replyTo));
            });
  }

  /** DeleteEventSourceMapping. */
  public CompletionStage<EventSourceMapping> delete(String uuid) {
    long now = inside.clock().epochMillis();
    return one(replyTo -> new MappingsCommand.Delete(uuid, now, replyTo));
  }

  /** What a mapping has done; nothing where there is none. Needs no storage. */
  public MappingMetrics metrics(String uuid) {
    return meters.metrics(uuid);
  }

  /** A function was registered: mappings may wait for it. */
  public void functionRegistered() {
    mappings.tell(new MappingsCommand.FunctionRegistered());
  }

  private CompletionStage<EventSourceMapping> one(
      Function<ActorRef<MappingsReply>, MappingsCommand> message) {
    return ask(message).thenApply(reply -> ((One) reply).mapping());
  }

  private CompletionStage<MappingsReply> ask(
      Function<ActorRef<MappingsReply>, MappingsCommand> message) {
    if (!room.tryAcquire()) {
      throw new TooManyRequestsException("Too many requests about mappings wait.");
    }
    return inside
        .ask(mappings, message, timeout)
        .handle(
            (reply, failure) -> {
              room.release();
              if (failure != null) {
                throw new ServiceException("The mappings did not answer in time.");
              }
              if (reply instanceof Refused refused) {
                throw refused.error();
              }
              return reply;
            });
  }
}
