package io.millrace.channels.directory;

import io.millrace.channels.bucket.Buckets;
import io.millrace.channels.bucket.KeyTemplate;
import io.millrace.channels.bucket.ObjectFacts;
import io.millrace.channels.delivery.Delivery;
import io.millrace.channels.delivery.UniqueSuffix;
import io.millrace.engine.ChannelClient;
import io.millrace.engine.EngineInside;
import io.millrace.engine.api.ChannelStreamConfiguration;
import io.millrace.engine.api.CreateChannelRequest;
import io.millrace.engine.api.CreateChannelResponse;
import io.millrace.engine.api.DeadLetterQueueS3Configuration;
import io.millrace.engine.api.DeleteChannelRequest;
import io.millrace.engine.api.DescribeChannelRequest;
import io.millrace.engine.api.DescribeChannelResponse;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.KeyFailures;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.ListChannelsRequest;
import io.millrace.engine.api.ListChannelsResponse;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.S3DestinationConfiguration;
import io.millrace.engine.api.S3StorageConfiguration;
import io.millrace.engine.api.StreamFilter;
import io.millrace.engine.api.StreamReference;
import io.millrace.engine.api.UpdateChannelRequest;
import io.millrace.engine.api.UpdateChannelResponse;
import io.millrace.engine.internal.CallRates.Call;
import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.ChannelArn;
import io.millrace.engine.model.ChannelStatus;
import io.millrace.engine.model.S3StorageClass;
import io.millrace.engine.model.StreamArn;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.stream.AccountChannels;
import io.millrace.engine.stream.NextToken;
import io.millrace.engine.stream.StatusRule;
import io.millrace.engine.stream.StreamView;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Serves the operations on channels in the order in which the service judges them: descriptions and
 * listings from what is published, changes by the actor. Works on its caller's thread; never
 * blocks.
 */
final class ChannelDesk implements ChannelClient, AccountChannels {

  private static final int PAGE = 100;
  private static final int DEFAULT_FRESHNESS_SECONDS = 300;

  private final EngineInside inside;
  private final ActorRef<ChannelsCommand> channels;
  private final Supplier<ChannelsState> state;
  private final ChannelSettings settings;
  private final Supplier<String> ids;
  private final Future<Void> closed;

  /**
   * A desk.
   *
   * @param state what is durable
   * @param ids ids for new channels
   * @param closed done when the engine closes
   */
  ChannelDesk(
      EngineInside inside,
      ActorRef<ChannelsCommand> channels,
      Supplier<ChannelsState> state,
      ChannelSettings settings,
      Supplier<String> ids,
      Future<Void> closed) {
    this.inside = inside;
    this.channels = channels;
    this.state = state;
    this.settings = settings;
    this.ids = ids;
    this.closed = closed;
  }

  // CreateChannel

  @Override
  public CompletionStage<CreateChannelResponse> createChannel(CreateChannelRequest request) {
    return staged(
        () -> {
          request.validate();
          ChannelStreamConfiguration source = request.streamConfigurationList().get(0);
          StreamReference reference = new StreamReference(null, source.streamARN());
          inside.streams().require(reference, StatusRule.DESCRIBE);
          count(Call.CREATE_CHANNEL);
          StreamView stream = inside.streams().require(reference, StatusRule.CHANGE_CONSUMERS);
          request.checkArguments();
          Channel channel = channel(request, source, stream);
          Delivery delivery = checked(channel);
          return usable(delivery)
              .thenCompose(usable -> ask(replyTo -> new ChannelsCommand.Create(channel, replyTo)))
              .thenApply(created -> new CreateChannelResponse(Descriptions.of(created)));
        });
  }

  private Channel channel(
      CreateChannelRequest request, ChannelStreamConfiguration source, StreamView stream) {
    if (stream.mode() != StreamMode.ON_DEMAND) {
      throw new InvalidArgumentException(
          "Stream %s is in PROVISIONED capacity mode, and channels read on-demand streams only."
              .formatted(stream.name()));
    }
    if (request.s3DestinationConfiguration() == null) {
      throw new InvalidArgumentException(
          "S3TablesDestinationConfiguration cannot be delivered to: there is no service of tables"
              + " here.");
    }
    Account account = inside.streams().account();
    ChannelArn arn = new ChannelArn(account, request.channelName(), ids.get());
    return new Channel(
        arn,
        new StreamArn(account, stream.name()),
        stream.incarnation(),
        stream.createdMillis(),
        inside.clock().epochMillis(),
        request.serviceExecutionRoleARN(),
        source.recordConfiguration(),
        completed(request.s3DestinationConfiguration(), arn),
        Optional.ofNullable(request.encryptionConfiguration()),
        LogNames.completed(
            request.loggingConfiguration() == null
                ? null
                : request.loggingConfiguration().cloudWatchLogs(),
            arn.channelName(),
            arn.channelId()),
        request.tags() == null ? Map.of() : request.tags(),
        ChannelStatus.CREATING,
        Optional.empty());
  }

