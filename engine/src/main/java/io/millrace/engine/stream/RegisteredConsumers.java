package io.millrace.engine.stream;

import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.stream.StreamEvent.ConsumerActivated;
import io.millrace.engine.stream.StreamEvent.ConsumerDeregistered;
import io.millrace.engine.stream.StreamEvent.ConsumerEvent;
import io.millrace.engine.stream.StreamEvent.ConsumerRegistered;
import io.millrace.engine.stream.StreamEvent.ConsumerRemoved;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The registered consumers of a stream. No more than their quota, and no two of one name.
 *
 * @param all the consumers, by name
 * @param freshMillis whoever is registered from now on counts as created then or later, epoch
 *     milliseconds, so that the ARN of a removed consumer is never given again
 */
record RegisteredConsumers(List<RegisteredConsumer> all, long freshMillis) {

  /** Those of a stream that never had any. */
  static final RegisteredConsumers NONE = new RegisteredConsumers(List.of(), Long.MIN_VALUE);

  RegisteredConsumers {
    all = List.copyOf(all);
  }

  // Questions.

  Optional<RegisteredConsumer> find(ConsumerName name) {
    return all.stream().filter(consumer -> consumer.name().equals(name)).findFirst();
  }

  /** Those that are on their way to another status. */
  List<RegisteredConsumer> underWay() {
    return all.stream().filter(consumer -> consumer.status() != ConsumerStatus.ACTIVE).toList();
  }

  List<ConsumerView> views(String streamArn) {
    return all.stream().map(consumer -> consumer.view(streamArn)).toList();
  }

  /** A consumer as it would be registered now. */
  RegisteredConsumer fresh(ConsumerName name, long nowMillis) {
    return new RegisteredConsumer(name, Math.max(nowMillis, freshMillis), ConsumerStatus.CREATING);
  }

  // Decisions.

  /** RegisterStreamConsumer: first the name, then the quotas. */
  Decision<StreamEvent> register(RegisteredConsumer fresh, ConsumerQuota quota) {
    if (find(fresh.name()).isPresent()) {
      return Decision.refuses(
          StreamReply.Kind.RESOURCE_IN_USE,
          "Consumer %s is already registered with the stream.".formatted(fresh.name()));
    }
    if (all.size() >= quota.consumers()) {
      return Decision.refuses(
          StreamReply.Kind.LIMIT_EXCEEDED,
          "The stream may have %d registered consumers.".formatted(quota.consumers()));
    }
    if (countIn(ConsumerStatus.CREATING) >= quota.creating()) {
      return Decision.refuses(
          StreamReply.Kind.THROTTLED,
          "Only %d consumers of a stream may be in status CREATING at once."
              .formatted(quota.creating()));
    }
    return Decision.happens(new ConsumerRegistered(fresh.name(), fresh.createdMillis()));
  }

  /** DeregisterStreamConsumer: the consumer of this name that was created then. */
  Decision<StreamEvent> deregister(ConsumerName name, long createdMillis) {
    Optional<RegisteredConsumer> found =
        find(name).filter(consumer -> consumer.createdMillis() == createdMillis);
    if (found.isEmpty()) {
      return Decision.refuses(
          StreamReply.Kind.RESOURCE_NOT_FOUND, "Consumer %s not found.".formatted(name));
    }
    return found.get().status() == ConsumerStatus.DELETING
        ? Decision.stands()
        : Decision.happens(new ConsumerDeregistered(name));
  }

  /** What a consumer was on its way to happens, unless it is no longer as it was. */
  Decision<StreamEvent> arrive(RegisteredConsumer asItWas) {
    if (!all.contains(asItWas)) {
      return Decision.stands();
    }
    return switch (asItWas.status()) {
      case CREATING -> Decision.happens(new ConsumerActivated(asItWas.name()));
      case DELETING -> Decision.happens(new ConsumerRemoved(asItWas.name()));
      case ACTIVE -> Decision.stands();
    };
  }

  /** Why this consumer's tags and policy cannot be changed; empty if they can. */
  Optional<StreamReply.Refused> refusalToChange(AttachmentChange.Consumer consumer) {
    Optional<RegisteredConsumer> found =
        find(consumer.name()).filter(one -> one.createdMillis() == consumer.createdMillis());
    if (found.isEmpty()) {
      return Optional.of(
          new StreamReply.Refused(
              StreamReply.Kind.RESOURCE_NOT_FOUND,
              "Consumer %s not found.".formatted(consumer.name())));
    }
    ConsumerStatus status = found.get().status();
    return status == ConsumerStatus.ACTIVE
        ? Optional.empty()
        : Optional.of(
            new StreamReply.Refused(
                StreamReply.Kind.RESOURCE_IN_USE,
                "Consumer %s not ACTIVE, instead in state %s.".formatted(consumer.name(), status)));
  }

  private long countIn(ConsumerStatus status) {
    return all.stream().filter(consumer -> consumer.status() == status).count();
  }

  // Transitions.

  RegisteredConsumers apply(ConsumerEvent event) {
    if (event instanceof ConsumerRegistered registered) {
      return with(
          new RegisteredConsumer(
              registered.name(), registered.createdMillis(), ConsumerStatus.CREATING));
    }
    RegisteredConsumer consumer = find(event.name()).orElseThrow();
    if (event instanceof ConsumerActivated) {
      return with(consumer.in(ConsumerStatus.ACTIVE));
    }
    if (event instanceof ConsumerDeregistered) {
      return with(consumer.in(ConsumerStatus.DELETING));
    }
    if (event instanceof ConsumerRemoved) {
      long nextSecond = (consumer.createdSeconds() + 1) * 1000;
      return new RegisteredConsumers(
          others(event.name()).toList(), Math.max(freshMillis, nextSecond));
    }
    throw new IllegalStateException("no transition for " + event.getClass().getName());
  }

  /** All of them go with their stream. */
  RegisteredConsumers deleting() {
    return new RegisteredConsumers(
        all.stream().map(consumer -> consumer.in(ConsumerStatus.DELETING)).toList(), freshMillis);
  }

  private RegisteredConsumers with(RegisteredConsumer changed) {
    return new RegisteredConsumers(
        Stream.concat(others(changed.name()), Stream.of(changed))
            .sorted(Comparator.comparing(RegisteredConsumer::name))
            .toList(),
        freshMillis);
  }

  private Stream<RegisteredConsumer> others(ConsumerName name) {
    return all.stream().filter(consumer -> !consumer.name().equals(name));
  }
}
