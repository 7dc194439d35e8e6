package io.millrace.engine.consumer;

import io.millrace.engine.api.ChildShard;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.shard.ShardMessage.ReadDone;
import io.millrace.engine.stream.StreamLookup;
import io.millrace.engine.stream.StreamView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The shards that closed ones have become, for readers to go on with.
 *
 * @param lookup the streams
 */
record ShardChildren(StreamLookup lookup) {

  /** The children to go on with, once there is nothing left to read of their parent. */
  List<ChildShard> of(ShardAddress parent, ReadDone done) {
    return done.atShardEnd() ? of(parent) : List.of();
  }

  /**
   * The children of a closed shard. None until the stream says that they are open: a shard closes a
   * moment earlier, and its reader comes again.
   */
  private List<ChildShard> of(ShardAddress parent) {
    return lookup
        .views()
        .find(parent.stream())
        .filter(stream -> stream.incarnation() == parent.incarnation())
        .map(stream -> of(stream, parent.shardId()))
        .orElse(List.of());
  }

  private static List<ChildShard> of(StreamView stream, ShardId parent) {
    return stream.children(parent).stream()
        .map(shard -> new ChildShard(shard.shardId(), shard.parents(), shard.range()))
        .toList();
  }

  /**
   * The children of a closed shard, at least one, as soon as the stream says that they are open: a
   * shard closes a moment earlier.
   *
   * @return one element; fails with {@link ResourceNotFoundException} when the stream goes first
   */
  Source<List<ChildShard>, NotUsed> await(ShardAddress parent) {
    return Source.lazySource(() -> awaited(parent))
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  private Source<List<ChildShard>, NotUsed> awaited(ShardAddress parent) {
    CompletionStage<Optional<StreamView>> opened =
        lookup
            .views()
            .await(
                parent.stream(),
                stream ->
                    stream.incarnation() != parent.incarnation()
                        || !stream.children(parent.shardId()).isEmpty());
    return Source.completionStage(opened)
        .mapError(CompletionException.class, CompletionException::getCause)
        .map(
            found -> {
              List<ChildShard> children = of(parent);
              if (children.isEmpty()) {
                throw ResourceNotFoundException.stream(parent.stream().value(), lookup.account());
              }
              return children;
            })
        .watchTermination(
            (ignored, done) -> {
              done.whenComplete((end, failure) -> opened.toCompletableFuture().cancel(false));
              return NotUsed.getInstance();
            });
  }
}
