package io.millrace.processors.mapping;

import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.ShardTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/** The work of a mapping on one leased shard, done by an actor of its own. */
final class MappingTask implements ShardTask {

  private final ActorRef<ShardHost.Command> host;
  private final Mapping mapping;

  MappingTask(ActorRef<ShardHost.Command> host, Mapping mapping) {
    this.host = host;
    this.mapping = mapping;
  }

  @Override
  public CompletionStage<Void> start(LeasedShard shard) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    host.tell(new ShardHost.Start(this, mapping, shard, done));
    return done;
  }

  @Override
  public CompletionStage<Void> drain() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    host.tell(new ShardHost.Drain(this, drained));
    return drained;
  }

  @Override
  public void lost() {
    host.tell(new ShardHost.Lose(this));
  }
}
