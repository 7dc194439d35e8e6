package io.millrace.engine.stream;

import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.stream.AttachmentChange.AddTags;
import io.millrace.engine.stream.AttachmentChange.DeletePolicy;
import io.millrace.engine.stream.AttachmentChange.PutPolicy;
import io.millrace.engine.stream.AttachmentChange.RemoveTags;
import io.millrace.engine.stream.StreamEvent.AttachmentEvent;
import io.millrace.engine.stream.StreamEvent.PolicyDeleted;
import io.millrace.engine.stream.StreamEvent.PolicyPut;
import io.millrace.engine.stream.StreamEvent.TagsAdded;
import io.millrace.engine.stream.StreamEvent.TagsRemoved;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is attached to a stream and to its registered consumers. It goes with what it is attached
 * to.
 *
 * @param stream what is attached to the stream itself
 * @param consumers what is attached to each consumer that has anything
 */
public record Attachments(Attached stream, NavigableMap<ConsumerName, Attached> consumers) {

  /** Nothing is attached to anything. */
  public static final Attachments NONE =
      new Attachments(Attached.NOTHING, Collections.emptyNavigableMap());

  /** Copies the map. */
  public Attachments {
    consumers = Collections.unmodifiableNavigableMap(new TreeMap<>(consumers));
  }

  // Questions.

  /** What is attached to a consumer. */
  public Attached of(ConsumerName consumer) {
    return consumers.getOrDefault(consumer, Attached.NOTHING);
  }

  private Attached of(Optional<ConsumerName> consumer) {
    return consumer.map(this::of).orElse(stream);
  }

  // Decisions.

  /** Changes that change nothing are accepted. */
  Decision<StreamEvent> decide(AttachmentChange change) {
    Optional<ConsumerName> consumer = change.consumer().map(AttachmentChange.Consumer::name);
    Attached present = of(consumer);
    if (change instanceof AddTags add) {
      Attached next = present.withTags(add.tags());
      if (next.tags().size() > Attached.MAX_TAGS) {
        return Decision.refuses(
            StreamReply.Kind.INVALID_ARGUMENT,
            "A resource has %d tags at most, not %d."
                .formatted(Attached.MAX_TAGS, next.tags().size()));
      }
      return unless(next.equals(present), new TagsAdded(consumer, add.tags()));
    }
    if (change instanceof RemoveTags remove) {
      List<String> known =
          remove.keys().stream().distinct().filter(present.tags()::containsKey).toList();
      return unless(known.isEmpty(), new TagsRemoved(consumer, known));
    }
    if (change instanceof PutPolicy put) {
      return unless(
          present.policy().equals(Optional.of(put.policy())),
          new PolicyPut(consumer, put.policy()));
    }
    if (change instanceof DeletePolicy) {
      return present.policy().isEmpty()
          ? Decision.refuses(StreamReply.Kind.RESOURCE_NOT_FOUND, "The resource has no policy.")
          : Decision.happens(new PolicyDeleted(consumer));
    }
    throw new IllegalStateException("no decision for " + change.getClass().getName());
  }

  private static Decision<StreamEvent> unless(boolean isSo, StreamEvent event) {
    return isSo ? Decision.stands() : Decision.happens(event);
  }

  /** The tags that something new is created with. */
  static Decision<StreamEvent> created(Optional<ConsumerName> consumer, Map<String, String> tags) {
    return unless(tags.isEmpty(), new TagsAdded(consumer, tags));
  }

  // Transitions.

  Attachments apply(AttachmentEvent event) {
    Attached present = of(event.consumer());
    if (event instanceof TagsAdded added) {
      return with(event.consumer(), present.withTags(added.tags()));
    }
    if (event instanceof TagsRemoved removed) {
      return with(event.consumer(), present.withoutTags(removed.keys()));
    }
    if (event instanceof PolicyPut put) {
      return with(event.consumer(), present.withPolicy(Optional.of(put.policy())));
    }
    if (event instanceof PolicyDeleted) {
      return with(event.consumer(), present.withPolicy(Optional.empty()));
    }
    throw new IllegalStateException("no transition for " + event.getClass().getName());
  }

  /** The consumer is gone. */
  Attachments without(ConsumerName consumer) {
    return with(Optional.of(consumer), Attached.NOTHING);
  }

  private Attachments with(Optional<ConsumerName> consumer, Attached next) {
    if (consumer.isEmpty()) {
      return new Attachments(next, consumers);
    }
    NavigableMap<ConsumerName, Attached> all = new TreeMap<>(consumers);
    if (next.equals(Attached.NOTHING)) {
      all.remove(consumer.get());
    } else {
      all.put(consumer.get(), next);
    }
    return new Attachments(stream, all);
  }
}
