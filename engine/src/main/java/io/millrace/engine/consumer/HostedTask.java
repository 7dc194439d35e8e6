package io.millrace.engine.consumer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * The work on one leased shard, done by an actor of its own under a {@link TaskHost}. Safe for any
 * thread; nothing of it blocks.
 *
 * @param <C> what that actor understands
 */
public final class HostedTask<C> implements ShardTask {

  private final ActorRef<TaskHost.Command> host;
  private final Work<C> work;

  /**
   * How the actor is begun and spoken to. Asked by the host, one call at a time; must not block.
   *
   * @param <C> what it understands
   */
  public interface Work<C> {

    /**
     * The actor's behaviour.
     *
     * @param done for the actor to complete when the shard is finished and that is stored, or to
     *     fail when it cannot go on
     */
    Behavior<C> begin(LeasedShard shard, CompletableFuture<Void> done);

    /** Tells the actor to give the shard up in order, to complete this, and to stop. */
    C drain(CompletableFuture<Void> drained);

    /** Tells the actor to stop at once. */
    C lose();
  }

  /** A task. */
  public HostedTask(ActorRef<TaskHost.Command> host, Work<C> work) {
    this.host = host;
    this.work = work;
  }

  Work<C> work() {
    return work;
  }

  @Override
  public CompletionStage<Void> start(LeasedShard shard) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    host.tell(new TaskHost.Start(this, shard, done));
    return done;
  }

  @Override
  public CompletionStage<Void> drain() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    host.tell(new TaskHost.Drain(this, drained));
    return drained;
  }

  @Override
  public void lost() {
    host.tell(new TaskHost.Lose(this));
  }
}
