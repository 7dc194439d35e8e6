package io.millrace.engine.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.internal.CborSerializer.Fields;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.stream.StreamEvent.AttachmentEvent;
import io.millrace.engine.stream.StreamEvent.PolicyDeleted;
import io.millrace.engine.stream.StreamEvent.PolicyPut;
import io.millrace.engine.stream.StreamEvent.TagsAdded;
import io.millrace.engine.stream.StreamEvent.TagsRemoved;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The stored form of {@link AttachmentEvent}, and of {@link Attachments} in snapshots. */
final class AttachmentForms {

  static final String TAGS_ADDED = "stream.tags-added.v1";
  static final String TAGS_REMOVED = "stream.tags-removed.v1";
  static final String POLICY_PUT = "stream.policy-put.v1";
  static final String POLICY_DELETED = "stream.policy-deleted.v1";

  private AttachmentForms() {}

  static String manifest(AttachmentEvent event) {
    if (event instanceof TagsAdded) {
      return TAGS_ADDED;
    }
    if (event instanceof TagsRemoved) {
      return TAGS_REMOVED;
    }
    return event instanceof PolicyPut ? POLICY_PUT : POLICY_DELETED;
  }

  static void write(AttachmentEvent event, ObjectNode fields) {
    event.consumer().ifPresent(consumer -> fields.put("consumer", consumer.value()));
    if (event instanceof TagsAdded added) {
      writeTags(added.tags(), fields);
    } else if (event instanceof TagsRemoved removed) {
      ArrayNode keys = fields.putArray("keys");
      removed.keys().forEach(keys::add);
    } else if (event instanceof PolicyPut put) {
      fields.put("policy", put.policy());
    }
  }

  static TagsAdded tagsAdded(Fields fields) throws IOException {
    return new TagsAdded(consumer(fields), tags(fields));
  }

  static TagsRemoved tagsRemoved(Fields fields) throws IOException {
    List<String> keys = new ArrayList<>();
    fields.list("keys").forEach(key -> keys.add(key.textValue()));
    return new TagsRemoved(consumer(fields), keys);
  }

  static PolicyPut policyPut(Fields fields) throws IOException {
    return new PolicyPut(consumer(fields), fields.text("policy"));
  }

  static PolicyDeleted policyDeleted(Fields fields) throws IOException {
    return new PolicyDeleted(consumer(fields));
  }

  private static Optional<ConsumerName> consumer(Fields fields) throws IOException {
    return fields.has("consumer")
        ? Optional.of(new ConsumerName(fields.text("consumer")))
        : Optional.empty();
  }

  /** Nothing is written of what has nothing attached. */
  static void write(Attachments attachments, ObjectNode fields) {
    write(attachments.stream(), fields);
    if (!attachments.consumers().isEmpty()) {
      ArrayNode list = fields.putArray("consumerAttachments");
      attachments
          .consumers()
          .forEach(
              (name, attached) -> {
                ObjectNode node = list.addObject();
                node.put("consumer", name.value());
                write(attached, node);
              });
    }
  }

  private static void write(Attached attached, ObjectNode fields) {
    if (!attached.tags().isEmpty()) {
      writeTags(attached.tags(), fields);
    }
    attached.policy().ifPresent(policy -> fields.put("policy", policy));
  }

  static Attachments attachments(Fields fields) throws IOException {
    NavigableMap<ConsumerName, Attached> consumers = new TreeMap<>();
    if (fields.has("consumerAttachments")) {
      for (JsonNode node : fields.list("consumerAttachments")) {
        Fields consumer = fields.at(node);
        consumers.put(consumer(consumer).orElseThrow(), attached(consumer));
      }
    }
    return new Attachments(attached(fields), consumers);
  }

  private static Attached attached(Fields fields) throws IOException {
    return new Attached(
        fields.has("tags") ? tags(fields) : new TreeMap<>(),
        fields.has("policy") ? Optional.of(fields.text("policy")) : Optional.empty());
  }

  /** Sorted, so that equal tags have equal bytes. */
  static void writeTags(Map<String, String> tags, ObjectNode fields) {
    ObjectNode node = fields.putObject("tags");
    new TreeMap<>(tags).forEach(node::put);
  }

  static NavigableMap<String, String> tags(Fields fields) throws IOException {
    JsonNode node = fields.node().path("tags");
    if (!node.isObject()) {
      throw new NotSerializableException(
          "'%s' lacks a readable field 'tags'".formatted(fields.manifest()));
    }
    NavigableMap<String, String> tags = new TreeMap<>();
    node.fields().forEachRemaining(tag -> tags.put(tag.getKey(), tag.getValue().textValue()));
    return tags;
  }
}
