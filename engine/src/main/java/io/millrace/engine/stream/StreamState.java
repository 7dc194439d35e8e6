package io.millrace.engine.stream;

import io.millrace.engine.api.ReshardProgress;
import io.millrace.engine.capacity.HotShardReport;
import io.millrace.engine.capacity.Peaks;
import io.millrace.engine.capacity.RollingQuota;
import io.millrace.engine.capacity.ShardCountBounds;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.reshard.ReshardDecision;
import io.millrace.engine.reshard.ReshardPlan;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.stream.StreamEvent.AttachmentEvent;
import io.millrace.engine.stream.StreamEvent.ConsumerEvent;
import io.millrace.engine.stream.StreamEvent.ConsumerRemoved;
import io.millrace.engine.stream.StreamEvent.DeletionStarted;
import io.millrace.engine.stream.StreamEvent.DistributionChanged;
import io.millrace.engine.stream.StreamEvent.EncryptionStarted;
import io.millrace.engine.stream.StreamEvent.EncryptionStopped;
import io.millrace.engine.stream.StreamEvent.ExpiredShardsFreed;
import io.millrace.engine.stream.StreamEvent.MaxRecordSizeChanged;
import io.millrace.engine.stream.StreamEvent.ModeChanged;
import io.millrace.engine.stream.StreamEvent.MonitoringChanged;
import io.millrace.engine.stream.StreamEvent.PeaksNoted;
import io.millrace.engine.stream.StreamEvent.ReshardStarted;
import io.millrace.engine.stream.StreamEvent.ReshardStarted.Cause;
import io.millrace.engine.stream.StreamEvent.RetentionChanged;
import io.millrace.engine.stream.StreamEvent.ShardsExpired;
import io.millrace.engine.stream.StreamEvent.StepFlipped;
import io.millrace.engine.stream.StreamEvent.StreamActivated;
import io.millrace.engine.stream.StreamEvent.StreamCreated;
import io.millrace.engine.stream.StreamEvent.StreamDeleted;
import io.millrace.engine.stream.StreamEvent.WarmThroughputChanged;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A stream as its events made it.
 *
 * @param name its name
 * @param incarnation the life of that name
 * @param phase how far it has come
 * @param createdMillis when it was created, epoch milliseconds
 * @param options what can be changed about it
 * @param map its shards
 * @param peaks the largest minutes of its traffic, as far as they are stored
 * @param consumers its registered consumers
 * @param attachments the tags and policies of the stream and of its consumers
 */
