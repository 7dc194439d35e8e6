package io.millrace.engine.stream;

import io.millrace.engine.api.ReshardProgress;
import io.millrace.engine.capacity.HotShardReport;
import io.millrace.engine.capacity.Peaks;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
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

  boolean isActive() {
    return phase == Phase.ACTIVE;
  }

  /** Whether it carries out this step of a reshard now. */
  boolean isResharding(int step) {
    return phase == Phase.RESHARDING && step == map.reshard().done();
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

  // Decisions: here those about its life, elsewhere those about what it is like.

  /** What it decides when its options are to change. */
  OptionDecisions optionDecisions() {
    return new OptionDecisions(this);
  }

  /** What it decides when its shards or their capacity are to change. */
  ShardDecisions shardDecisions() {
    return new ShardDecisions(this);
  }

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

  static Decision<StreamEvent> warmedFromZero(int miBps) {
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

  Decision<StreamEvent> flip(int step, long atMillis) {
    return isResharding(step) ? Decision.happens(new StepFlipped(atMillis)) : Decision.stands();
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

  /** The refusal of whatever only an ACTIVE stream can do; it is not. */
  Decision<StreamEvent> notActive() {
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
