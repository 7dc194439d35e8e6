package io.millrace.engine.stream;

import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DecreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.DescribeAccountSettingsRequest;
import io.millrace.engine.api.DescribeAccountSettingsResponse;
import io.millrace.engine.api.DescribeLimitsRequest;
import io.millrace.engine.api.DescribeLimitsResponse;
import io.millrace.engine.api.DescribeStreamRequest;
import io.millrace.engine.api.DescribeStreamResponse;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.DescribeStreamSummaryResponse;
import io.millrace.engine.api.DisableEnhancedMonitoringRequest;
import io.millrace.engine.api.DisableEnhancedMonitoringResponse;
import io.millrace.engine.api.EnableEnhancedMonitoringRequest;
import io.millrace.engine.api.EnableEnhancedMonitoringResponse;
import io.millrace.engine.api.IncreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.KeyFailures;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ListShardsResponse;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.ListStreamsResponse;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.MinimumThroughputBillingCommitmentOutput;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.ShardFilter;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.StartStreamEncryptionRequest;
import io.millrace.engine.api.StopStreamEncryptionRequest;
import io.millrace.engine.api.StreamRequest;
import io.millrace.engine.api.UpdateAccountSettingsRequest;
import io.millrace.engine.api.UpdateAccountSettingsResponse;
import io.millrace.engine.api.UpdateMaxRecordSizeRequest;
import io.millrace.engine.api.UpdateShardCountRequest;
import io.millrace.engine.api.UpdateShardCountResponse;
import io.millrace.engine.api.UpdateStreamModeRequest;
import io.millrace.engine.api.UpdateStreamRecordDistributionStrategyRequest;
import io.millrace.engine.api.UpdateStreamWarmThroughputRequest;
import io.millrace.engine.api.UpdateStreamWarmThroughputResponse;
import io.millrace.engine.api.WarmThroughputObject;
import io.millrace.engine.encryption.DataKeys;
import io.millrace.engine.internal.CallRates.Call;
import io.millrace.engine.internal.EpochMillis;
import io.millrace.engine.internal.SealedToken;
import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.MinimumThroughputBillingCommitmentInputStatus;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.ShardFilterType;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.NextToken.ShardsPlace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where requests about streams as such are answered: listings and descriptions from the published
 * views, changes by the registry. Each method throws what is wrong with the request, in the order
 * in which the service finds it. Works on its caller's thread; never blocks.
 */
public final class StreamDesk {

  private final FrontDesk front;
  private final StreamLookup lookup;
  private final Supplier<AccountChannels> channels;
  private final DataKeys keys;
  private final SealedToken seal;
  private final EngineClock clock;

  /**
   * A desk.
   *
   * @param channels the channels that read streams
   * @param keys tries out what streams are to be encrypted with
   * @param seal what makes tokens opaque
   */
  public StreamDesk(
      FrontDesk front,
      Supplier<AccountChannels> channels,
      DataKeys keys,
      SealedToken seal,
      EngineClock clock) {
    this.front = front;
    this.channels = channels;
    this.keys = keys;
    this.lookup = front.lookup();
    this.seal = seal;
    this.clock = clock;
  }

  // changes

  /** CreateStream. */
  public CompletionStage<Void> createStream(CreateStreamRequest request) {
    request.validate();
    StreamName name = request.stream().resolve(lookup.account());
    front.count(Call.CREATE_STREAM);
    try {
      request.checkArguments();
    } catch (InvalidArgumentException wrong) {
      if (lookup.views().find(name).isPresent()) {
        throw StreamLookup.problem(StatusRule.taken(name));
      }
      throw wrong;
    }
    StreamParameters parameters =
        new StreamParameters(
            request.streamMode(),
            orZero(request.shardCount()),
            request.maxRecordSizeInKiB() == null
                ? CreateStreamRequest.DEFAULT_MAX_RECORD_SIZE_IN_KIB
                : request.maxRecordSizeInKiB(),
            orZero(request.warmThroughputMiBps()),
            request.recordDistributionStrategy() == null
                ? RecordDistributionStrategy.USER_PARTITION_KEY
                : request.recordDistributionStrategy(),
            request.tags() == null ? Map.of() : request.tags());
    return front
        .askRegistry(replyTo -> new RegistryCommand.CreateStream(name, parameters, replyTo))
        .thenApply(reply -> null);
  }

  private static int orZero(Integer number) {
    return number == null ? 0 : number;
  }

  /** DeleteStream. */
  public CompletionStage<Void> deleteStream(DeleteStreamRequest request) {
    boolean withConsumers = Boolean.TRUE.equals(request.enforceConsumerDeletion());
    StreamView stream = front.admitted(request, Call.DELETE_STREAM);
    request.checkArguments();
    requireNoChannel(stream);
    return done(stream, replyTo -> new StreamCommand.DeleteStream(withConsumers, replyTo));
  }

