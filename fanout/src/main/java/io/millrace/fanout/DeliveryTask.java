package io.millrace.fanout;

import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.ShardTask;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Has the records of a leased shard delivered to a subscriber, who checkpoints them. */
final class DeliveryTask implements ShardTask {

  private final Consumer<Delivery> begin;
  private final Consumer<Delivery> end;
  private Delivery delivery;

  /**
   * One start of a shard.
   *
   * @param shard where to begin
   * @param checkpoints how far it has got
   */
  record Delivery(LeasedShard shard, ShardCheckpoints checkpoints) {}

  /**
   * A task. Both are called from the thread of an actor, and must not block.
   *
   * @param begin begins to deliver
   * @param end stops it; harmless when it was stopped before
   */
  DeliveryTask(Consumer<Delivery> begin, Consumer<Delivery> end) {
    this.begin = begin;
    this.end = end;
  }

  @Override
  public CompletionStage<Void> start(LeasedShard shard) {
    delivery = new Delivery(shard, new ShardCheckpoints(shard));
    begin.accept(delivery);
    return delivery.checkpoints().finished();
  }

  @Override
  public CompletionStage<Void> drain() {
    end.accept(delivery);
    return delivery.checkpoints().drain();
  }

  @Override
  public void lost() {
    end.accept(delivery);
    delivery.checkpoints().abandon();
  }
}
