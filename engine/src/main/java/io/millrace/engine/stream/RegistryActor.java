package io.millrace.engine.stream;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.RegistryCommand.AwaitReady;
import io.millrace.engine.stream.RegistryCommand.ChangeCommitment;
import io.millrace.engine.stream.RegistryCommand.CreateStream;
import io.millrace.engine.stream.RegistryCommand.DescribeAccount;
import io.millrace.engine.stream.RegistryCommand.EraseFailed;
import io.millrace.engine.stream.RegistryCommand.EraseRemains;
import io.millrace.engine.stream.RegistryCommand.ForStream;
import io.millrace.engine.stream.RegistryCommand.Found;
import io.millrace.engine.stream.RegistryCommand.Ready;
import io.millrace.engine.stream.RegistryCommand.RemainsErased;
import io.millrace.engine.stream.RegistryCommand.StreamGone;
import io.millrace.engine.stream.RegistryCommand.StreamShown;
import io.millrace.engine.stream.RegistryCommand.StreamStands;
import io.millrace.engine.stream.RegistryCommand.StreamStopped;
import io.millrace.engine.stream.RegistryEvent.EngineFounded;
import io.millrace.engine.stream.RegistryState.Standing;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;

/**
 * Owns the names of an engine's streams. One per engine; the parent of every stream's actor.
 *
 * <p>What survives a restart: the engine's identity, the names, what has still to be erased of
 * forgotten streams, and the account's commitment. How the streams stand is learned again from
 * themselves; until all have said so, no stream can be created. Commands that arrive during
 * recovery or a write are stashed.
 */