  /** A stream that a channel reads stays, and stays on demand. */
  private void requireNoChannel(StreamView stream) {
    channels
        .get()
        .holding(stream)
        .ifPresent(
            channel -> {
              throw new ResourceInUseException(
                  "Stream %s is read by the channel %s.".formatted(stream.name(), channel));
            });
  }

  /** IncreaseStreamRetentionPeriod. */
  public CompletionStage<Void> increaseRetention(IncreaseStreamRetentionPeriodRequest request) {
    return change(
        request,
        Call.INCREASE_RETENTION,
        replyTo -> new StreamCommand.IncreaseRetention(request.retentionPeriodHours(), replyTo));
  }

  /** DecreaseStreamRetentionPeriod. */
  public CompletionStage<Void> decreaseRetention(DecreaseStreamRetentionPeriodRequest request) {
    return change(
        request,
        Call.DECREASE_RETENTION,
        replyTo -> new StreamCommand.DecreaseRetention(request.retentionPeriodHours(), replyTo));
  }

  /** UpdateMaxRecordSize. */
  public CompletionStage<Void> updateMaxRecordSize(UpdateMaxRecordSizeRequest request) {
    return change(
        request,
        Call.UPDATE_MAX_RECORD_SIZE,
        replyTo -> new StreamCommand.ChangeMaxRecordSize(request.maxRecordSizeInKiB(), replyTo));
  }

  /** StartStreamEncryption. */
  public CompletionStage<Void> startEncryption(StartStreamEncryptionRequest request) {
    StreamView stream = front.admitted(request, Call.START_STREAM_ENCRYPTION);
    StreamLookup.requireStatus(stream, StatusRule.CHANGE);
    request.checkArguments();
    KeyId key = new KeyId(request.keyId());
    return keys.tryOut(key, stream.life())
        .exceptionally(
            failure -> {
              KeyStoreException why = KeyStoreException.within(failure).orElseThrow();
              throw KeyFailures.of(why.reason(), why.getMessage());
            })
        .thenCompose(
            usable -> done(stream, replyTo -> new StreamCommand.StartEncryption(key, replyTo)));
  }

  /** StopStreamEncryption. */
  public CompletionStage<Void> stopEncryption(StopStreamEncryptionRequest request) {
    return change(
        request,
        Call.STOP_STREAM_ENCRYPTION,
        replyTo ->
            new StreamCommand.StopEncryption(
                new KeyId(request.keyId()), lookup.account(), replyTo));
  }

  /** EnableEnhancedMonitoring. */
  public CompletionStage<EnableEnhancedMonitoringResponse> enableMonitoring(
      EnableEnhancedMonitoringRequest request) {
    StreamView stream = front.admitted(request, Call.ENABLE_ENHANCED_MONITORING);
    return monitor(stream, request.shardLevelMetrics(), true)
        .thenApply(
            reply ->
                new EnableEnhancedMonitoringResponse(
                    stream.name(),
                    List.copyOf(reply.before()),
                    List.copyOf(reply.now()),
                    stream.arn()));
  }

  /** DisableEnhancedMonitoring. */
  public CompletionStage<DisableEnhancedMonitoringResponse> disableMonitoring(
      DisableEnhancedMonitoringRequest request) {
    StreamView stream = front.admitted(request, Call.DISABLE_ENHANCED_MONITORING);
    return monitor(stream, request.shardLevelMetrics(), false)
        .thenApply(
            reply ->
                new DisableEnhancedMonitoringResponse(
                    stream.name(),
                    List.copyOf(reply.before()),
                    List.copyOf(reply.now()),
                    stream.arn()));
  }

  private CompletionStage<StreamReply.Monitored> monitor(
      StreamView stream, List<MetricsName> metrics, boolean isOn) {
    return front
        .askStream(
            stream,
            replyTo ->
                new StreamCommand.ChangeMonitoring(MetricsName.named(metrics), isOn, replyTo))
        .thenApply(StreamReply.Monitored.class::cast);
  }

  /** UpdateStreamRecordDistributionStrategy. */
  public CompletionStage<Void> updateDistribution(
      UpdateStreamRecordDistributionStrategyRequest request) {
    return change(
        request,
        Call.UPDATE_STREAM_RECORD_DISTRIBUTION_STRATEGY,
        replyTo ->
            new StreamCommand.ChangeDistribution(request.recordDistributionStrategy(), replyTo));
  }

  /** SplitShard. */
  public CompletionStage<Void> splitShard(SplitShardRequest request) {
    StreamView stream = front.admitted(request, Call.SPLIT_SHARD);
    ShardId shard = shard(stream, request.shardToSplit());
    FrontDesk.checkArguments(request, stream, StatusRule.CHANGE);
    HashKey newStart = HashKey.parse(request.newStartingHashKey());
    return done(
        stream, replyTo -> new StreamCommand.SplitShard(shard, newStart, Room.NONE, replyTo));
  }

