package io.millrace.engine.stream;

import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.util.List;
import java.util.Optional;

/**
 * What the listing operations of the API show, page by page. Whatever the size of the pages,
 * together they hold each item once and in order, as long as the stream does not change.
 */
public final class Listings {

  /** ListShards shows so many by default, and never more. */
  public static final int MAX_SHARDS_LISTED = 1000;

  /** DescribeStream shows so many by default, and never more. */
  public static final int MAX_SHARDS_DESCRIBED = 100;

  /** ListStreams shows so many by default, and never more. */
  public static final int MAX_STREAMS_LISTED = 100;

  /** ListStreamConsumers shows so many by default, and never more. */
  public static final int MAX_CONSUMERS_LISTED = 100;

  private Listings() {}

  /**
   * ListShards: the selected shards, by id.
   *
   * @param after the shard after which the page starts; empty for the first page. It need not exist
   * @param asked how many to show, at least 1; empty for the default
   */
  public static Page<ShardView> shards(
      StreamView stream,
      ShardSelection selection,
      Optional<ShardId> after,
      Optional<Integer> asked,
      long nowMillis) {
    return page(selection.of(stream, nowMillis), after, size(asked, MAX_SHARDS_LISTED));
  }

  /** DescribeStream: every shard that has not expired, by id; parameters as for ListShards. */
  public static Page<ShardView> described(
      StreamView stream, Optional<ShardId> after, Optional<Integer> asked, long nowMillis) {
    return page(ShardSelection.ALL.of(stream, nowMillis), after, size(asked, MAX_SHARDS_DESCRIBED));
  }

  /**
   * ListStreams: streams in any status, by name.
   *
   * @param streams every stream, by name
   * @param after the name after which the page starts; empty for the first page. It need not exist
   * @param asked how many to show, at least 1; empty for the default
   */
  public static Page<StreamView> streams(
      List<StreamView> streams, Optional<StreamName> after, Optional<Integer> asked) {
    List<StreamView> rest =
        streams.stream()
            .filter(stream -> after.isEmpty() || stream.name().compareTo(after.get()) > 0)
            .toList();
    return Page.of(rest, size(asked, MAX_STREAMS_LISTED));
  }

  /**
   * ListStreamConsumers: registered consumers in any status, by name.
   *
   * @param after the name after which the page starts; empty for the first page. It need not exist
   * @param asked how many to show, at least 1; empty for the default
   */
  public static Page<ConsumerView> consumers(
      StreamView stream, Optional<ConsumerName> after, Optional<Integer> asked) {
    List<ConsumerView> rest =
        stream.consumers().stream()
            .filter(consumer -> after.isEmpty() || consumer.name().compareTo(after.get()) > 0)
            .toList();
    return Page.of(rest, size(asked, MAX_CONSUMERS_LISTED));
  }

  private static Page<ShardView> page(List<ShardView> shards, Optional<ShardId> after, int size) {
    List<ShardView> rest =
        shards.stream()
            .filter(shard -> after.isEmpty() || shard.shardId().compareTo(after.get()) > 0)
            .toList();
    return Page.of(rest, size);
  }

  private static int size(Optional<Integer> asked, int most) {
    return Math.min(asked.orElse(most), most);
  }
}