public final class RegistryActor
    extends JournaledActor<RegistryCommand, RegistryEvent, RegistryState> {

  /** The identity of the registry's events. */
  public static final String PERSISTENCE_ID = "registry";

  private static final int SECRET_BYTES = 32;
  private static final int ROWS_PER_ERASE = 100;

  private final ActorContext<RegistryCommand> context;
  private final StreamSurroundings around;
  private final SecureRandom random;

  // Lost at a restart, on purpose: each is learned again.
  private final Map<StreamName, ActorRef<StreamCommand>> actors = new HashMap<>();
  private final Map<StreamName, Standing> standings = new HashMap<>();
  private final Set<StreamName> shown = new HashSet<>();
  private final List<ActorRef<Ready>> awaitingReady = new ArrayList<>();
  private final RoomLender lender = new RoomLender();
  private boolean started;
  private boolean ready;

  /**
   * The registry of an engine. Restarts for ever when it fails, ever more slowly.
   *
   * @param around what it and its streams need of the engine
   * @param random where the engine's identity and secret come from, once
   */
  public static Behavior<RegistryCommand> create(StreamSurroundings around, SecureRandom random) {
    return Behaviors.supervise(
            Behaviors.<RegistryCommand>setup(context -> new RegistryActor(context, around, random)))
        .onFailure(around.restarts());
  }

  private RegistryActor(
      ActorContext<RegistryCommand> context, StreamSurroundings around, SecureRandom random) {
    super(PERSISTENCE_ID, around);
    context.setLoggerName(RegistryActor.class);
    this.context = context;
    this.around = around;
    this.random = random;
  }

  @Override
  public RegistryState emptyState() {
    return RegistryState.EMPTY;
  }

  @Override
  public CommandHandlerWithReply<RegistryCommand, RegistryEvent, RegistryState> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(AwaitReady.class, this::onAwaitReady)
        .onCommand(CreateStream.class, this::onCreateStream)
        .onCommand(ForStream.class, this::onForStream)
        .onCommand(ChangeCommitment.class, this::onChangeCommitment)
        .onCommand(DescribeAccount.class, this::onDescribeAccount)
        .onCommand(Found.class, this::onFound)
        .onCommand(StreamStands.class, this::onStreamStands)
        .onCommand(StreamShown.class, this::onStreamShown)
        .onCommand(StreamGone.class, this::onStreamGone)
        .onCommand(StreamStopped.class, this::onStreamStopped)
        .onCommand(EraseRemains.class, this::onEraseRemains)
        .onCommand(RemainsErased.class, this::onRemainsErased)
        .onCommand(EraseFailed.class, this::onEraseFailed)
        .build();
  }

  private ReplyEffect<RegistryEvent, RegistryState> onAwaitReady(
      RegistryState state, AwaitReady command) {
    awaitingReady.add(command.replyTo());
    answerIfReady(state);
    return Effect().noReply();
  }

  private ReplyEffect<RegistryEvent, RegistryState> onCreateStream(
      RegistryState state, CreateStream command) {
    if (!ready) {
      return Effect()
          .reply(
              command.replyTo(),
              new StreamReply.Refused(
                  StreamReply.Kind.UNAVAILABLE, "The engine's streams are still recovering."));
    }
    if (lender.isLent()) {
      awaitRoom(command, command.replyTo());
      return Effect().noReply();
    }
    AccountUse use = state.use(standings, around.settings().quotas());
    Decision<RegistryEvent> decision =
        state.name(command.name(), command.parameters(), use, around.warmThroughput());
    if (decision instanceof Decision.Refuses<RegistryEvent> refused) {
      lendToNext(state);
      return Effect().reply(command.replyTo(), refused.refusal());
    }
    return persist(decision, Optional.of(command.replyTo()), named -> born(named, command));
  }

  private void born(RegistryState state, CreateStream command) {
    // The stream answers the caller, once it can be seen.
    start(state.streams().get(command.name()))
        .tell(new StreamCommand.Begin(Optional.of(command.replyTo())));
    lendToNext(state);
  }

  private ReplyEffect<RegistryEvent, RegistryState> onForStream(
      RegistryState state, ForStream command) {
    if (command.request() instanceof StreamCommand.NeedsRoom && lender.isLent()) {
      awaitRoom(command, command.request().replyTo());
    } else {
      forward(state, command);
    }
    return Effect().noReply();
  }

  private void awaitRoom(RegistryCommand command, ActorRef<StreamReply> replyTo) {
    if (!lender.enqueue(command)) {
      replyTo.tell(
          new StreamReply.Refused(
              StreamReply.Kind.THROTTLED, "Too many streams are being resharded at once."));
    }
  }

  private void forward(RegistryState state, ForStream command) {
    ActorRef<StreamCommand> actor = actors.get(command.name());
    if (actor == null) {
      command
          .request()
          .replyTo()
          .tell(
              state.streams().containsKey(command.name())
                  ? new StreamReply.Refused(
                      StreamReply.Kind.UNAVAILABLE,
                      "Stream %s is not running.".formatted(command.name()))
                  : StatusRule.notFound(command.name()));
    } else if (command.request() instanceof StreamCommand.NeedsRoom asking) {
      AccountUse use = state.use(standings, around.settings().quotas());
      actor.tell(asking.within(lender.lend(command.name(), use)));
    } else {
      actor.tell(command.request());
    }
  }

  private void takeBack(RegistryState state, StreamName name, long settledLoan) {
    if (lender.takeBack(name, settledLoan)) {
      lendToNext(state);
    }
  }

  private void lendToNext(RegistryState state) {
    while (!lender.isLent()) {
      Optional<RegistryCommand> next = lender.next();
      if (next.isEmpty()) {
        return;
      }
      if (!(next.get() instanceof ForStream request)) {
        // Decided like a new one; whoever waits behind it goes on after that.
        context.getSelf().tell(next.get());
        return;
      }
      forward(state, request);
    }
  }

  private ReplyEffect<RegistryEvent, RegistryState> onChangeCommitment(
      RegistryState state, ChangeCommitment command) {
    long now = around.clock().epochMillis();
    return decided(
        command.isWanted() ? state.commit(now) : state.endCommitment(now),
        Optional.of(command.replyTo()),
        next -> around.views().publish(next.commitment()));
  }

  private ReplyEffect<RegistryEvent, RegistryState> onDescribeAccount(
      RegistryState state, DescribeAccount command) {
    return Effect().reply(command.replyTo(), state.use(standings, around.settings().quotas()));
  }

  private ReplyEffect<RegistryEvent, RegistryState> onFound(RegistryState state, Found command) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return persist(
        state.found(
            new EngineFounded(
                new UUID(random.nextLong(), random.nextLong()).toString(),
                Payload.wrap(secret),
                around.clock().epochMillis())),
        Optional.empty(),
        this::startAll);
  }

  private ReplyEffect<RegistryEvent, RegistryState> onStreamStands(
      RegistryState state, StreamStands command) {
    if (state.stream(command.name(), command.incarnation()).isPresent()) {
      standings.put(command.name(), command.standing());
      takeBack(state, command.name(), command.settledLoan());
    }
    return Effect().noReply();
  }

  private ReplyEffect<RegistryEvent, RegistryState> onStreamShown(
      RegistryState state, StreamShown command) {
    if (state.stream(command.name(), command.incarnation()).isPresent()) {
      shown.add(command.name());
      answerIfReady(state);
    }
    return Effect().noReply();
  }

  private ReplyEffect<RegistryEvent, RegistryState> onStreamGone(
      RegistryState state, StreamGone command) {
    return persist(
        state.forget(command.name(), command.incarnation()),
        Optional.empty(),
        next -> forgotten(next, command.name(), command.incarnation()));
  }

  private void forgotten(RegistryState state, StreamName name, long incarnation) {
    around.views().withdraw(name, incarnation);
    standings.remove(name);
    shown.remove(name);
    takeBack(state, name, Long.MAX_VALUE);
    ActorRef<StreamCommand> actor = actors.remove(name);
    if (actor != null) {
      // Its events may be erased only when it can write no more: see onStreamStopped.
      context.stop(actor);
    }
    answerIfReady(state);
  }

  private ReplyEffect<RegistryEvent, RegistryState> onStreamStopped(
      RegistryState state, StreamStopped command) {
    Remains remains = new Remains(command.name(), command.incarnation());
    if (state.remains().contains(remains)) {
      erase(remains);
    } else if (actors.remove(command.name(), command.actor())) {
      context.getLog().error("Stream {} stopped by itself; starting it again", command.name());
      state.stream(command.name(), command.incarnation()).ifPresent(this::start);
    }
    return Effect().noReply();
  }

  private ReplyEffect<RegistryEvent, RegistryState> onEraseRemains(
      RegistryState state, EraseRemains command) {
    erase(command.remains());
    return Effect().noReply();
  }

  private ReplyEffect<RegistryEvent, RegistryState> onRemainsErased(
      RegistryState state, RemainsErased command) {
    return persist(state.erased(command.remains()), Optional.empty(), next -> {});
  }

  private ReplyEffect<RegistryEvent, RegistryState> onEraseFailed(
      RegistryState state, EraseFailed command) {
    context
        .getLog()
        .warn("Erasing {} failed, trying again later: {}", command.remains(), command.why());
    context.scheduleOnce(
        around.settings().maxBackoff(), context.getSelf(), new EraseRemains(command.remains()));
    return Effect().noReply();
  }

  /** Persists what was decided, if anything, and then goes on; answers nobody. */
  private ReplyEffect<RegistryEvent, RegistryState> persist(
      Decision<RegistryEvent> decision,
      Optional<ActorRef<StreamReply>> caller,
      Consumer<RegistryState> afterwards) {
    return decision instanceof Decision.Happens<RegistryEvent> happens
        ? persist(happens.events(), caller, afterwards)
        : Effect().noReply();
  }

  private ActorRef<StreamCommand> start(NamedStream stream) {
    ActorRef<StreamCommand> actor =
        context.spawn(
            StreamActor.create(around, stream, context.getSelf()),
            stream.name().value() + "~" + stream.incarnation());
    context.watchWith(actor, new StreamStopped(stream.name(), stream.incarnation(), actor));
    actors.put(stream.name(), actor);
    return actor;
  }

  private void startAll(RegistryState state) {
    started = true;
    state.streams().values().forEach(this::start);
    for (Remains remains : state.remains()) {
      // Still shown if forgetting it was written although the storage said it had failed.
      around.views().withdraw(remains.name(), remains.incarnation());
      erase(remains);
    }
    answerIfReady(state);
  }

  /** Erases in small steps until nothing is left; safe to repeat and to overlap. */
  private void erase(Remains remains) {
    CompletionStage<Integer> step =
        around
            .trimmer()
            .erase(
                NamedStream.persistenceId(remains.name(), remains.incarnation()), ROWS_PER_ERASE);
    context.pipeToSelf(
        step,
        (rows, failure) -> {
          if (failure != null) {
            return new EraseFailed(remains, failure.toString());
          }
          return rows == 0 ? new RemainsErased(remains) : new EraseRemains(remains);
        });
  }

  /** Once every stream that was known at the start can be seen, the registry stays ready. */
  private void answerIfReady(RegistryState state) {
    ready = ready || (started && shown.containsAll(state.streams().keySet()));
    if (ready) {
      EngineFounded founding = state.founding().orElseThrow();
      Ready answer = new Ready(founding.engineId(), founding.tokenSecret());
      awaitingReady.forEach(waiting -> waiting.tell(answer));
      awaitingReady.clear();
    }
  }

  @Override
  public EventHandler<RegistryState, RegistryEvent> eventHandler() {
    return RegistryState::apply;
  }

  @Override
  protected void recovered(RegistryState state) {
    actors.clear();
    standings.clear();
    shown.clear();
    lender.reset();
    started = false;
    ready = false;
    around.views().publish(state.commitment());
    if (state.founding().isPresent()) {
      startAll(state);
    } else {
      context.getSelf().tell(new Found());
    }
  }
}
