package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.ShardStrategy;
import io.millrace.engine.consumer.ShardTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Tasks that do what the test tells them, in the order in which they were wanted. */
final class Puppets implements ShardStrategy {

  private static final int PATIENCE_SECONDS = 60;

  final LinkedBlockingQueue<Puppet> made = new LinkedBlockingQueue<>();

  /** One of them. */
  static final class Puppet implements ShardTask {

    final CompletableFuture<LeasedShard> started = new CompletableFuture<>();
    final CompletableFuture<Void> ended = new CompletableFuture<>();
    final CompletableFuture<Void> drained = new CompletableFuture<>();
    final CompletableFuture<Void> isToDrain = new CompletableFuture<>();
    final CompletableFuture<Void> isLost = new CompletableFuture<>();

    @Override
    public CompletionStage<Void> start(LeasedShard shard) {
      started.complete(shard);
      return ended;
    }

    @Override
    public CompletionStage<Void> drain() {
      isToDrain.complete(null);
      return drained;
    }

    @Override
    public void lost() {
      isLost.complete(null);
    }
  }

  @Override
  public ShardTask newTask() {
    Puppet puppet = new Puppet();
    made.add(puppet);
    return puppet;
  }

  /** The next one, as soon as it is there. */
  Puppet next() {
    try {
      Puppet puppet = made.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(puppet).as("a task").isNotNull();
      return puppet;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
