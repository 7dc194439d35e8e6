package io.millrace.engine.stream;

import io.millrace.engine.model.Account;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.shard.ShardMessage.Accepted;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** What a stream's actor can be told: first what callers ask, then what it tells itself. */
public sealed interface StreamCommand {

  /** What a caller asks of an existing stream. Every one may be answered {@code UNKNOWN}. */
  sealed interface Request extends StreamCommand {

    /** Told {@link StreamReply.Done} once it is durable, or a {@link StreamReply.Refused}. */
    ActorRef<StreamReply> replyTo();
  }

  /** A request that the stream's state decides, given the time and nothing else. */
  sealed interface DecidedByState extends Request {

    /** What the stream makes of it. */
    Decision<StreamEvent> decide(StreamState state, long nowMillis);

    /**
     * What the caller is told unless it is refused.
     *
     * @param before the stream as it was before
     */
    default StreamReply accepted(StreamState before) {
      return new StreamReply.Done();
    }
  }

  /** A request that changes a setting, from which nothing else follows. */
  sealed interface ChangesSetting extends DecidedByState {}

  /**
   * Makes records stay longer; the present value is accepted and changes nothing. Refused {@code
   * RESOURCE_IN_USE} unless the stream is ACTIVE, {@code INVALID_ARGUMENT} outside 24 to 8760 or
   * below the present value.
   *
   * @param hours the new retention
   */
  record IncreaseRetention(int hours, ActorRef<StreamReply> replyTo) implements ChangesSetting {

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.optionDecisions().increaseRetention(hours, nowMillis);
    }
  }

  /**
   * Makes records stay shorter and drops older ones at once; the present value is accepted and
   * changes nothing. Refused {@code RESOURCE_IN_USE} unless the stream is ACTIVE, {@code
   * INVALID_ARGUMENT} outside 24 to 8760 or above the present value.
   *
   * @param hours the new retention
   */
  record DecreaseRetention(int hours, ActorRef<StreamReply> replyTo) implements DecidedByState {

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.optionDecisions().decreaseRetention(hours, nowMillis);
    }
  }

  /**
   * Changes the largest record for later puts. Refused {@code RESOURCE_IN_USE} unless the stream is
   * ACTIVE, {@code VALIDATION} outside 1024 to 10240.
   *
   * @param kib the new maximum, KiB
   */
  record ChangeMaxRecordSize(int kib, ActorRef<StreamReply> replyTo) implements ChangesSetting {

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.optionDecisions().changeMaxRecordSize(kib);
    }
  }

  /**
   * Has new records stored encrypted under a key that has been tried out; the present one is
   * accepted and changes nothing. Refused {@code RESOURCE_IN_USE} unless the stream is ACTIVE,
   * {@code LIMIT_EXCEEDED} after 25 in a day.
   *
   * @param key the master key
   */
  record StartEncryption(KeyId key, ActorRef<StreamReply> replyTo) implements ChangesSetting {

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.optionDecisions().startEncryption(key, nowMillis);
    }
  }

  /**
   * Has new records stored in the clear. Refused {@code RESOURCE_IN_USE} unless the stream is
   * ACTIVE, {@code INVALID_ARGUMENT} for another key than the present one, {@code LIMIT_EXCEEDED}
   * after 25 in a day.
   *
   * @param key the present master key
   * @param account whose key it is when its name does not say so
   */
  record StopEncryption(KeyId key, Account account, ActorRef<StreamReply> replyTo)
      implements ChangesSetting {

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.optionDecisions().stopEncryption(key, account, nowMillis);
    }
  }

  /**
   * Changes what is counted of each shard; told {@link StreamReply.Monitored}. What is counted
   * already, or not, is accepted and changes nothing. Refused {@code RESOURCE_IN_USE} unless the
   * stream is ACTIVE.
   *
   * @param metrics what is switched; never ALL
   * @param isOn whether it is switched on
   */
  record ChangeMonitoring(Set<MetricsName> metrics, boolean isOn, ActorRef<StreamReply> replyTo)
      implements ChangesSetting {

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.optionDecisions().monitor(counted(state));
    }

    @Override
    public StreamReply accepted(StreamState before) {
      return new StreamReply.Monitored(before.options().shardLevelMetrics(), counted(before));
    }

    /** What is counted after it. */
    private Set<MetricsName> counted(StreamState before) {
      Set<MetricsName> changed = new HashSet<>(before.options().shardLevelMetrics());
      if (isOn) {
        changed.addAll(metrics);
      } else {
        changed.removeAll(metrics);
      }
      return MetricsName.named(changed);
    }
  }

  /**
   * Starts to delete the stream with all its data. Refused {@code RESOURCE_IN_USE} unless the
   * stream is ACTIVE, or when it has registered consumers that are to stay.
   *
   * @param withConsumers whether registered consumers go with it
   */
  record DeleteStream(boolean withConsumers, ActorRef<StreamReply> replyTo) implements Request {}

  /**
   * Registers a consumer; told {@link StreamReply.Registered}. Refused {@code RESOURCE_IN_USE} when
   * the name is taken or the stream is CREATING or DELETING, {@code LIMIT_EXCEEDED} over the quota
   * of consumers, {@code THROTTLED} while too many are CREATING.
   *
   * @param name its name
   * @param tags its tags, values by keys
   */
  record RegisterConsumer(
      ConsumerName name, Map<String, String> tags, ActorRef<StreamReply> replyTo)
      implements Request {}

  /**
   * Starts to remove a consumer; one that is DELETING is accepted, and nothing changes. Refused
   * {@code RESOURCE_IN_USE} when the stream is CREATING or DELETING, {@code RESOURCE_NOT_FOUND}
   * when there is no such consumer.
   *
   * @param name its name
   * @param createdMillis when it was registered, epoch milliseconds
   */
  record DeregisterConsumer(ConsumerName name, long createdMillis, ActorRef<StreamReply> replyTo)
      implements DecidedByState {

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.changeConsumers(consumers -> consumers.deregister(name, createdMillis));
    }
  }

  /**
   * Changes tags or a policy. Refused {@code RESOURCE_IN_USE} when the stream is CREATING or
   * DELETING or the consumer is not ACTIVE, {@code RESOURCE_NOT_FOUND} when there is no such
   * consumer, and as the change says.
   *
   * @param change what is to be other
   */
  record ChangeAttachments(AttachmentChange change, ActorRef<StreamReply> replyTo)
      implements ChangesSetting {

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.changeAttachments(change);
    }
  }

  /**
   * Changes who chooses the shards of records; the present choice is accepted and changes nothing.
   * Refused {@code RESOURCE_IN_USE} unless the stream is ACTIVE, {@code INVALID_ARGUMENT} for AUTO
   * in capacity mode PROVISIONED.
   *
   * @param strategy who chooses from now on
   */
  record ChangeDistribution(RecordDistributionStrategy strategy, ActorRef<StreamReply> replyTo)
      implements ChangesSetting {

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.optionDecisions().changeDistribution(strategy);
    }
  }

  /** A request that needs to know how much room the account has. */
  sealed interface NeedsRoom extends Request {

    /** What is lent to it. */
    Room room();

    /** The same request, with the room that is lent to it. */
    NeedsRoom within(Room lent);
  }

  /** A request that changes the shards, and nothing else. */
  sealed interface Reshards extends NeedsRoom, DecidedByState {}

  /**
   * Splits a shard in two. Refused {@code VALIDATION} in capacity mode ON_DEMAND, {@code
   * RESOURCE_NOT_FOUND} for an unknown shard, {@code RESOURCE_IN_USE} unless the stream is ACTIVE,
   * {@code INVALID_ARGUMENT} for a closed shard or a hash key that is not inside it, {@code
   * LIMIT_EXCEEDED} over the account's shards.
   *
   * @param shardToSplit the shard
   * @param newStartingHashKey where its second half begins
   */
  record SplitShard(
      ShardId shardToSplit, HashKey newStartingHashKey, Room room, ActorRef<StreamReply> replyTo)
      implements Reshards {

    @Override
    public NeedsRoom within(Room lent) {
      return new SplitShard(shardToSplit, newStartingHashKey, lent, replyTo);
    }

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.shardDecisions().split(shardToSplit, newStartingHashKey, room, nowMillis);
    }
  }

  /**
   * Merges two shards whose ranges follow one another. Refused like {@link SplitShard}.
   *
   * @param shardToMerge the first of them
   * @param adjacentShardToMerge the one whose range follows
   */
  record MergeShards(
      ShardId shardToMerge, ShardId adjacentShardToMerge, Room room, ActorRef<StreamReply> replyTo)
      implements Reshards {

    @Override
    public NeedsRoom within(Room lent) {
      return new MergeShards(shardToMerge, adjacentShardToMerge, lent, replyTo);
    }

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.shardDecisions().merge(shardToMerge, adjacentShardToMerge, room, nowMillis);
    }
  }

  /**
   * Scales to so many equal shards; told {@link StreamReply.Scaling}. The present number is
   * accepted and changes nothing. Refused {@code VALIDATION} in capacity mode ON_DEMAND, {@code
   * RESOURCE_IN_USE} unless the stream is ACTIVE, {@code INVALID_ARGUMENT} for a target beyond half
   * or twice the present number, {@code LIMIT_EXCEEDED} after ten in a day or over the account's
   * shards.
   *
   * @param target how many
   */
  record UpdateShardCount(int target, Room room, ActorRef<StreamReply> replyTo)
      implements Reshards {

    @Override
    public NeedsRoom within(Room lent) {
      return new UpdateShardCount(target, lent, replyTo);
    }

    @Override
    public Decision<StreamEvent> decide(StreamState state, long nowMillis) {
      return state.shardDecisions().updateShardCount(target, room, nowMillis);
    }

    @Override
    public StreamReply accepted(StreamState before) {
      return new StreamReply.Scaling(before.map().openCount(), target);
    }
  }

  /**
   * Switches the capacity mode; the present one is accepted and changes nothing. Refused {@code
   * RESOURCE_IN_USE} unless the stream is ACTIVE, {@code INVALID_ARGUMENT} for another warm
   * throughput without a switch or without the account's commitment, {@code LIMIT_EXCEEDED} after
   * two in a day, over the account's on-demand streams or shards, or for too much warm throughput.
   *
   * @param mode the new mode
   * @param warmMiBps the warm throughput of a stream that becomes on-demand, MiB/s; 0 for none
   */
  record ChangeMode(StreamMode mode, int warmMiBps, Room room, ActorRef<StreamReply> replyTo)
      implements NeedsRoom {

    @Override
    public NeedsRoom within(Room lent) {
      return new ChangeMode(mode, warmMiBps, lent, replyTo);
    }
  }

  /**
   * Sets the warm throughput and scales to it at once; told {@link StreamReply.Warming}. Refused
   * {@code VALIDATION} in capacity mode PROVISIONED, {@code RESOURCE_IN_USE} unless the stream is
   * ACTIVE, {@code INVALID_ARGUMENT} without the account's commitment, {@code LIMIT_EXCEEDED} for
   * too much.
   *
   * @param miBps the throughput to be ready for, MiB/s; 0 for none
   */
  record UpdateWarmThroughput(int miBps, ActorRef<StreamReply> replyTo) implements Request {}

  /**
   * Begins the stream's life, unless it has begun.
   *
   * @param replyTo told once the stream can be seen; empty when nobody waits
   */
  record Begin(Optional<ActorRef<StreamReply>> replyTo) implements StreamCommand {}

  /** The creating delay is over. */
  record OpenShards() implements StreamCommand {}

  /** Every shard has answered that it is open. */
  record ShardsOpened() implements StreamCommand {}

  /** Time for a round of trimming. */
  record TrimShards() implements StreamCommand {}

  /**
   * A round of trimming is over.
   *
   * @param round its number
   * @param failures how many shards failed
   */
  record TrimRoundDone(long round, int failures) implements StreamCommand {}

  /**
   * The shards have done their part of a reshard.
   *
   * @param step which step of it
   * @param stage which part
   * @param atMillis when the last parent closed, epoch milliseconds
   * @param parents what each parent remembers of producers, as long as its children are not open
   */
  record ReshardAdvanced(int step, Stage stage, long atMillis, Map<ShardId, Payload> parents)
      implements StreamCommand {

    /** The parts of a step, in their order. */
    enum Stage {
      /** Every parent is closed. */
      PARENTS_CLOSED,
      /** Every child is open. */
      CHILDREN_OPENED,
      /** Every passing child is closed again. */
      READY
    }
  }

  /** A minute is over: time to ask the shards what they accepted. */
  record ObserveTraffic() implements StreamCommand {}

  /** What open shards accepted since they were last asked. */
  record TrafficObserved(List<Accepted> minute) implements StreamCommand {}

  /** The peaks are stored: time to see what is to be done about the capacity. */
  record DecideCapacity() implements StreamCommand {}

  /** Nothing is stored of these expired shards any more. */
  record ExpiredFreed(List<ShardId> shardIds) implements StreamCommand {}

  /**
   * A consumer has been CREATING or DELETING for long enough.
   *
   * @param consumer the consumer as it was for all that time
   */
  record ConsumerArrives(RegisteredConsumer consumer) implements StreamCommand {}

  /** Every shard has answered that nothing of it is left. */
  record ShardsErased() implements StreamCommand {}

  /** Time to tell the registry again that the stream is gone. */
  record ReportGone() implements StreamCommand {}
}