  private S3DestinationConfiguration completed(S3DestinationConfiguration asked, ChannelArn arn) {
    S3StorageConfiguration storage = asked.storageConfiguration();
    return new S3DestinationConfiguration(
        freshness(asked.dataFreshnessInSeconds()),
        completed(asked.deadLetterQueueS3Configuration(), storage, arn),
        new S3StorageConfiguration(
            storage.bucketARN(),
            storage.expectedBucketOwner(),
            storage.outputKeyTemplate() == null ? KeyTemplate.DEFAULT : storage.outputKeyTemplate(),
            storage.storageClass() == null ? S3StorageClass.STANDARD : storage.storageClass(),
            storage.compressionType()));
  }

  private static DeadLetterQueueS3Configuration completed(
      DeadLetterQueueS3Configuration asked, S3StorageConfiguration storage, ChannelArn arn) {
    return new DeadLetterQueueS3Configuration(
        asked == null ? storage.bucketARN() : asked.bucketARN(),
        asked == null ? storage.expectedBucketOwner() : asked.expectedBucketOwner(),
        asked == null || asked.errorOutputPrefix() == null
            ? "kinesis-channel/errors/%s/%s/".formatted(arn.channelName(), arn.channelId())
            : asked.errorOutputPrefix());
  }

  private int freshness(Integer asked) {
    int seconds = asked == null ? DEFAULT_FRESHNESS_SECONDS : asked;
    if (seconds < settings.minFreshness().toSeconds()
        || seconds > settings.maxFreshness().toSeconds()) {
      throw new InvalidArgumentException(
          "DataFreshnessInSeconds must be between %d and %d: %d."
              .formatted(
                  settings.minFreshness().toSeconds(),
                  settings.maxFreshness().toSeconds(),
                  seconds));
    }
    return seconds;
  }

  /** What it delivers, if that can be: its buckets are buckets, and its keys are keys. */
  private Delivery checked(Channel channel) {
    Buckets buckets =
        settings
            .directory()
            .map(Buckets::new)
            .orElseThrow(
                () ->
                    new InvalidArgumentException(
                        "There are no buckets here: millrace.channels.directory names no"
                            + " directory."));
    try {
      Delivery delivery = channel.delivery();
      ObjectFacts facts =
          new ObjectFacts(
              delivery.channelName(),
              delivery.channelId(),
              Instant.ofEpochMilli(channel.createdMillis()),
              delivery.extension(),
              UniqueSuffix.LONGEST);
      buckets.file(delivery.bucket(), delivery.keys().key(facts));
      buckets.file(delivery.deadLetterBucket(), delivery.deadLetterKeys().key(facts));
      return delivery;
    } catch (IllegalArgumentException refused) {
      throw new InvalidArgumentException(refused.getMessage());
    }
  }

  private CompletionStage<Void> usable(Delivery delivery) {
    return delivery
        .masterKey()
        .map(
            key ->
                inside
                    .keys()
                    .tryOut(key, delivery.channelId())
                    .exceptionally(
                        failure -> {
                          KeyStoreException why = KeyStoreException.within(failure).orElseThrow();
                          throw KeyFailures.of(why.reason(), why.getMessage());
                        }))
        .orElseGet(() -> CompletableFuture.completedStage(null));
  }

  // the other operations

  @Override
  public CompletionStage<DescribeChannelResponse> describeChannel(DescribeChannelRequest request) {
    return staged(
        () -> {
          request.validate();
          Channel channel = require(request.channelARN());
          count(Call.DESCRIBE_CHANNEL);
          return CompletableFuture.completedStage(
              new DescribeChannelResponse(Descriptions.of(channel)));
        });
  }

  @Override
  public CompletionStage<UpdateChannelResponse> updateChannel(UpdateChannelRequest request) {
    return staged(
        () -> {
          request.validate();
          require(request.channelARN());
          count(Call.UPDATE_CHANNEL);
          request.checkArguments();
          if (request.s3DestinationConfiguration() != null) {
            freshness(request.s3DestinationConfiguration().dataFreshnessInSeconds());
          }
          return ask(replyTo -> new ChannelsCommand.Update(request, replyTo))
              .thenApply(updated -> new UpdateChannelResponse(Descriptions.of(updated)));
        });
  }

