package io.millrace.engine.stream;

import io.millrace.engine.model.MinimumThroughputBillingCommitmentOutputStatus;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.RegistryEvent.CommitmentEndCancelled;
import io.millrace.engine.stream.RegistryEvent.CommitmentEndScheduled;
import io.millrace.engine.stream.RegistryEvent.CommitmentStarted;
import io.millrace.engine.stream.RegistryEvent.EngineFounded;
import io.millrace.engine.stream.RegistryEvent.StreamErased;
import io.millrace.engine.stream.RegistryEvent.StreamForgotten;
import io.millrace.engine.stream.RegistryEvent.StreamNamed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The names of an engine, and its account, as its events made them.
 *
 * @param founding the beginning; empty before it
 * @param lastIncarnation the greatest incarnation given so far, 0 at first
 * @param streams the streams, by name; unmodifiable
 * @param remains forgotten streams whose own events have still to be erased
 * @param commitment the account's commitment to a minimum throughput
 */
public record RegistryState(
    Optional<EngineFounded> founding,
    long lastIncarnation,
    SortedMap<StreamName, NamedStream> streams,
    List<Remains> remains,
    Commitment commitment) {

  /** The registry before its first event. */
  static final RegistryState EMPTY =
      new RegistryState(Optional.empty(), 0, new TreeMap<>(), List.of(), Commitment.NONE);

  /**
   * What a stream last said about itself.
   *
   * @param incarnation which life of its name said so
   * @param status its status
   * @param mode its capacity mode
   * @param openShards its open shards, as many as there are at most during a reshard
   */
  record Standing(long incarnation, StreamStatus status, StreamMode mode, int openShards) {}

  public RegistryState {
    streams = Collections.unmodifiableSortedMap(new TreeMap<>(streams));
    remains = List.copyOf(remains);
  }

  // Questions.

  Optional<NamedStream> stream(StreamName name, long incarnation) {
    return Optional.ofNullable(streams.get(name))
        .filter(stream -> stream.incarnation() == incarnation);
  }

  /**
   * How much the account has. A stream that has not yet said how it stands counts as CREATING, with
   * the shards it was asked to have.
   */
  AccountUse use(Map<StreamName, Standing> standings, StreamSettings.Quotas quotas) {
    int creating = 0;
    int openShards = 0;
    int onDemand = 0;
    for (NamedStream stream : streams.values()) {
      int asked = stream.parameters().shardCount();
      Standing standing =
          standings.getOrDefault(
              stream.name(),
              new Standing(
                  stream.incarnation(), StreamStatus.CREATING, stream.parameters().mode(), asked));
      if (standing.status() == StreamStatus.CREATING) {
        creating++;
      }
      if (standing.mode() == StreamMode.ON_DEMAND) {
        onDemand++;
      } else {
        openShards += standing.openShards();
      }
    }
    return new AccountUse(creating, openShards, onDemand, quotas);
  }

  // Decisions.

  Decision<RegistryEvent> found(EngineFounded beginning) {
    return founding.isEmpty() ? Decision.happens(beginning) : Decision.stands();
  }

  /** CreateStream: first the name, then the values, then the quotas. */
  Decision<RegistryEvent> name(
      StreamName name, StreamParameters asked, AccountUse use, WarmThroughputRule warmth) {
    if (streams.containsKey(name)) {
      return Decision.refuses(StatusRule.taken(name));
    }
    if (asked.shardCount() < 1) {
      return Decision.refuses(
          StreamReply.Kind.INVALID_ARGUMENT,
          "ShardCount must be at least 1, not %d.".formatted(asked.shardCount()));
    }
    if (asked.maxRecordKiB() < StreamParameters.MIN_RECORD_KIB
        || asked.maxRecordKiB() > StreamParameters.MAX_RECORD_KIB) {
      return Decision.refuses(
          StreamReply.Kind.VALIDATION,
          "MaxRecordSizeInKiB must be between %d and %d, not %d."
              .formatted(
                  StreamParameters.MIN_RECORD_KIB,
                  StreamParameters.MAX_RECORD_KIB,
                  asked.maxRecordKiB()));
    }
    Optional<StreamReply.Refused> tooWarm =
        asked.warmMiBps() > 0 ? warmth.refusal(asked.warmMiBps()) : Optional.empty();
    return tooWarm
        .or(() -> exceeded(asked, use))
        .<Decision<RegistryEvent>>map(Decision::refuses)
        .orElseGet(() -> Decision.happens(new StreamNamed(name, lastIncarnation + 1, asked)));
  }

  Decision<RegistryEvent> forget(StreamName name, long incarnation) {
    return stream(name, incarnation).isPresent()
        ? Decision.happens(new StreamForgotten(name, incarnation))
        : Decision.stands();
  }

  Decision<RegistryEvent> erased(Remains erased) {
    return remains.contains(erased)
        ? Decision.happens(new StreamErased(erased.name(), erased.incarnation()))
        : Decision.stands();
  }

  /** UpdateAccountSettings: begins the commitment, or does not let it end. */
  Decision<RegistryEvent> commit(long nowMillis) {
    return switch (commitment.status(nowMillis)) {
      case DISABLED -> Decision.happens(new CommitmentStarted(nowMillis));
      case ENABLED -> Decision.stands();
      case ENABLED_UNTIL_EARLIEST_ALLOWED_END -> Decision.happens(new CommitmentEndCancelled());
    };
  }

  /** UpdateAccountSettings: ends the commitment, as soon as that is allowed. */
  Decision<RegistryEvent> endCommitment(long nowMillis) {
    return commitment.status(nowMillis) == MinimumThroughputBillingCommitmentOutputStatus.ENABLED
        ? Decision.happens(
            new CommitmentEndScheduled(Math.max(nowMillis, commitment.earliestEndMillis())))
        : Decision.stands();
  }

  private static Optional<StreamReply.Refused> exceeded(StreamParameters asked, AccountUse use) {
    StreamSettings.Quotas quotas = use.quotas();
    if (use.creatingStreams() >= quotas.creatingStreams()) {
      return Optional.of(
          new StreamReply.Refused(
              StreamReply.Kind.THROTTLED,
              "Only %d streams may be in status CREATING at once."
                  .formatted(quotas.creatingStreams())));
    }
    if (asked.mode() == StreamMode.ON_DEMAND) {
      return use.onDemandStreams() >= quotas.onDemandStreams()
          ? quota("The account may have %d on-demand streams.".formatted(quotas.onDemandStreams()))
          : Optional.empty();
    }
    // As long arithmetic: any shard count may be asked for.
    return (long) use.openShards() + asked.shardCount() > quotas.openShards()
        ? quota(
            "This request would exceed the shard limit of the account: %d open, %d asked for, %d allowed."
                .formatted(use.openShards(), asked.shardCount(), quotas.openShards()))
        : Optional.empty();
  }

  private static Optional<StreamReply.Refused> quota(String message) {
    return Optional.of(new StreamReply.Refused(StreamReply.Kind.LIMIT_EXCEEDED, message));
  }

  // Transitions.

  RegistryState apply(RegistryEvent event) {
    if (event instanceof EngineFounded founded) {
      return new RegistryState(Optional.of(founded), lastIncarnation, streams, remains, commitment);
    }
    if (event instanceof StreamNamed named) {
      SortedMap<StreamName, NamedStream> more = new TreeMap<>(streams);
      more.put(
          named.name(), new NamedStream(named.name(), named.incarnation(), named.parameters()));
      return new RegistryState(founding, named.incarnation(), more, remains, commitment);
    }
    if (event instanceof StreamForgotten forgotten) {
      SortedMap<StreamName, NamedStream> fewer = new TreeMap<>(streams);
      fewer.remove(forgotten.name());
      List<Remains> more = new ArrayList<>(remains);
      more.add(new Remains(forgotten.name(), forgotten.incarnation()));
      return new RegistryState(founding, lastIncarnation, fewer, more, commitment);
    }
    if (event instanceof StreamErased erased) {
      List<Remains> fewer = new ArrayList<>(remains);
      fewer.remove(new Remains(erased.name(), erased.incarnation()));
      return new RegistryState(founding, lastIncarnation, streams, fewer, commitment);
    }
    if (event instanceof CommitmentStarted started) {
      return with(Commitment.startedAt(started.startedMillis()));
    }
    if (event instanceof CommitmentEndScheduled scheduled) {
      return with(commitment.endingAt(scheduled.endMillis()));
    }
    if (event instanceof CommitmentEndCancelled) {
      return with(commitment.withoutEnd());
    }
    throw new IllegalStateException("no transition for " + event.getClass().getName());
  }

  private RegistryState with(Commitment next) {
    return new RegistryState(founding, lastIncarnation, streams, remains, next);
  }
}
