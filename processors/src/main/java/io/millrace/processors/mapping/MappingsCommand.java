package io.millrace.processors.mapping;

import io.millrace.engine.consumer.Worker;
import io.millrace.processors.api.UpdateEventSourceMappingRequest;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What the mappings of an engine understand. */
sealed interface MappingsCommand {

  /** A request; it is answered. */
  sealed interface Request extends MappingsCommand {

    /** Who is answered. */
    ActorRef<MappingsReply> replyTo();
  }

  /** Answered with One, once it is stored; refused when there is such a mapping. */
  record Create(Mapping mapping, ActorRef<MappingsReply> replyTo) implements Request {}

  /** Answered with One; refused when there is none. */
  record Get(String uuid, ActorRef<MappingsReply> replyTo) implements Request {}

  /** Answered with All. */
  record ListAll(ActorRef<MappingsReply> replyTo) implements Request {}

  /** Answered with One, once it is stored; refused when there is none, or it is being deleted. */
  record Update(
      UpdateEventSourceMappingRequest request, long nowMillis, ActorRef<MappingsReply> replyTo)
      implements Request {}

  /** Answered with One, once it is stored; refused when there is none. */
  record Delete(String uuid, long nowMillis, ActorRef<MappingsReply> replyTo) implements Request {}

  /** A function was registered: mappings may wait for it. */
  record FunctionRegistered() implements MappingsCommand {}

  /** A worker is there, or could not be started. */
  record WorkerStarted(String uuid, Optional<Worker> worker, Optional<String> problem)
      implements MappingsCommand {}

  /** A worker has taken up its work. One that is turned away stops. */
  record WorkerJoined(String uuid, Worker worker) implements MappingsCommand {}

  /** A worker has stopped, for whatever reason. */
  record WorkerStopped(String uuid, Worker worker, Optional<String> problem)
      implements MappingsCommand {}

  /** A worker was turned away; that it stops is said apart. */
  record WorkerRefused(String uuid, Worker worker, String problem) implements MappingsCommand {}

  /** The position of a mapping is forgotten, or could not be. */
  record PositionForgotten(String uuid, Optional<String> problem) implements MappingsCommand {}

  /** What failed may be tried again. */
  record TryAgain(String uuid) implements MappingsCommand {}
}
