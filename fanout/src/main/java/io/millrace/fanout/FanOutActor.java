package io.millrace.fanout;

import io.millrace.engine.EngineInside;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.stream.StreamLookup.Registration;
import io.millrace.engine.stream.StreamView;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The parent of the registered consumers that subscribe, one actor each as long as the consumer is
 * registered. It stops when the engine closes, and then everything ends that is pushed.
 */
final class FanOutActor extends AbstractBehavior<FanOutActor.Command> {

  private final EngineInside inside;
  private final FanOutSettings settings;
  private final Runnable closing;
  private final Map<String, ActorRef<ConsumerCommand>> consumers = new HashMap<>();
  private long started;

  /** What it is told. */
  sealed interface Command {}

  /** Hand this to the actor of a registered consumer. */
  record ToConsumer(Registration registration, ConsumerCommand.Subscribe request)
      implements Command {}

  private record ConsumerGone(String consumerArn, MillraceException why) implements Command {}

  private FanOutActor(
      ActorContext<Command> context,
      EngineInside inside,
      FanOutSettings settings,
      Runnable closing) {
    super(context);
    this.inside = inside;
    this.settings = settings;
    this.closing = closing;
  }

  /**
   * The behavior.
   *
   * @param closing run when the engine closes
   */
  static Behavior<Command> create(EngineInside inside, FanOutSettings settings, Runnable closing) {
    return Behaviors.setup(context -> new FanOutActor(context, inside, settings, closing));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(ToConsumer.class, this::onRequest)
        .onMessage(ConsumerGone.class, this::onGone)
        .onSignal(
            PostStop.class,
            signal -> {
              closing.run();
              return this;
            })
        .build();
  }

  private Behavior<Command> onRequest(ToConsumer message) {
    consumers
        .computeIfAbsent(
            message.registration().consumer().arn(), arn -> start(message.registration()))
        .tell(message.request());
    return this;
  }

  private ActorRef<ConsumerCommand> start(Registration registration) {
    String consumerArn = registration.consumer().arn();
    getContext()
        .pipeToSelf(
            inside
                .streams()
                .views()
                .await(
                    registration.stream().name(),
                    stream ->
                        !hasConsumer(stream, registration.stream().incarnation(), consumerArn)),
            (gone, failure) -> new ConsumerGone(consumerArn, why(consumerArn, failure)));
    return getContext()
        .spawn(ConsumerActor.create(consumerArn, inside, settings), "consumer-" + ++started);
  }

  private static boolean hasConsumer(StreamView stream, long incarnation, String consumerArn) {
    return stream.incarnation() == incarnation
        && stream.consumers().stream()
            .anyMatch(
                consumer ->
                    consumer.arn().equals(consumerArn)
                        && consumer.status() != ConsumerStatus.DELETING);
  }

  private MillraceException why(String consumerArn, Throwable failure) {
    return failure == null
        ? ResourceNotFoundException.consumer(consumerArn, inside.streams().account())
        : new EngineClosedException();
  }

  private Behavior<Command> onGone(ConsumerGone gone) {
    consumers.remove(gone.consumerArn()).tell(new ConsumerCommand.Gone(gone.why()));
    return this;
  }
}