  @Override
  public CompletionStage<Void> deleteChannel(DeleteChannelRequest request) {
    return staged(
        () -> {
          request.validate();
          require(request.channelARN());
          count(Call.DELETE_CHANNEL);
          return ask(replyTo -> new ChannelsCommand.Delete(request.channelARN(), replyTo))
              .thenApply(deleted -> null);
        });
  }

  @Override
  public CompletionStage<ListChannelsResponse> listChannels(ListChannelsRequest request) {
    return staged(
        () -> {
          request.validate();
          count(Call.LIST_CHANNELS);
          return CompletableFuture.completedStage(page(request));
        });
  }

  private ListChannelsResponse page(ListChannelsRequest request) {
    long now = inside.clock().epochMillis();
    String after =
        request.nextToken() == null
            ? ""
            : NextToken.forChannels(request.nextToken(), inside.seal(), now).require();
    List<Channel> rest =
        state.get().channels().values().stream()
            .filter(channel -> channel.name().compareTo(after) > 0)
            .filter(channel -> isAskedFor(channel, request.streamFilter()))
            .toList();
    int most = request.maxResults() == null ? PAGE : Math.min(request.maxResults(), PAGE);
    List<Channel> page = rest.subList(0, Math.min(most, rest.size()));
    return new ListChannelsResponse(
        page.stream().map(Descriptions::listed).toList(),
        page.size() < rest.size()
            ? NextToken.afterChannel(page.get(page.size() - 1).name(), inside.seal(), now)
            : null);
  }

  private static boolean isAskedFor(Channel channel, List<StreamFilter> filters) {
    return filters == null
        || filters.stream()
            .anyMatch(
                filter ->
                    filter.streamARN().equals(channel.stream().toString())
                        && (filter.streamCreationTimestamp() == null
                            || filter.streamCreationTimestamp().getEpochSecond()
                                == Math.floorDiv(channel.streamCreatedMillis(), 1000L)));
  }

  // what streams ask

  @Override
  public int count() {
    return state.get().channels().size();
  }

  @Override
  public int limit() {
    return settings.maxChannels();
  }

  @Override
  public int countOf(StreamView stream) {
    return (int)
        state.get().channels().values().stream().filter(channel -> channel.reads(stream)).count();
  }

  @Override
  public Optional<String> holding(StreamView stream) {
    return state.get().channels().values().stream()
        .filter(channel -> channel.reads(stream))
        .filter(channel -> channel.status() != ChannelStatus.FAILED)
        .map(Channel::name)
        .findFirst();
  }

  @Override
  public Optional<Map<String, String>> tags(String channelArn) {
    return state.get().withArn(channelArn).map(Channel::tags);
  }

  @Override
  public CompletionStage<Void> addTags(String channelArn, Map<String, String> tags) {
    return changeTags(channelArn, present -> present.putAll(tags));
  }

  @Override
  public CompletionStage<Void> removeTags(String channelArn, List<String> tagKeys) {
    return changeTags(channelArn, present -> present.keySet().removeAll(tagKeys));
  }

  private CompletionStage<Void> changeTags(
      String channelArn, Consumer<Map<String, String>> change) {
    return ask(replyTo ->
            new ChannelsCommand.ChangeTags(
                channelArn,
                present -> {
                  Map<String, String> next = new HashMap<>(present);
                  change.accept(next);
                  return next;
                },
                replyTo))
        .thenApply(changed -> null);
  }

  // what all share

  private Channel require(String arn) {
    return state
        .get()
        .withArn(arn)
        .orElseThrow(() -> ResourceNotFoundException.channel(arn, inside.streams().account()));
  }

  private void count(Call call) {
    String account = inside.streams().account().id();
    if (!inside.callRates().tryCall(call, account)) {
      throw LimitExceededException.throttled(
          "Rate exceeded: %d calls per second under account %s."
              .formatted(call.perSecond(), account));
    }
  }

  private <T> CompletionStage<T> staged(Supplier<CompletionStage<T>> operation) {
    if (closed.isDone()) {
      return CompletableFuture.failedStage(new EngineClosedException());
    }
    try {
      return operation.get();
    } catch (RuntimeException refused) {
      return CompletableFuture.failedStage(refused);
    }
  }

  private CompletionStage<Channel> ask(Function<ActorRef<ChannelsReply>, ChannelsCommand> message) {
    return inside
        .ask(channels, message, settings.answerTimeout())
        .handle(
            (reply, failure) -> {
              if (reply instanceof ChannelsReply.One one) {
                return one.channel();
              }
              if (reply instanceof ChannelsReply.Refused refused) {
                throw refused.error();
              }
              throw closed.isDone()
                  ? new EngineClosedException()
                  : InternalFailureException.unknown("The channels did not answer in time.");
            });
  }
}
