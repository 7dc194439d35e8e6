package io.millrace.engine.stream;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.StreamName;
import org.apache.pekko.actor.typed.ActorRef;

/** What the registry can be told: first what callers ask, then what it hears from its streams. */
public sealed interface RegistryCommand {

  /**
   * Asks to be told when every known stream can be seen. Asking again is harmless.
   *
   * @param replyTo told {@link Ready}, at once or later
   */
  record AwaitReady(ActorRef<Ready> replyTo) implements RegistryCommand {}

  /**
   * Every known stream can be seen.
   *
   * @param engineId what this engine is called since it was founded
   * @param tokenSecret 32 bytes under which iterators and tokens are sealed
   */
  record Ready(String engineId, Payload tokenSecret) {}

  /**
   * Creates a stream; answered once it can be seen, CREATING. Refused {@code RESOURCE_IN_USE} when
   * the name is taken, {@code LIMIT_EXCEEDED} over a quota, {@code THROTTLED} while too many are
   * created, {@code INVALID_ARGUMENT} or {@code VALIDATION} for bad parameters, {@code UNAVAILABLE}
   * before {@link Ready}, {@code UNKNOWN} when writing fails.
   */
  record CreateStream(StreamName name, StreamParameters parameters, ActorRef<StreamReply> replyTo)
      implements RegistryCommand {}

  /**
   * Hands a request to the stream of this name. Refused {@code RESOURCE_NOT_FOUND} when there is
   * none, or as the request says.
   */
  record ForStream(StreamName name, StreamCommand.Request request) implements RegistryCommand {}

  /**
   * Begins or ends the account's commitment to a minimum throughput, the latter as soon as that is
   * allowed; the present status is accepted and changes nothing. Refused {@code UNKNOWN} when
   * writing fails.
   *
   * @param isWanted whether the account is to be committed
   * @param replyTo told {@link StreamReply.Done} once it is durable and can be seen
   */
  record ChangeCommitment(boolean isWanted, ActorRef<StreamReply> replyTo)
      implements RegistryCommand {}

  /** Asks how much the account has. */
  record DescribeAccount(ActorRef<AccountUse> replyTo) implements RegistryCommand {}

  /** The registry has recovered and was never founded. */
  record Found() implements RegistryCommand {}

  /**
   * A stream is about to show itself in another way.
   *
   * @param standing how it is from now on
   * @param settledLoan number of the newest {@link Room} that it was lent and needs no longer; 0
   *     for none, the greatest there is when it has just started and so has none
   */
  record StreamStands(
      StreamName name, long incarnation, RegistryState.Standing standing, long settledLoan)
      implements RegistryCommand {}

  /** A stream that started can be seen. */
  record StreamShown(StreamName name, long incarnation) implements RegistryCommand {}

  /** Nothing of a stream is left but its name and its own events. */
  record StreamGone(StreamName name, long incarnation) implements RegistryCommand {}

  /**
   * A stream's actor has stopped.
   *
   * @param actor which one; later ones of the same stream are not meant
   */
  record StreamStopped(StreamName name, long incarnation, ActorRef<StreamCommand> actor)
      implements RegistryCommand {}

  /** Time to erase more of what a forgotten stream left. */
  record EraseRemains(Remains remains) implements RegistryCommand {}

  /** Nothing is left of a forgotten stream. */
  record RemainsErased(Remains remains) implements RegistryCommand {}

  /** Erasing failed. */
  record EraseFailed(Remains remains, String why) implements RegistryCommand {}
}
