package io.millrace.engine.stream;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.StreamName;

/** What happened to the names of an engine, and to its account. All exist since version 0.1. */
public sealed interface RegistryEvent {

  /**
   * The engine began its life. The first event, and only once.
   *
   * @param engineId what it is called, unique
   * @param tokenSecret 32 random bytes under which iterators and tokens are sealed
   * @param foundedMillis when, epoch milliseconds
   */
  record EngineFounded(String engineId, Payload tokenSecret, long foundedMillis)
      implements RegistryEvent {}

  /**
   * A name was given to a new stream.
   *
   * @param name the name, free until then
   * @param incarnation the life of that name: greater than any given before, from 1
   * @param parameters what the stream is to be created with
   */
  record StreamNamed(StreamName name, long incarnation, StreamParameters parameters)
      implements RegistryEvent {}

  /** A deleted stream's name is free again. The stream's own events have still to be erased. */
  record StreamForgotten(StreamName name, long incarnation) implements RegistryEvent {}

  /** A forgotten stream's own events are erased. */
  record StreamErased(StreamName name, long incarnation) implements RegistryEvent {}

  /**
   * The account committed itself to a minimum throughput. One that it had before is over.
   *
   * @param startedMillis when, epoch milliseconds
   */
  record CommitmentStarted(long startedMillis) implements RegistryEvent {}

  /**
   * The commitment is to end. Nothing else tells that it has.
   *
   * @param endMillis when it ends, epoch milliseconds; the time of the event or later
   */
  record CommitmentEndScheduled(long endMillis) implements RegistryEvent {}

  /** The commitment goes on after all: it had not ended yet. */
  record CommitmentEndCancelled() implements RegistryEvent {}
}