  /** MergeShards. */
  public CompletionStage<Void> mergeShards(MergeShardsRequest request) {
    StreamView stream = front.admitted(request, Call.MERGE_SHARDS);
    ShardId shard = shard(stream, request.shardToMerge());
    ShardId adjacent = shard(stream, request.adjacentShardToMerge());
    return done(
        stream, replyTo -> new StreamCommand.MergeShards(shard, adjacent, Room.NONE, replyTo));
  }

  /** One to split or merge; a stream that is being created has none to look among. */
  private ShardId shard(StreamView stream, String shardId) {
    StreamLookup.requireStatus(stream, StatusRule.LIST_SHARDS);
    return lookup.requireShard(stream, shardId).shardId();
  }

  /** UpdateShardCount. */
  public CompletionStage<UpdateShardCountResponse> updateShardCount(
      UpdateShardCountRequest request) {
    StreamView stream = front.admitted(request, Call.UPDATE_SHARD_COUNT);
    int target = request.targetShardCount();
    return front
        .askStream(
            stream, replyTo -> new StreamCommand.UpdateShardCount(target, Room.NONE, replyTo))
        .thenApply(
            reply -> {
              StreamReply.Scaling scaling = (StreamReply.Scaling) reply;
              return new UpdateShardCountResponse(
                  stream.name(),
                  stream.arn(),
                  scaling.currentShardCount(),
                  scaling.targetShardCount());
            });
  }

  /** UpdateStreamMode. */
  public CompletionStage<Void> updateStreamMode(UpdateStreamModeRequest request) {
    StreamView stream = front.admitted(request, Call.UPDATE_STREAM_MODE);
    FrontDesk.checkArguments(request, stream, StatusRule.CHANGE);
    StreamMode mode = request.streamModeDetails().streamMode();
    if (mode == StreamMode.PROVISIONED) {
      requireNoChannel(stream);
    }
    int warmMiBps = orZero(request.warmThroughputMiBps());
    return done(
        stream, replyTo -> new StreamCommand.ChangeMode(mode, warmMiBps, Room.NONE, replyTo));
  }

  /** UpdateStreamWarmThroughput. */
  public CompletionStage<UpdateStreamWarmThroughputResponse> updateWarmThroughput(
      UpdateStreamWarmThroughputRequest request) {
    StreamView stream = front.admitted(request, Call.UPDATE_STREAM_WARM_THROUGHPUT);
    int miBps = request.warmThroughputMiBps();
    return front
        .askStream(stream, replyTo -> new StreamCommand.UpdateWarmThroughput(miBps, replyTo))
        .thenApply(
            reply -> {
              StreamReply.Warming warming = (StreamReply.Warming) reply;
              return new UpdateStreamWarmThroughputResponse(
                  stream.arn(),
                  stream.name(),
                  new WarmThroughputObject(warming.targetMiBps(), warming.currentMiBps()));
            });
  }

  /** UpdateAccountSettings. */
  public CompletionStage<UpdateAccountSettingsResponse> updateAccountSettings(
      UpdateAccountSettingsRequest request) {
    request.validate();
    front.count(Call.UPDATE_ACCOUNT_SETTINGS);
    boolean isWanted =
        request.minimumThroughputBillingCommitment().status()
            == MinimumThroughputBillingCommitmentInputStatus.ENABLED;
    return front
        .askRegistry(replyTo -> new RegistryCommand.ChangeCommitment(isWanted, replyTo))
        .thenApply(reply -> new UpdateAccountSettingsResponse(commitment()));
  }

  private MinimumThroughputBillingCommitmentOutput commitment() {
    return Descriptions.of(lookup.views().commitment(), clock.epochMillis());
  }

  private CompletionStage<Void> change(
      StreamRequest request,
      Call call,
      Function<ActorRef<StreamReply>, StreamCommand.Request> command) {
    StreamView stream = front.admitted(request, call);
    FrontDesk.checkArguments(request, stream, StatusRule.CHANGE);
    return done(stream, command);
  }

  private CompletionStage<Void> done(
      StreamView stream, Function<ActorRef<StreamReply>, StreamCommand.Request> command) {
    return front.askStream(stream, command).thenApply(reply -> null);
  }

  // descriptions and listings

  /** DescribeStream. */
  public DescribeStreamResponse describe(DescribeStreamRequest request) {
    StreamView stream = front.admitted(request, Call.DESCRIBE_STREAM);
    Page<ShardView> page =
        Listings.described(
            stream,
            shardId(request.exclusiveStartShardId()),
            Optional.ofNullable(request.limit()),
            clock.epochMillis());
    return new DescribeStreamResponse(Descriptions.of(stream, page));
  }