public record StreamState(
    StreamName name,
    long incarnation,
    Phase phase,
    long createdMillis,
    StreamOptions options,
    ShardMap map,
    Peaks peaks,
    RegisteredConsumers consumers,
    Attachments attachments) {

  /** The retention of a new stream, and the shortest there is, in hours. */
  public static final int MIN_RETENTION_HOURS = 24;

  /** The longest retention, in hours. */
  public static final int MAX_RETENTION_HOURS = 8760;

  /** How far a stream has come. */
  public enum Phase {
    /** Named by the registry, and nothing more. */
    UNBORN,
    /** Its first shards are being opened. */
    CREATING,
    /** Ready for everything. */
    ACTIVE,
    /** Some of its shards give way to others. */
    RESHARDING,
    /** Its shards are being erased. */
    DELETING,
    /** Nothing is left but its name, which the registry has still to forget. */
    GONE
  }

  /** The stream before its first event. */
  static StreamState unborn(StreamName name, long incarnation) {
    return new StreamState(
        name,
        incarnation,
        Phase.UNBORN,
        0,
        StreamOptions.UNBORN,
        ShardMap.EMPTY,
        Peaks.ofThirtyDays(),
        RegisteredConsumers.NONE,
        Attachments.NONE);
  }

  // Questions.

  /** The status that callers see. */
  StreamStatus status() {
    return switch (phase) {
      case UNBORN, CREATING -> StreamStatus.CREATING;
      case ACTIVE -> StreamStatus.ACTIVE;
      case RESHARDING -> StreamStatus.UPDATING;
      case DELETING, GONE -> StreamStatus.DELETING;
    };
  }

  /** Where one of its shards is found. */
  ShardAddress address(ShardId shardId) {
    return new ShardAddress(name, incarnation, shardId);
  }

  /** Its shards, by id: open, and closed but not expired. */
  List<ShardView> shards() {
    return map.shards();
  }

  /** What others see of it. */
  StreamView view(String arn, List<HotShardReport> hotShards) {
    return new StreamView(
        name,
        incarnation,
        arn,
        status(),
        options.mode(),
        createdMillis,
        options.retentionHours(),
        options.maxRecordKiB() * 1024,
        phase == Phase.CREATING || phase == Phase.GONE ? List.of() : map.shards(),
        options.expiredMillis(),
        options.warmMiBps(),
        new ReshardProgress(map.reshard().done(), map.reshard().steps().size()),
        hotShards,
        consumers.views(arn),
        options.encryption().key(),
        options.shardLevelMetrics(),
        options.distribution(),
        attachments);
  }

  // Decisions.

  Decision<StreamEvent> begin(StreamParameters parameters, long nowMillis) {
    if (phase != Phase.UNBORN) {
      return Decision.stands();
    }
    Decision<StreamEvent> created =
        Decision.happens(
            new StreamCreated(
                parameters.mode(),
                nowMillis,
                Math.floorDiv(nowMillis, 1000L),
                HashKeyRange.uniform(parameters.shardCount()),
                MIN_RETENTION_HOURS,
                parameters.maxRecordKiB()));
    return created
        .and(warmedFromZero(parameters.warmMiBps()))
        .and(distributed(parameters.distribution()))
        .and(Attachments.created(Optional.empty(), parameters.tags()));
  }

  private static Decision<StreamEvent> warmedFromZero(int miBps) {
    return miBps == 0 ? Decision.stands() : Decision.happens(new WarmThroughputChanged(miBps));
  }

  private static Decision<StreamEvent> distributed(RecordDistributionStrategy strategy) {
    return strategy == RecordDistributionStrategy.USER_PARTITION_KEY
        ? Decision.stands()
        : Decision.happens(new DistributionChanged(strategy));
  }

  Decision<StreamEvent> activate() {
    return phase == Phase.CREATING ? Decision.happens(new StreamActivated()) : Decision.stands();
  }

  Decision<StreamEvent> increaseRetention(int hours, long nowMillis) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    if (hours < options.retentionHours()) {
      return Decision.refuses(
          StreamReply.Kind.INVALID_ARGUMENT,
          "Requested retention period (%d hours) for stream %s can not be shorter than existing retention period (%d hours)."
              .formatted(hours, name, options.retentionHours()));
    }
    return changeRetention(hours, nowMillis);
  }

  Decision<StreamEvent> decreaseRetention(int hours, long nowMillis) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    if (hours > options.retentionHours()) {
      return Decision.refuses(
          StreamReply.Kind.INVALID_ARGUMENT,
          "Requested retention period (%d hours) for stream %s can not be longer than existing retention period (%d hours)."
              .formatted(hours, name, options.retentionHours()));
    }
    return changeRetention(hours, nowMillis);
  }

  Decision<StreamEvent> changeMaxRecordSize(int kib) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    if (kib < StreamParameters.MIN_RECORD_KIB || kib > StreamParameters.MAX_RECORD_KIB) {
      return Decision.refuses(
          StreamReply.Kind.VALIDATION,
          "MaxRecordSizeInKiB must be between %d and %d, not %d."
              .formatted(StreamParameters.MIN_RECORD_KIB, StreamParameters.MAX_RECORD_KIB, kib));
    }
    return kib == options.maxRecordKiB()
        ? Decision.stands()
        : Decision.happens(new MaxRecordSizeChanged(kib));
  }

  Decision<StreamEvent> startEncryption(KeyId key, long nowMillis) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    if (options.encryption().key().equals(Optional.of(key))) {
      return Decision.stands();
    }
    return options.encryption().starts().remaining(nowMillis) == 0
        ? tooManyCalls("StartStreamEncryption", options.encryption().starts())
        : Decision.happens(new EncryptionStarted(key, nowMillis));
  }

  /** Asks nothing of the key itself: one that is lost must not keep a stream encrypted. */
  Decision<StreamEvent> stopEncryption(KeyId key, Account account, long nowMillis) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    Optional<KeyId> current = options.encryption().key();
    if (current.isEmpty()) {
      return Decision.refuses(
          StreamReply.Kind.INVALID_ARGUMENT, "Stream %s is not encrypted.".formatted(name));
    }
    if (!current.get().names(key, account)) {
      return Decision.refuses(
          StreamReply.Kind.INVALID_ARGUMENT,
          "Stream %s is encrypted under key %s, not %s.".formatted(name, current.get(), key));
    }
    return options.encryption().stops().remaining(nowMillis) == 0
        ? tooManyCalls("StopStreamEncryption", options.encryption().stops())
        : Decision.happens(new EncryptionStopped(nowMillis));
  }

  private static Decision<StreamEvent> tooManyCalls(String operation, RollingQuota quota) {
    return Decision.refuses(
        StreamReply.Kind.LIMIT_EXCEEDED,
        "%s can be called %d times for a stream in 24 hours.".formatted(operation, quota.limit()));
  }

  /** Counts these of each shard from now on, and nothing else. */
  Decision<StreamEvent> monitor(Set<MetricsName> metrics) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    return metrics.equals(options.shardLevelMetrics())
        ? Decision.stands()
        : Decision.happens(new MonitoringChanged(metrics));
  }

  Decision<StreamEvent> changeDistribution(RecordDistributionStrategy strategy) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    if (strategy == RecordDistributionStrategy.AUTO && options.mode() == StreamMode.PROVISIONED) {
      return Decision.refuses(
          StreamReply.Kind.INVALID_ARGUMENT,
          "Stream %s is in PROVISIONED capacity mode, whose producers choose the shards."
              .formatted(name));
    }
    return strategy == options.distribution()
        ? Decision.stands()
        : Decision.happens(new DistributionChanged(strategy));
  }

  Decision<StreamEvent> delete(boolean withConsumers) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    return withConsumers || consumers.all().isEmpty()
        ? Decision.happens(new DeletionStarted())
        : Decision.refuses(
            StreamReply.Kind.RESOURCE_IN_USE,
            "Stream %s has registered consumers (%d), which EnforceConsumerDeletion would delete with it."
                .formatted(name, consumers.all().size()));
  }

  /** What becomes of its consumers, in a status that lets them change. */
  Decision<StreamEvent> changeConsumers(
      Function<RegisteredConsumers, Decision<StreamEvent>> change) {
    return StatusRule.CHANGE_CONSUMERS
        .refusal(name, status())
        .<Decision<StreamEvent>>map(Decision::refuses)
        .orElseGet(() -> change.apply(consumers));
  }

  /** What becomes of tags and policies, in a status that lets them change. */
  Decision<StreamEvent> changeAttachments(AttachmentChange change) {
    return StatusRule.CHANGE_ATTACHMENTS
        .refusal(name, status())
        .or(() -> change.consumer().flatMap(consumers::refusalToChange))
        .<Decision<StreamEvent>>map(Decision::refuses)
        .orElseGet(() -> attachments.decide(change));
  }

  Decision<StreamEvent> finishDeletion() {
    return phase == Phase.DELETING ? Decision.happens(new StreamDeleted()) : Decision.stands();
  }

  Decision<StreamEvent> split(ShardId shardId, HashKey newStart, Room room, long nowMillis) {
    return refusalToReshard(shardId)
        .orElseGet(
            () ->
                reshard(
                    ReshardPlan.split(map.open(), shardId, newStart, map.nextIndex()),
                    Cause.SPLIT,
                    room,
                    nowMillis));
  }

  Decision<StreamEvent> merge(ShardId shardId, ShardId adjacent, Room room, long nowMillis) {
    return refusalToReshard(shardId, adjacent)
        .orElseGet(
            () ->
                reshard(
                    ReshardPlan.merge(map.open(), shardId, adjacent, map.nextIndex()),
                    Cause.MERGE,
                    room,
                    nowMillis));
  }

  Decision<StreamEvent> updateShardCount(int target, Room room, long nowMillis) {
    Optional<Decision<StreamEvent>> refusal = refusalToReshard();
    if (refusal.isPresent()) {
      return refusal.get();
    }
    int open = map.openCount();
    if (target == open) {
      return Decision.stands();
    }
    if (target > ShardCountBounds.MAX_TARGET) {
      return Decision.refuses(
          StreamReply.Kind.LIMIT_EXCEEDED,
          "UpdateShardCount scales to %d shards at most, not to %d."
              .formatted(ShardCountBounds.MAX_TARGET, target));
    }
    ShardCountBounds bounds = ShardCountBounds.of(open);
    if (!bounds.contains(target)) {
      return Decision.refuses(
          StreamReply.Kind.INVALID_ARGUMENT,
          "UpdateShardCount cannot scale from %d open shards to %d: between half and twice as many, %d to %d, are allowed."
              .formatted(open, target, bounds.smallest(), bounds.largest()));
    }
    if (options.shardCountUpdates().remaining(nowMillis) == 0) {
      return Decision.refuses(
          StreamReply.Kind.LIMIT_EXCEEDED,
          "UpdateShardCount can be called %d times for a stream in 24 hours."
              .formatted(options.shardCountUpdates().limit()));
    }
    ReshardPlan plan = ReshardPlan.uniform(map.open(), target, map.nextIndex());
    return reshard(new ReshardDecision.Planned(plan), Cause.SHARD_COUNT, room, nowMillis);
  }

  /** Why its shards cannot be resharded by request; empty if they can. */
  private Optional<Decision<StreamEvent>> refusalToReshard(ShardId... shardIds) {
    for (ShardId shardId : shardIds) {
      if (!map.has(shardId)) {
        return Optional.of(
            Decision.refuses(
                StreamReply.Kind.RESOURCE_NOT_FOUND,
                "Could not find shard %s in stream %s.".formatted(shardId, name)));
      }
    }
    if (phase != Phase.ACTIVE) {
      return Optional.of(notActive());
    }
    return options.mode() == StreamMode.ON_DEMAND
        ? Optional.of(Decision.refuses(StatusRule.onDemand(name)))
        : Optional.empty();
  }

  private Decision<StreamEvent> reshard(
      ReshardDecision decision, Cause cause, Room room, long nowMillis) {
    if (decision instanceof ReshardDecision.Refused refused) {
      return Decision.refuses(StreamReply.Kind.INVALID_ARGUMENT, refused.message());
    }
    ReshardPlan plan = ((ReshardDecision.Planned) decision).plan();
    ShardMap next = map.resharding(plan.steps());
    int more = next.openCountAtMost() - map.openCount();
    return more > room.shards()
        ? Decision.refuses(
            StreamReply.Kind.LIMIT_EXCEEDED,
            "This request would exceed the shard limit of the account: %d more shards, %d allowed."
                .formatted(more, room.shards()))
        : Decision.happens(new ReshardStarted(plan.steps(), cause, nowMillis));
  }

  Decision<StreamEvent> flip(int step, long atMillis) {
    return phase == Phase.RESHARDING && step == map.reshard().done()
        ? Decision.happens(new StepFlipped(atMillis))
        : Decision.stands();
  }

  Decision<StreamEvent> changeMode(
      StreamMode mode, int warmMiBps, WarmThroughputRule warmth, Room room, long nowMillis) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    if (mode == options.mode()) {
      return warmMiBps == 0 || warmMiBps == options.warmMiBps()
          ? Decision.stands()
          : Decision.refuses(
              StreamReply.Kind.INVALID_ARGUMENT,
              "Stream %s is in %s capacity mode already: UpdateStreamWarmThroughput changes its warm throughput."
                  .formatted(name, mode));
    }
    Optional<StreamReply.Refused> tooWarm =
        warmMiBps == 0 ? Optional.empty() : warmth.refusal(warmMiBps);
    if (tooWarm.isPresent()) {
      return Decision.refuses(tooWarm.get());
    }
    if (options.modeSwitches().remaining(nowMillis) == 0) {
      return Decision.refuses(
          StreamReply.Kind.LIMIT_EXCEEDED,
          "The capacity mode of a stream can be switched %d times in 24 hours."
              .formatted(options.modeSwitches().limit()));
    }
    if (mode == StreamMode.ON_DEMAND && room.onDemandStreams() < 1) {
      return Decision.refuses(
          StreamReply.Kind.LIMIT_EXCEEDED, "The account may have no more on-demand streams.");
    }
    if (mode == StreamMode.PROVISIONED && room.shards() < map.openCount()) {
      return Decision.refuses(
          StreamReply.Kind.LIMIT_EXCEEDED,
          "This request would exceed the shard limit of the account: %d more shards, %d allowed."
              .formatted(map.openCount(), room.shards()));
    }
    Decision<StreamEvent> changed = Decision.happens(new ModeChanged(mode, nowMillis));
    return changed.and(warmedFromZero(warmMiBps));
  }

  Decision<StreamEvent> updateWarmThroughput(int miBps, WarmThroughputRule warmth) {
    if (phase != Phase.ACTIVE) {
      return notActive();
    }
    if (options.mode() != StreamMode.ON_DEMAND) {
      return Decision.refuses(StatusRule.provisioned(name));
    }
    return warmth
        .refusal(miBps)
        .<Decision<StreamEvent>>map(Decision::refuses)
        .orElseGet(
            () ->
                miBps == options.warmMiBps()
                    ? Decision.stands()
                    : Decision.happens(new WarmThroughputChanged(miBps)));
  }

  /** What the capacity rule of an on-demand stream wants; it asks nobody. */
  Decision<StreamEvent> rescale(ReshardPlan plan, long nowMillis) {
    boolean mayRescale = phase == Phase.ACTIVE && options.mode() == StreamMode.ON_DEMAND;
    return mayRescale && !plan.isEmpty()
        ? Decision.happens(new ReshardStarted(plan.steps(), Cause.CAPACITY, nowMillis))
        : Decision.stands();
  }

  Decision<StreamEvent> notePeaks(Optional<Peaks> later) {
    return phase == Phase.DELETING || phase == Phase.GONE
        ? Decision.stands()
        : later
            .<Decision<StreamEvent>>map(some -> Decision.happens(new PeaksNoted(some)))
            .orElseGet(Decision::stands);
  }

  /** Shards that have expired leave the map. */
  Decision<StreamEvent> expireShards(long nowMillis) {
    List<ShardId> gone =
        phase == Phase.ACTIVE ? map.expiredBy(options.expiredMillis(nowMillis)) : List.of();
    return gone.isEmpty() ? Decision.stands() : Decision.happens(new ShardsExpired(gone));
  }

  Decision<StreamEvent> freed(List<ShardId> shardIds) {
    List<ShardId> known = shardIds.stream().filter(map.expired()::contains).toList();
    return known.isEmpty() ? Decision.stands() : Decision.happens(new ExpiredShardsFreed(known));
  }

  private Decision<StreamEvent> changeRetention(int hours, long nowMillis) {
    if (hours < MIN_RETENTION_HOURS || hours > MAX_RETENTION_HOURS) {
      return Decision.refuses(
          StreamReply.Kind.INVALID_ARGUMENT,
          "RetentionPeriodHours must be between %d and %d, not %d."
              .formatted(MIN_RETENTION_HOURS, MAX_RETENTION_HOURS, hours));
    }
    return hours == options.retentionHours()
        ? Decision.stands()
        : Decision.happens(new RetentionChanged(hours, nowMillis));
  }

  private Decision<StreamEvent> notActive() {
    return Decision.refuses(StatusRule.CHANGE.refusal(name, status()).orElseThrow());
  }

  // Transitions.

  StreamState apply(List<StreamEvent> events) {
    StreamState next = this;
    for (StreamEvent event : events) {
      next = next.apply(event);
    }
    return next;
  }

  StreamState apply(StreamEvent event) {
    if (event instanceof StreamCreated created) {
      return new StreamState(
          name,
          incarnation,
          Phase.CREATING,
          created.createdMillis(),
          StreamOptions.of(created),
          ShardMap.first(created.ranges(), created.createdSeconds(), created.createdMillis()),
          Peaks.ofThirtyDays(),
          RegisteredConsumers.NONE,
          Attachments.NONE);
    }
    if (event instanceof StreamActivated) {
      return in(Phase.ACTIVE, map);
    }
    if (event instanceof RetentionChanged changed) {
      return with(options.retaining(changed.hours(), changed.changedMillis()));
    }
    if (event instanceof MaxRecordSizeChanged changed) {
      return with(options.limitingRecords(changed.kib()));
    }
    if (event instanceof ModeChanged changed) {
      return with(options.inMode(changed.mode(), changed.changedMillis()));
    }
    if (event instanceof WarmThroughputChanged changed) {
      return with(options.warm(changed.miBps()));
    }
    if (event instanceof EncryptionStarted started) {
      return with(
          options.encrypting(options.encryption().started(started.key(), started.startedMillis())));
    }
    if (event instanceof EncryptionStopped stopped) {
      return with(options.encrypting(options.encryption().stopped(stopped.stoppedMillis())));
    }
    if (event instanceof MonitoringChanged changed) {
      return with(options.counting(changed.shardLevelMetrics()));
    }
    if (event instanceof DistributionChanged changed) {
      return with(options.distributing(changed.strategy()));
    }
    if (event instanceof PeaksNoted noted) {
      return new StreamState(
          name,
          incarnation,
          phase,
          createdMillis,
          options,
          map,
          noted.peaks(),
          consumers,
          attachments);
    }
    if (event instanceof ReshardStarted started) {
      return with(started.cause() == Cause.SHARD_COUNT
              ? options.countingShardCountUpdate(started.startedMillis())
              : options)
          .in(Phase.RESHARDING, map.resharding(started.steps()));
    }
    if (event instanceof StepFlipped flipped) {
      ShardMap next = map.flipped(flipped.flippedMillis());
      return in(next.reshard().isOver() ? Phase.ACTIVE : Phase.RESHARDING, next);
    }
    if (event instanceof ShardsExpired expired) {
      return in(phase, map.expired(expired.shardIds()));
    }
    if (event instanceof ExpiredShardsFreed freed) {
      return in(phase, map.freed(freed.shardIds()));
    }
    if (event instanceof ConsumerEvent change) {
      return with(consumers.apply(change))
          .with(
              change instanceof ConsumerRemoved ? attachments.without(change.name()) : attachments);
    }
    if (event instanceof AttachmentEvent change) {
      return with(attachments.apply(change));
    }
    if (event instanceof DeletionStarted) {
      return with(consumers.deleting()).in(Phase.DELETING, map);
    }
    if (event instanceof StreamDeleted) {
      return with(RegisteredConsumers.NONE).with(Attachments.NONE).in(Phase.GONE, ShardMap.EMPTY);
    }
    throw new IllegalStateException("no transition for " + event.getClass().getName());
  }

  private StreamState with(StreamOptions next) {
    return new StreamState(
        name, incarnation, phase, createdMillis, next, map, peaks, consumers, attachments);
  }

  private StreamState with(RegisteredConsumers next) {
    return new StreamState(
        name, incarnation, phase, createdMillis, options, map, peaks, next, attachments);
  }

  private StreamState with(Attachments next) {
    return new StreamState(
        name, incarnation, phase, createdMillis, options, map, peaks, consumers, next);
  }

  private StreamState in(Phase next, ShardMap shards) {
    return new StreamState(
        name, incarnation, next, createdMillis, options, shards, peaks, consumers, attachments);
  }
}
