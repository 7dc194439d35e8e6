package io.millrace.engine.stream;

import io.millrace.engine.capacity.ShardCountBounds;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.reshard.ReshardDecision;
import io.millrace.engine.reshard.ReshardPlan;
import io.millrace.engine.stream.StreamEvent.ModeChanged;
import io.millrace.engine.stream.StreamEvent.ReshardStarted;
import io.millrace.engine.stream.StreamEvent.ReshardStarted.Cause;
import io.millrace.engine.stream.StreamEvent.WarmThroughputChanged;
import io.millrace.engine.stream.StreamReply.Kind;
import java.util.Optional;

/**
 * What a stream decides when its shards, or the capacity that they are to have, change: by request,
 * within the room that the account has left, or by the rule of an on-demand stream.
 */
record ShardDecisions(StreamState stream) {

  Decision<StreamEvent> split(ShardId shardId, HashKey newStart, Room room, long nowMillis) {
    return refusalToReshard(shardId)
        .orElseGet(
            () ->
                reshard(
                    ReshardPlan.split(
                        stream.map().open(), shardId, newStart, stream.map().nextIndex()),
                    Cause.SPLIT,
                    room,
                    nowMillis));
  }

  Decision<StreamEvent> merge(ShardId shardId, ShardId adjacent, Room room, long nowMillis) {
    return refusalToReshard(shardId, adjacent)
        .orElseGet(
            () ->
                reshard(
                    ReshardPlan.merge(
                        stream.map().open(), shardId, adjacent, stream.map().nextIndex()),
                    Cause.MERGE,
                    room,
                    nowMillis));
  }

  Decision<StreamEvent> updateShardCount(int target, Room room, long nowMillis) {
    Optional<Decision<StreamEvent>> refusal = refusalToReshard();
    if (refusal.isPresent()) {
      return refusal.get();
    }
    int open = stream.map().openCount();
    if (target == open) {
      return Decision.stands();
    }
    if (target > ShardCountBounds.MAX_TARGET) {
      return Decision.refuses(
          Kind.LIMIT_EXCEEDED,
          "UpdateShardCount scales to %d shards at most, not to %d."
              .formatted(ShardCountBounds.MAX_TARGET, target));
    }
    ShardCountBounds bounds = ShardCountBounds.of(open);
    if (!bounds.contains(target)) {
      return Decision.refuses(
          Kind.INVALID_ARGUMENT,
          "UpdateShardCount cannot scale from %d open shards to %d: between half and twice as many, %d to %d, are allowed."
              .formatted(open, target, bounds.smallest(), bounds.largest()));
    }
    if (stream.options().shardCountUpdates().remaining(nowMillis) == 0) {
      return Decision.refuses(
          Kind.LIMIT_EXCEEDED,
          "UpdateShardCount can be called %d times for a stream in 24 hours."
              .formatted(stream.options().shardCountUpdates().limit()));
    }
    ReshardPlan plan = ReshardPlan.uniform(stream.map().open(), target, stream.map().nextIndex());
    return reshard(new ReshardDecision.Planned(plan), Cause.SHARD_COUNT, room, nowMillis);
  }

  /** Why its shards cannot be resharded by request; empty if they can. */
  private Optional<Decision<StreamEvent>> refusalToReshard(ShardId... shardIds) {
    for (ShardId shardId : shardIds) {
      if (!stream.map().has(shardId)) {
        return Optional.of(
            Decision.refuses(
                Kind.RESOURCE_NOT_FOUND,
                "Could not find shard %s in stream %s.".formatted(shardId, stream.name())));
      }
    }
    if (!stream.isActive()) {
      return Optional.of(stream.notActive());
    }
    return stream.options().mode() == StreamMode.ON_DEMAND
        ? Optional.of(Decision.refuses(StatusRule.onDemand(stream.name())))
        : Optional.empty();
  }

  private Decision<StreamEvent> reshard(
      ReshardDecision decision, Cause cause, Room room, long nowMillis) {
    if (decision instanceof ReshardDecision.Refused refused) {
      return Decision.refuses(Kind.INVALID_ARGUMENT, refused.message());
    }
    ReshardPlan plan = ((ReshardDecision.Planned) decision).plan();
    ShardMap next = stream.map().resharding(plan.steps());
    int more = next.openCountAtMost() - stream.map().openCount();
    return more > room.shards()
        ? Decision.refuses(
            Kind.LIMIT_EXCEEDED,
            "This request would exceed the shard limit of the account: %d more shards, %d allowed."
                .formatted(more, room.shards()))
        : Decision.happens(new ReshardStarted(plan.steps(), cause, nowMillis));
  }

  Decision<StreamEvent> changeMode(
      StreamMode mode, int warmMiBps, WarmThroughputRule warmth, Room room, long nowMillis) {
    if (!stream.isActive()) {
      return stream.notActive();
    }
    if (mode == stream.options().mode()) {
      return warmMiBps == 0 || warmMiBps == stream.options().warmMiBps()
          ? Decision.stands()
          : Decision.refuses(
              Kind.INVALID_ARGUMENT,
              "Stream %s is in %s capacity mode already: UpdateStreamWarmThroughput changes its warm throughput."
                  .formatted(stream.name(), mode));
    }
    Optional<StreamReply.Refused> tooWarm =
        warmMiBps == 0 ? Optional.empty() : warmth.refusal(warmMiBps);
    if (tooWarm.isPresent()) {
      return Decision.refuses(tooWarm.get());
    }
    if (stream.options().modeSwitches().remaining(nowMillis) == 0) {
      return Decision.refuses(
          Kind.LIMIT_EXCEEDED,
          "The capacity mode of a stream can be switched %d times in 24 hours."
              .formatted(stream.options().modeSwitches().limit()));
    }
    if (mode == StreamMode.ON_DEMAND && room.onDemandStreams() < 1) {
      return Decision.refuses(
          Kind.LIMIT_EXCEEDED, "The account may have no more on-demand streams.");
    }
    if (mode == StreamMode.PROVISIONED && room.shards() < stream.map().openCount()) {
      return Decision.refuses(
          Kind.LIMIT_EXCEEDED,
          "This request would exceed the shard limit of the account: %d more shards, %d allowed."
              .formatted(stream.map().openCount(), room.shards()));
    }
    Decision<StreamEvent> changed = Decision.happens(new ModeChanged(mode, nowMillis));
    return changed.and(StreamState.warmedFromZero(warmMiBps));
  }

  Decision<StreamEvent> updateWarmThroughput(int miBps, WarmThroughputRule warmth) {
    if (!stream.isActive()) {
      return stream.notActive();
    }
    if (stream.options().mode() != StreamMode.ON_DEMAND) {
      return Decision.refuses(StatusRule.provisioned(stream.name()));
    }
    return warmth
        .refusal(miBps)
        .<Decision<StreamEvent>>map(Decision::refuses)
        .orElseGet(
            () ->
                miBps == stream.options().warmMiBps()
                    ? Decision.stands()
                    : Decision.happens(new WarmThroughputChanged(miBps)));
  }

  /** What the capacity rule of an on-demand stream wants; it asks nobody. */
  Decision<StreamEvent> rescale(ReshardPlan plan, long nowMillis) {
    boolean mayRescale = stream.isActive() && stream.options().mode() == StreamMode.ON_DEMAND;
    return mayRescale && !plan.isEmpty()
        ? Decision.happens(new ReshardStarted(plan.steps(), Cause.CAPACITY, nowMillis))
        : Decision.stands();
  }
}
