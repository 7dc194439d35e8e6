package io.millrace.examples;

import io.millrace.engine.StreamClient;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.Shard;
import io.millrace.engine.model.ShardId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;

/** Reads every shard from the oldest record to the end, all shards at the same time. */
final class EarthquakeConsumer {

  private final StreamClient client;
  private final String stream;

  EarthquakeConsumer(StreamClient client, String stream) {
    this.client = client;
    this.stream = stream;
  }

  /**
   * One pass over the stream.
   *
   * @param read hears after each page how many events were met so far
   */
  CompletionStage<StreamContents> readAll(IntConsumer read) {
    Pass pass = new Pass(read);
    return client
        .listShards(ListShardsRequest.of(stream))
        .thenCompose(
            page ->
                CompletableFuture.allOf(
                    page.shards().stream()
                        .map(shard -> pass.read(shard).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)))
        .thenApply(done -> pass.contents);
  }

  private final class Pass {

    private final StreamContents contents = new StreamContents();
    private final IntConsumer heard;

    Pass(IntConsumer heard) {
      this.heard = heard;
    }

    CompletionStage<Void> read(Shard shard) {
      synchronized (this) {
        contents.addShard(shard.shardId());
      }
      return client
          .getShardIterator(GetShardIteratorRequest.trimHorizon(stream, shard.shardId().toString()))
          .thenCompose(start -> readFrom(start.shardIterator(), shard.shardId()));
    }

    /** Not on the engine's threads, which are not for parsing JSON. */
    private CompletionStage<Void> readFrom(String iterator, ShardId shard) {
      return client
          .getRecords(GetRecordsRequest.of(iterator))
          .thenComposeAsync(
              page -> {
                synchronized (this) {
                  contents.add(shard, page.records());
                  heard.accept(contents.events());
                }
                boolean isAtEnd =
                    page.isAtShardEnd()
                        || (page.records().isEmpty() && page.millisBehindLatest() == 0);
                return isAtEnd
                    ? CompletableFuture.completedStage(null)
                    : readFrom(page.nextShardIterator(), shard);
              });
    }
  }
}
