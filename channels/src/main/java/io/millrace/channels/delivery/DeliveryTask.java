package io.millrace.channels.delivery;

import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.ShardTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/** The delivery of one leased shard, done by an actor of its own. */
public final class DeliveryTask implements ShardTask {

  private final ActorRef<DeliveryHost.Command> host;
  private final Delivery delivery;

  /** A task. */
  public DeliveryTask(ActorRef<DeliveryHost.Command> host, Delivery delivery) {
    this.host = host;
    this.delivery = delivery;
  }

  @Override
  public CompletionStage<Void> start(LeasedShard shard) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    host.tell(new DeliveryHost.Start(this, delivery, shard, done));
    return done;
  }

  @Override
  public CompletionStage<Void> drain() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    host.tell(new DeliveryHost.Drain(this, drained));
    return drained;
  }

  @Override
  public void lost() {
    host.tell(new DeliveryHost.Lose(this));
  }
}
