package io.millrace.engine.stream;

import io.millrace.engine.capacity.HotShardReport;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * How a stream shows itself: to the registry, which counts it, and in {@link StreamViews}, where
 * everyone looks. Owned by the stream's actor.
 */
final class StreamDisplay {

  /** Settles every loan that was made before this actor started. */
  private static final long EVERY_LOAN = Long.MAX_VALUE;

  private final StreamSurroundings around;
  private final NamedStream stream;
  private final ActorRef<RegistryCommand> registry;

  private List<HotShardReport> hotShards = List.of();
  private long settledLoan = EVERY_LOAN;

  /**
   * The display of a stream that shows nothing yet.
   *
   * @param registry told how the stream stands before anyone else can see it
   */
  StreamDisplay(StreamSurroundings around, NamedStream stream, ActorRef<RegistryCommand> registry) {
    this.around = around;
    this.stream = stream;
    this.registry = registry;
  }

  /** What others see of a stream in this state. */
  StreamView view(StreamState state) {
    return state.view(around.settings().arn(stream.name()), hotShards);
  }

  /** The registry hears first, since whoever sees that a stream is ACTIVE may create the next. */
  void publish(StreamState state) {
    stand(state);
    around.views().publish(view(state));
  }

  /** Shows these as hot, if others were shown before. */
  void publishHot(List<HotShardReport> hot, StreamState state) {
    if (!hot.equals(hotShards)) {
      hotShards = hot;
      publish(state);
    }
  }

  /** What was lent is needed no longer, which the registry hears when the stream next stands. */
  void settle(Room room) {
    settledLoan = room.loan();
  }

  /** Tells the registry how the stream stands, and nobody else. */
  void stand(StreamState state) {
    registry.tell(
        new RegistryCommand.StreamStands(
            stream.name(),
            stream.incarnation(),
            new RegistryState.Standing(
                stream.incarnation(),
                state.status(),
                state.options().mode(),
                state.map().openCountAtMost()),
            settledLoan));
    if (settledLoan == EVERY_LOAN) {
      settledLoan = 0;
    }
  }

  /** Tells the registry that the stream, having started, can be seen. */
  void shown() {
    registry.tell(new RegistryCommand.StreamShown(stream.name(), stream.incarnation()));
  }

  /** Tells the registry that nothing is left to show. */
  void gone() {
    registry.tell(new RegistryCommand.StreamGone(stream.name(), stream.incarnation()));
  }
}
