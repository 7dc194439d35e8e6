package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorInternal.Examined;
import io.millrace.engine.coordinator.CoordinatorInternal.LatestFound;
import io.millrace.engine.coordinator.CoordinatorInternal.StreamChanged;
import io.millrace.engine.coordinator.ShardPositions.Lag;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamView;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * How a coordinator sees the shards of its stream: it is told when they change, what LATEST means
 * for one of them, and whether one without progress has work. Used by one actor; everything that it
 * finds comes to that as a message.
 */
final class StreamWatch {

  private final ActorContext<CoordinatorMessage> context;
  private final CoordinatorSurroundings around;
  private final Set<ShardId> fixing = new HashSet<>();
  private Optional<CompletableFuture<Optional<StreamView>>> change = Optional.empty();

  StreamWatch(ActorContext<CoordinatorMessage> context, CoordinatorSurroundings around) {
    this.context = context;
    this.around = around;
  }

  /** The stream that the application is bound to, in the life that has the name now. */
  Optional<StreamView> stream(CoordinatorState state) {
    return state.binding().flatMap(bound -> around.views().find(bound.stream()));
  }

  /** Whether the stream says that a shard takes no more records. */
  boolean isClosed(CoordinatorState state, ShardId shardId) {
    return isClosed(stream(state), shardId);
  }

  private static boolean isClosed(Optional<StreamView> stream, ShardId shardId) {
    return stream.flatMap(view -> view.shard(shardId)).filter(ShardView::isOpen).isEmpty();
  }

  /** Waits for the next change, and asks for what LATEST means where that is not known yet. */
  void look(CoordinatorState state, Optional<StreamView> stream) {
    if (Coordination.isStreamThere(state, stream)) {
      fixLatest(state, stream.get());
      awaitChange(stream.get());
    }
  }

  private void awaitChange(StreamView seen) {
    if (change.isPresent()) {
      return;
    }
    CompletableFuture<Optional<StreamView>> awaited =
        around
            .views()
            .await(
                seen.name(),
                view ->
                    view.incarnation() != seen.incarnation()
                        || view.status() != seen.status()
                        || !view.shards().equals(seen.shards()))
            .toCompletableFuture();
    change = Optional.of(awaited);
    var unused = awaited.thenAccept(view -> context.getSelf().tell(new StreamChanged()));
  }

  /** The change has come. */
  void changed() {
    change = Optional.empty();
  }

  private void fixLatest(CoordinatorState state, StreamView stream) {
    for (Lease lease : state.leases().values()) {
      ShardId shardId = lease.shardId();
      if (lease.checkpoint().kind() == CheckpointPosition.Kind.LATEST && fixing.add(shardId)) {
        context.pipeToSelf(
            around.positions().latest(stream, shardId),
            (latest, failure) -> new LatestFound(shardId, Optional.ofNullable(latest)));
      }
    }
  }

  /** The answer has come, or will not. */
  void found(ShardId shardId) {
    fixing.remove(shardId);
  }

  /** Asks whether the shard of a lease has anything left to do. */
  void examine(CoordinatorState state, Lease lease) {
    Optional<StreamView> stream = stream(state);
    if (!Coordination.isStreamThere(state, stream)) {
      return;
    }
    ShardId shardId = lease.shardId();
    long epoch = lease.epoch();
    CheckpointPosition checkpoint = lease.checkpoint();
    boolean isClosed = isClosed(stream, shardId);
    context.pipeToSelf(
        around.positions().lag(stream.get(), shardId, checkpoint),
        (lag, failure) ->
            new Examined(
                shardId,
                epoch,
                checkpoint,
                failure == null && (isClosed || !lag.equals(Lag.NONE))));
  }

  /** Waits for nothing any more, and begins anew when it is asked to look again. */
  void stop() {
    change.ifPresent(awaited -> awaited.cancel(false));
    change = Optional.empty();
    fixing.clear();
  }
}
