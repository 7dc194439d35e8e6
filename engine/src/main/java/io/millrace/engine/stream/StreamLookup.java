package io.millrace.engine.stream;

import io.millrace.engine.api.ConsumerReference;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StreamReference;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.ConsumerArn;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.time.Instant;
import java.util.Optional;

/**
 * Finds the stream that a request is about, and refuses in the API's words when there is none, or
 * it is not in a status for the operation. Reads published views; safe for any thread.
 *
 * @param views the streams as this process knows them
 * @param account whose streams they are
 */
public record StreamLookup(StreamViews views, Account account) {

  /** The stream that the request names, fit for the operation. */
  public StreamView require(StreamReference reference, StatusRule rule) {
    return require(reference.resolve(account), rule);
  }

  /** The stream of this name, fit for the operation. */
  public StreamView require(StreamName name, StatusRule rule) {
    StreamView stream =
        views.find(name).orElseThrow(() -> ResourceNotFoundException.stream(name.value(), account));
    requireStatus(stream, rule);
    return stream;
  }

  /** Refuses a stream whose status does not fit the operation. */
  static void requireStatus(StreamView stream, StatusRule rule) {
    rule.refusal(stream.name(), stream.status())
        .ifPresent(
            refused -> {
              throw problem(refused);
            });
  }

  /**
   * Refuses a stream that was not created in this second: an earlier one of its name is meant.
   *
   * @param created when it was created, or null
   */
  void requireCreated(StreamView stream, Instant created) {
    if (created != null && created.getEpochSecond() != stream.createdMillis() / 1000) {
      throw ResourceNotFoundException.stream(stream.name().value(), account);
    }
  }

  /** One of its shards, named as callers name it. */
  public ShardView requireShard(StreamView stream, String shardId) {
    try {
      return stream.shard(ShardId.parse(shardId)).orElseThrow(() -> noShard(stream, shardId));
    } catch (IllegalArgumentException notAShardId) {
      throw noShard(stream, shardId);
    }
  }

  /**
   * A registered consumer and its stream, each in any status.
   *
   * @param stream the stream
   * @param consumer one of its consumers
   */
  public record Registration(StreamView stream, ConsumerView consumer) {}

  /**
   * The registered consumer of this ARN.
   *
   * @throws ResourceNotFoundException when there is none; one of the same name that was registered
   *     at another time is another one
   */
  public Registration requireConsumer(String consumerArn) {
    return ConsumerArn.parse(consumerArn)
        .filter(arn -> arn.streamArn().account().equals(account))
        .flatMap(
            arn ->
                views
                    .find(arn.streamArn().streamName())
                    .flatMap(stream -> registration(stream, arn)))
        .orElseThrow(() -> ResourceNotFoundException.consumer(consumerArn, account));
  }

  /** The registered consumer that a request names. */
  public Registration requireConsumer(ConsumerReference reference) {
    reference.checkArguments();
    if (reference.consumerARN() != null) {
      return requireConsumer(reference.consumerARN());
    }
    StreamView stream =
        require(new StreamReference(null, reference.streamARN()), StatusRule.DESCRIBE);
    return stream
        .consumer(new ConsumerName(reference.consumerName()))
        .map(consumer -> new Registration(stream, consumer))
        .orElseThrow(() -> ResourceNotFoundException.consumer(reference.consumerName(), account));
  }

  /**
   * What tags and policies are attached to: a stream, or one of its registered consumers, each in
   * any status.
   *
   * @param stream the stream
   * @param consumer the consumer; empty for the stream itself
   */
  public record Resource(StreamView stream, Optional<ConsumerView> consumer) {

    /** What is attached to it. */
    public Attached attached() {
      return consumer
          .map(view -> stream.attachments().of(view.name()))
          .orElseGet(() -> stream.attachments().stream());
    }
  }

  /**
   * The stream or the registered consumer of this ARN.
   *
   * @throws ResourceNotFoundException when there is none
   */
  public Resource requireResource(String arn) {
    if (ConsumerArn.parse(arn).isPresent()) {
      Registration found = requireConsumer(arn);
      return new Resource(found.stream(), Optional.of(found.consumer()));
    }
    return new Resource(
        require(new StreamReference(null, arn), StatusRule.DESCRIBE), Optional.empty());
  }

  private static Optional<Registration> registration(StreamView stream, ConsumerArn arn) {
    return stream
        .consumer(arn.consumerName())
        .filter(consumer -> consumer.arn().equals(arn.toString()))
        .map(consumer -> new Registration(stream, consumer));
  }

  private ResourceNotFoundException noShard(StreamView stream, String shardId) {
    return ResourceNotFoundException.shard(shardId, stream.name().value(), account);
  }

  /** A refusal of the streams' actors as the API's error. */
  static MillraceException problem(StreamReply.Refused refused) {
    String message = refused.message();
    return switch (refused.kind()) {
      case RESOURCE_IN_USE -> new ResourceInUseException(message);
      case RESOURCE_NOT_FOUND -> new ResourceNotFoundException(message);
      case LIMIT_EXCEEDED -> LimitExceededException.refused(message);
      case THROTTLED -> LimitExceededException.throttled(message);
      case INVALID_ARGUMENT -> new InvalidArgumentException(message);
      case VALIDATION -> new ValidationException(message);
      case UNAVAILABLE -> InternalFailureException.notWritten(message);
      case UNKNOWN -> InternalFailureException.unknown(message);
    };
  }
}
