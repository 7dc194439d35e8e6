package io.millrace.systemtests;

import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.UpdateShardCountRequest;
import io.millrace.testkit.Awaits;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Splits, merges and now and then scales a stream for ever, each time as soon as the last reshard
 * is done, and says when one begins and when it is done.
 */
final class Resharder {

  private static final int MOST_OPEN_SHARDS = 9;

  /** UpdateShardCount can be called ten times a day only. */
  private static final int RESHARDS_PER_SCALING = 12;

  private final Millrace millrace;
  private final StreamClient client;
  private final String stream;
  private final Random random;
  private final Consumer<String> report;

  Resharder(Millrace millrace, String stream, Random random, Consumer<String> report) {
    this.millrace = millrace;
    this.client = millrace.client();
    this.stream = stream;
    this.random = random;
    this.report = report;
  }

  void run() {
    while (true) {
      reshard(
          ShardReader.shards(client, stream).stream()
              .filter(Shard::isOpen)
              .sorted(Comparator.comparing(shard -> shard.hashKeyRange().starting()))
              .toList());
    }
  }

  private void reshard(List<Shard> open) {
    if (random.nextInt(RESHARDS_PER_SCALING) == 0) {
      scale(open.size());
    } else if (open.size() == 1 || (open.size() < MOST_OPEN_SHARDS && random.nextBoolean())) {
      split(open.get(random.nextInt(open.size())));
    } else {
      int left = random.nextInt(open.size() - 1);
      merge(open.get(left), open.get(left + 1));
    }
  }

  private void scale(int from) {
    int least = (from + 1) / 2;
    int most = Math.min(2 * from, MOST_OPEN_SHARDS);
    int target = least + random.nextInt(Math.max(1, most - least + 1));
    report.accept("B scale " + target);
    try {
      Awaits.get(client.updateShardCount(UpdateShardCountRequest.of(stream, target)));
      done("scale");
    } catch (LimitExceededException tenTimesToday) {
      // Splits and merges go on.
    }
  }

  private void split(Shard shard) {
    report.accept("B split " + shard.shardId());
    Awaits.get(
        client.splitShard(
            SplitShardRequest.of(
                stream, shard.shardId().toString(), shard.hashKeyRange().midpoint().toString())));
    done("split");
  }

  private void merge(Shard left, Shard right) {
    report.accept("B merge " + left.shardId() + " " + right.shardId());
    Awaits.get(
        client.mergeShards(
            MergeShardsRequest.of(stream, left.shardId().toString(), right.shardId().toString())));
    done("merge");
  }

  private void done(String what) {
    Awaits.get(millrace.awaitActive(stream));
    report.accept("R " + what);
  }
}