  /** DescribeStreamSummary. */
  public DescribeStreamSummaryResponse describeSummary(DescribeStreamSummaryRequest request) {
    StreamView stream = front.admitted(request, Call.DESCRIBE_STREAM_SUMMARY);
    boolean isCommitted = lookup.views().commitment().isOn(clock.epochMillis());
    return new DescribeStreamSummaryResponse(
        Descriptions.summaryOf(stream, isCommitted, channels.get().countOf(stream)));
  }

  /** DescribeAccountSettings. */
  public DescribeAccountSettingsResponse describeAccountSettings(
      DescribeAccountSettingsRequest request) {
    request.validate();
    front.count(Call.DESCRIBE_ACCOUNT_SETTINGS);
    return new DescribeAccountSettingsResponse(commitment());
  }

  /** DescribeLimits. */
  public CompletionStage<DescribeLimitsResponse> describeLimits(DescribeLimitsRequest request) {
    request.validate();
    front.count(Call.DESCRIBE_LIMITS);
    return front
        .accountUse()
        .thenApply(
            use ->
                new DescribeLimitsResponse(
                    use.quotas().openShards(),
                    use.openShards(),
                    use.onDemandStreams(),
                    use.quotas().onDemandStreams(),
                    channels.get().count(),
                    channels.get().limit()));
  }

  /** ListStreams. */
  public ListStreamsResponse listStreams(ListStreamsRequest request) {
    request.validate();
    front.count(Call.LIST_STREAMS);
    request.checkArguments();
    Optional<StreamName> after =
        request.nextToken() == null
            ? Optional.ofNullable(request.exclusiveStartStreamName()).map(StreamName::new)
            : Optional.of(
                NextToken.forStreams(request.nextToken(), seal, clock.epochMillis()).require());
    Page<StreamView> page =
        Listings.streams(lookup.views().all(), after, Optional.ofNullable(request.limit()));
    String next =
        page.hasMore()
            ? NextToken.of(page.last().orElseThrow().name(), seal, clock.epochMillis())
            : null;
    return new ListStreamsResponse(
        page.items().stream().map(StreamView::name).toList(),
        page.hasMore(),
        next,
        page.items().stream().map(Descriptions::listed).toList());
  }

  /** ListShards. */
  public ListShardsResponse listShards(ListShardsRequest request) {
    request.validate();
    if (request.nextToken() != null) {
      request.checkArguments();
      ShardsPlace place =
          NextToken.forShards(request.nextToken(), seal, clock.epochMillis()).require();
      StreamView stream = lookup.require(place.stream(), StatusRule.DESCRIBE);
      if (stream.incarnation() != place.incarnation()) {
        throw ResourceNotFoundException.stream(place.stream().value(), lookup.account());
      }
      admitListing(stream);
      return listShards(stream, place.selection(), Optional.of(place.after()), request);
    }
    StreamView stream = lookup.require(request.stream(), StatusRule.DESCRIBE);
    lookup.requireCreated(stream, request.streamCreationTimestamp());
    admitListing(stream);
    request.checkArguments();
    return listShards(
        stream,
        selection(request.shardFilter()),
        shardId(request.exclusiveStartShardId()),
        request);
  }

  private void admitListing(StreamView stream) {
    front.count(Call.LIST_SHARDS, stream);
    StreamLookup.requireStatus(stream, StatusRule.LIST_SHARDS);
  }

  private ListShardsResponse listShards(
      StreamView stream,
      ShardSelection selection,
      Optional<ShardId> after,
      ListShardsRequest request) {
    long now = clock.epochMillis();
    Page<ShardView> page =
        Listings.shards(stream, selection, after, Optional.ofNullable(request.maxResults()), now);
    String next =
        page.hasMore()
            ? NextToken.of(
                new ShardsPlace(
                    stream.name(),
                    stream.incarnation(),
                    selection,
                    page.last().orElseThrow().shardId()),
                seal,
                now)
            : null;
    return new ListShardsResponse(page.items().stream().map(Descriptions::shard).toList(), next);
  }

  private static ShardSelection selection(ShardFilter filter) {
    if (filter == null) {
      return ShardSelection.ALL;
    }
    if (filter.type() == ShardFilterType.AFTER_SHARD_ID) {
      return ShardSelection.after(shardId(filter.shardId()).orElseThrow());
    }
    return filter.timestamp() == null
        ? ShardSelection.of(filter.type())
        : ShardSelection.of(filter.type(), EpochMillis.of(filter.timestamp()));
  }

  private static Optional<ShardId> shardId(String text) {
    try {
      return Optional.ofNullable(text).map(ShardId::parse);
    } catch (IllegalArgumentException notAShardId) {
      throw new InvalidArgumentException("%s is not the id of a shard.".formatted(text));
    }
  }
}
