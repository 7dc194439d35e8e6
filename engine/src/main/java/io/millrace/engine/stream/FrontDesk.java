package io.millrace.engine.stream;

import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.Request;
import io.millrace.engine.api.StreamRequest;
import io.millrace.engine.internal.Asks;
import io.millrace.engine.internal.CallRates;
import io.millrace.engine.internal.CallRates.Call;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What every request about streams goes through: its constraints, its stream, how often it may be
 * called and, when it changes something, the registry. Works on its caller's thread; never blocks.
 */
public final class FrontDesk {

  private final ActorRef<RegistryCommand> registry;
  private final ActorSystem<?> system;
  private final StreamLookup lookup;
  private final CallRates callRates;
  private final Duration timeout;

  /**
   * A desk.
   *
   * @param timeout how long the registry may take to answer; after that the outcome is unknown
   */
  public FrontDesk(
      ActorRef<RegistryCommand> registry,
      ActorSystem<?> system,
      StreamLookup lookup,
      CallRates callRates,
      Duration timeout) {
    this.registry = registry;
    this.system = system;
    this.lookup = lookup;
    this.callRates = callRates;
    this.timeout = timeout;
  }

  StreamLookup lookup() {
    return lookup;
  }

  /** The stream, in any status, of a valid request whose call the account may make now. */
  StreamView admitted(StreamRequest request, Call call) {
    request.validate();
    StreamView stream = lookup.require(request.stream(), StatusRule.DESCRIBE);
    count(call);
    return stream;
  }

  /**
   * Checks the arguments of a request that changes a stream. A status in which the stream refuses
   * it comes before what is wrong with them; the stream's actor, which the published status lags
   * behind, decides on the status of a request that is right.
   */
  static void checkArguments(Request request, StreamView stream, StatusRule rule) {
    try {
      request.checkArguments();
    } catch (InvalidArgumentException wrong) {
      StreamLookup.requireStatus(stream, rule);
      throw wrong;
    }
  }

  /** Counts a call of the account. */
  void count(Call call) {
    count(call, lookup.account().id());
  }

  /** Counts a call that concerns a stream, whose rate is the stream's. */
  void count(Call call, StreamView stream) {
    count(call, stream.arn());
  }

  private void count(Call call, String resource) {
    if (!callRates.tryCall(call, resource)) {
      throw LimitExceededException.throttled(
          "Rate exceeded: %d calls per second under account %s."
              .formatted(call.perSecond(), lookup.account().id()));
    }
  }

  /** Has a stream's actor do something; fails with what it refuses. */
  CompletionStage<StreamReply> askStream(
      StreamView stream, Function<ActorRef<StreamReply>, StreamCommand.Request> command) {
    return askRegistry(
        replyTo -> new RegistryCommand.ForStream(stream.name(), command.apply(replyTo)));
  }

  /** Has the registry do something; fails with what it refuses. */
  CompletionStage<StreamReply> askRegistry(
      Function<ActorRef<StreamReply>, RegistryCommand> command) {
    return Asks.<RegistryCommand, StreamReply>ask(registry, command, timeout, system)
        .handle(
            (reply, failure) -> {
              if (failure != null) {
                throw InternalFailureException.unknown("The registry did not answer in time.");
              }
              if (reply instanceof StreamReply.Refused refused) {
                throw StreamLookup.problem(refused);
              }
              return reply;
            });
  }

  /** How much the account has. */
  CompletionStage<AccountUse> accountUse() {
    return Asks.<RegistryCommand, AccountUse>ask(
            registry, RegistryCommand.DescribeAccount::new, timeout, system)
        .handle(
            (use, failure) -> {
              if (failure != null) {
                throw InternalFailureException.notWritten("The registry did not answer in time.");
              }
              return use;
            });
  }
}
