package io.millrace.engine.stream;

import io.millrace.engine.api.ConsumerReference;
import io.millrace.engine.api.DeregisterStreamConsumerRequest;
import io.millrace.engine.api.DescribeStreamConsumerRequest;
import io.millrace.engine.api.DescribeStreamConsumerResponse;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ListStreamConsumersRequest;
import io.millrace.engine.api.ListStreamConsumersResponse;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.RegisterStreamConsumerResponse;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.internal.CallRates.Call;
import io.millrace.engine.internal.SealedToken;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.stream.NextToken.ConsumersPlace;
import io.millrace.engine.stream.StreamLookup.Registration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where requests about registered consumers are answered: descriptions and listings from the
 * published views, changes by the stream. Throws and works like {@link StreamDesk}.
 */
public final class ConsumerDesk {

  private final FrontDesk front;
  private final SealedToken seal;
  private final EngineClock clock;

  /**
   * A desk.
   *
   * @param seal what makes tokens opaque
   */
  public ConsumerDesk(FrontDesk front, SealedToken seal, EngineClock clock) {
    this.front = front;
    this.seal = seal;
    this.clock = clock;
  }

  /** RegisterStreamConsumer. */
  public CompletionStage<RegisterStreamConsumerResponse> register(
      RegisterStreamConsumerRequest request) {
    StreamView stream = front.admitted(request, Call.REGISTER_STREAM_CONSUMER);
    FrontDesk.checkArguments(request, stream, StatusRule.CHANGE_CONSUMERS);
    ConsumerName name = new ConsumerName(request.consumerName());
    Map<String, String> tags = request.tags() == null ? Map.of() : request.tags();
    return front
        .askStream(stream, replyTo -> new StreamCommand.RegisterConsumer(name, tags, replyTo))
        .thenApply(
            reply -> {
              ConsumerView consumer = ((StreamReply.Registered) reply).consumer();
              return new RegisterStreamConsumerResponse(Descriptions.listed(consumer));
            });
  }

  /** DeregisterStreamConsumer. */
  public CompletionStage<Void> deregister(DeregisterStreamConsumerRequest request) {
    request.validate();
    Registration found = admitted(request.consumer(), Call.DEREGISTER_STREAM_CONSUMER);
    ConsumerView consumer = found.consumer();
    return front
        .askStream(
            found.stream(),
            replyTo ->
                new StreamCommand.DeregisterConsumer(
                    consumer.name(), consumer.createdMillis(), replyTo))
        .thenApply(reply -> null);
  }

  /** DescribeStreamConsumer. */
  public DescribeStreamConsumerResponse describe(DescribeStreamConsumerRequest request) {
    request.validate();
    Registration found = admitted(request.consumer(), Call.DESCRIBE_STREAM_CONSUMER);
    return new DescribeStreamConsumerResponse(Descriptions.of(found));
  }

  private Registration admitted(ConsumerReference reference, Call call) {
    Registration found = front.lookup().requireConsumer(reference);
    front.count(call, found.stream());
    return found;
  }

  /** ListStreamConsumers. */
  public ListStreamConsumersResponse list(ListStreamConsumersRequest request) {
    request.validate();
    StreamView stream = front.lookup().require(request.stream(), StatusRule.DESCRIBE);
    front.count(Call.LIST_STREAM_CONSUMERS, stream);
    request.checkArguments();
    front.lookup().requireCreated(stream, request.streamCreationTimestamp());
    Page<ConsumerView> page =
        Listings.consumers(
            stream, after(stream, request.nextToken()), Optional.ofNullable(request.maxResults()));
    return new ListStreamConsumersResponse(
        page.items().stream().map(Descriptions::listed).toList(),
        page.hasMore() ? next(stream, page.last().orElseThrow().name()) : null);
  }

  private Optional<ConsumerName> after(StreamView stream, String nextToken) {
    if (nextToken == null) {
      return Optional.empty();
    }
    ConsumersPlace place = NextToken.forConsumers(nextToken, seal, clock.epochMillis()).require();
    if (!place.stream().equals(stream.name())) {
      throw new InvalidArgumentException("NextToken is of another stream than StreamARN.");
    }
    if (place.incarnation() != stream.incarnation()) {
      throw ResourceNotFoundException.stream(stream.name().value(), front.lookup().account());
    }
    return Optional.of(place.after());
  }

  private String next(StreamView stream, ConsumerName last) {
    ConsumersPlace place = new ConsumersPlace(stream.name(), stream.incarnation(), last);
    return NextToken.of(place, seal, clock.epochMillis());
  }
}
