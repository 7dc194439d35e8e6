package io.millrace.engine.stream;

import io.millrace.engine.model.MetricsName;
import java.util.Set;

/** The answer to a control operation on a stream. */
public sealed interface StreamReply {

  /**
   * It is durable, and the view that shows it is published. What it began, such as creating the
   * shards, may still go on.
   */
  record Done() implements StreamReply {}

  /**
   * UpdateShardCount is accepted, durable and shown.
   *
   * @param currentShardCount open shards before it
   * @param targetShardCount open shards when it is done
   */
  record Scaling(int currentShardCount, int targetShardCount) implements StreamReply {}

  /**
   * UpdateStreamWarmThroughput is accepted, durable and shown.
   *
   * @param currentMiBps what of it the stream was ready for before it, MiB/s
   * @param targetMiBps what it will be ready for, MiB/s
   */
  record Warming(int currentMiBps, int targetMiBps) implements StreamReply {}

  /**
   * What is counted of each shard is switched, durable and shown.
   *
   * @param before what was counted before it
   * @param now what is counted now
   */
  record Monitored(Set<MetricsName> before, Set<MetricsName> now) implements StreamReply {}

  /**
   * RegisterStreamConsumer is accepted, durable and shown.
   *
   * @param consumer the consumer as it was registered
   */
  record Registered(ConsumerView consumer) implements StreamReply {}

  /**
   * It was not done or, for {@link Kind#UNKNOWN} alone, perhaps done.
   *
   * @param kind what that means for the caller
   * @param message one sentence for people
   */
  record Refused(Kind kind, String message) implements StreamReply {}

  /** What a refusal means for the caller; most carry the name of the API's error. */
  enum Kind {
    /** Something is not in the status that the operation needs, or a name is taken. */
    RESOURCE_IN_USE,
    /** There is no such stream, shard or consumer. */
    RESOURCE_NOT_FOUND,
    /** A quota would be exceeded. Trying again does not help until something is given up. */
    LIMIT_EXCEEDED,
    /** Too much is under way at once. Trying again later helps. */
    THROTTLED,
    /** A value is out of bounds. Trying again does not help. */
    INVALID_ARGUMENT,
    /** A value breaks the syntax of the request. Trying again does not help. */
    VALIDATION,
    /** Certainly not done: the engine is starting or stopping. Trying again is safe. */
    UNAVAILABLE,
    /** Perhaps done: the storage failed while it was written. Describe the stream to find out. */
    UNKNOWN
  }
}
