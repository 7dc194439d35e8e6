package io.millrace.engine.stream;

import io.millrace.engine.access.RequestedResource;
import io.millrace.engine.api.ChannelRequest;
import io.millrace.engine.api.ConsumerReference;
import io.millrace.engine.api.CreateChannelRequest;
import io.millrace.engine.api.DeregisterStreamConsumerRequest;
import io.millrace.engine.api.DescribeStreamConsumerRequest;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.Request;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.ResourceRequest;
import io.millrace.engine.api.StreamReference;
import io.millrace.engine.api.StreamRequest;
import io.millrace.engine.api.SubscribeToShardRequest;
import io.millrace.engine.internal.SealedToken;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.ChannelArn;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.StreamArn;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.StreamLookup.Resource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tells which stream, registered consumer or channel a request is about, for whoever decides about
 * access. Reads published views; safe for any thread.
 */
public final class RequestedResources {

  private final StreamLookup lookup;
  private final Supplier<AccountChannels> channels;
  private final SealedToken seal;
  private final EngineClock clock;
  private final Function<String, StreamName> iterators;

  /**
   * The resources of an engine.
   *
   * @param channels has the tags of channels
   * @param seal what makes tokens opaque
   * @param iterators tells the stream of a shard iterator, and throws when it is none
   */
  public RequestedResources(
      StreamLookup lookup,
      Supplier<AccountChannels> channels,
      SealedToken seal,
      EngineClock clock,
      Function<String, StreamName> iterators) {
    this.lookup = lookup;
    this.channels = channels;
    this.seal = seal;
    this.clock = clock;
    this.iterators = iterators;
  }

  /**
   * What a valid request is about; empty when that is the account as a whole. Throws like the
   * operation itself when nothing is named, or a token is none or too old.
   *
   * @param callerAccountId the account whose streams bare names are of
   */
  public Optional<RequestedResource> of(Request request, String callerAccountId) {
    return arn(request, callerAccountId).map(this::described);
  }

  private Optional<String> arn(Request request, String callerAccountId) {
    if (request instanceof ResourceRequest resource) {
      return Optional.of(resource.resourceARN());
    }
    if (request instanceof ChannelRequest channel) {
      return Optional.of(channel.channelARN());
    }
    if (request instanceof CreateChannelRequest create) {
      return Optional.of(create.streamConfigurationList().get(0).streamARN());
    }
    if (request instanceof SubscribeToShardRequest subscribe) {
      return Optional.of(subscribe.consumerARN());
    }
    if (request instanceof DescribeStreamConsumerRequest describe) {
      return Optional.of(arn(describe.consumer()));
    }
    if (request instanceof DeregisterStreamConsumerRequest deregister) {
      return Optional.of(arn(deregister.consumer()));
    }
    if (request instanceof GetRecordsRequest get) {
      return Optional.of(arn(iterators.apply(get.shardIterator())));
    }
    if (request instanceof ListShardsRequest list && list.nextToken() != null) {
      return Optional.of(
          arn(NextToken.forShards(list.nextToken(), seal, clock.epochMillis()).require().stream()));
    }
    return request instanceof StreamRequest stream
        ? Optional.of(arn(stream.stream(), callerAccountId))
        : Optional.empty();
  }

  private String arn(StreamName name) {
    return lookup.account().arn(name).toString();
  }

  private String arn(StreamReference reference, String callerAccountId) {
    if (reference.streamARN() != null) {
      return reference.streamARN();
    }
    Account home = lookup.account();
    return new Account(home.partition(), home.region(), callerAccountId)
        .arn(reference.resolve(home))
        .toString();
  }

  private String arn(ConsumerReference reference) {
    reference.checkArguments();
    if (reference.consumerARN() != null) {
      return reference.consumerARN();
    }
    return StreamArn.parse(reference.streamARN())
        .filter(arn -> arn.account().equals(lookup.account()))
        .flatMap(arn -> lookup.views().find(arn.streamName()))
        .flatMap(stream -> stream.consumer(new ConsumerName(reference.consumerName())))
        .map(ConsumerView::arn)
        .orElse(reference.streamARN() + "/consumer/" + reference.consumerName());
  }

  private RequestedResource described(String arn) {
    if (ChannelArn.parse(arn).isPresent()) {
      return channels
          .get()
          .tags(arn)
          .map(tags -> new RequestedResource(arn, true, tags, Optional.empty()))
          .orElseGet(() -> RequestedResource.missing(arn));
    }
    try {
      Resource found = lookup.requireResource(arn);
      return new RequestedResource(arn, true, found.attached().tags(), found.attached().policy());
    } catch (ResourceNotFoundException missing) {
      return RequestedResource.missing(arn);
    }
  }
}
