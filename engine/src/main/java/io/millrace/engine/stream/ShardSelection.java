package io.millrace.engine.stream;

import io.millrace.engine.model.ShardFilterType;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which shards of a stream are asked for. Expired shards are never among them: those that closed so
 * long ago that none of their records can be left.
 *
 * @param type the rule
 * @param after the shard that AFTER_SHARD_ID speaks of, and only there
 * @param epochMillis the time that AT_TIMESTAMP and FROM_TIMESTAMP speak of, and only there
 */
public record ShardSelection(
    ShardFilterType type, Optional<ShardId> after, OptionalLong epochMillis) {

  /** Every shard that has not expired. */
  public static final ShardSelection ALL = of(ShardFilterType.FROM_TRIM_HORIZON);

  public ShardSelection {
    Objects.requireNonNull(type, "type");
    boolean timed = type == ShardFilterType.AT_TIMESTAMP || type == ShardFilterType.FROM_TIMESTAMP;
    if (after.isPresent() != (type == ShardFilterType.AFTER_SHARD_ID)
        || epochMillis.isPresent() != timed) {
      throw new IllegalArgumentException("not what " + type + " speaks of");
    }
  }

  /** FROM_TRIM_HORIZON, AT_TRIM_HORIZON or AT_LATEST. */
  public static ShardSelection of(ShardFilterType type) {
    return new ShardSelection(type, Optional.empty(), OptionalLong.empty());
  }

  /** AT_TIMESTAMP or FROM_TIMESTAMP. */
  public static ShardSelection of(ShardFilterType type, long epochMillis) {
    return new ShardSelection(type, Optional.empty(), OptionalLong.of(epochMillis));
  }

  /** AFTER_SHARD_ID. */
  public static ShardSelection after(ShardId shardId) {
    return new ShardSelection(
        ShardFilterType.AFTER_SHARD_ID, Optional.of(shardId), OptionalLong.empty());
  }

  /** The shards of the stream that this selects, by id. */
  List<ShardView> of(StreamView stream, long nowMillis) {
    List<ShardView> retained =
        stream.shards().stream().filter(shard -> !hasExpired(shard, stream, nowMillis)).toList();
    return switch (type) {
      case FROM_TRIM_HORIZON -> retained;
      case AT_TRIM_HORIZON -> eldest(openAt(retained, horizon(stream, nowMillis)));
      case AT_LATEST -> retained.stream().filter(ShardView::isOpen).toList();
      case AT_TIMESTAMP -> openAt(retained, epochMillis.orElseThrow());
      case FROM_TIMESTAMP -> {
        // ListShards: a time before the trim horizon is raised to it.
        long from = Math.max(epochMillis.orElseThrow(), horizon(stream, nowMillis));
        yield retained.stream().filter(shard -> endsAtOrAfter(shard, from)).toList();
      }
      case AFTER_SHARD_ID ->
          retained.stream()
              .filter(shard -> shard.shardId().compareTo(after.orElseThrow()) > 0)
              .toList();
    };
  }

  private static boolean hasExpired(ShardView shard, StreamView stream, long nowMillis) {
    return !shard.isOpen() && shard.closedMillis().getAsLong() <= stream.expiredMillis(nowMillis);
  }

  /** The oldest time of which records can be left; a young stream has it at its creation. */
  private static long horizon(StreamView stream, long nowMillis) {
    return Math.max(stream.createdMillis(), stream.expiredMillis(nowMillis));
  }

  /** ListShards: start at or before the time; end at or after it, or open. */
  private static List<ShardView> openAt(List<ShardView> shards, long epochMillis) {
    return shards.stream()
        .filter(shard -> shard.openedMillis() <= epochMillis && endsAtOrAfter(shard, epochMillis))
        .toList();
  }

  private static boolean endsAtOrAfter(ShardView shard, long epochMillis) {
    return shard.isOpen() || shard.closedMillis().getAsLong() >= epochMillis;
  }

  /**
   * At the very instant of a reshard both parents and children count as open. A reader who starts
   * at the trim horizon must begin with the parents, and finds the children through them.
   */
  private static List<ShardView> eldest(List<ShardView> shards) {
    Set<ShardId> ids = new HashSet<>();
    shards.forEach(shard -> ids.add(shard.shardId()));
    List<ShardView> eldest = new ArrayList<>();
    for (ShardView shard : shards) {
      if (shard.parents().stream().noneMatch(ids::contains)) {
        eldest.add(shard);
      }
    }
    return List.copyOf(eldest);
  }
}
