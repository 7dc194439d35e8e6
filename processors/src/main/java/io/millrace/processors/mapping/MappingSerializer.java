package io.millrace.processors.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.model.ShardIteratorType;
import io.millrace.engine.model.StreamName;
import io.millrace.processors.api.FilterCriteria;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.api.OnFailure;
import io.millrace.processors.api.ProcessorException;
import io.millrace.processors.mapping.MappingEvent.MappingChanged;
import io.millrace.processors.mapping.MappingEvent.MappingCreated;
import io.millrace.processors.mapping.MappingEvent.MappingDeleted;
import io.millrace.processors.mapping.MappingEvent.MappingDeletionStarted;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * The stored form of {@link MappingEvent} and of snapshots of {@link MappingsState}: CBOR maps with
 * named fields. Class names are never stored; a field that a reader does not know is passed over.
 */
public final class MappingSerializer extends SerializerWithStringManifest {

  static final String CREATED = "mapping.created.v1";
  static final String CHANGED = "mapping.changed.v1";
  static final String DELETION_STARTED = "mapping.deletion-started.v1";
  static final String DELETED = "mapping.deleted.v1";
  static final String STATE = "mapping.state.v1";

  private static final int IDENTIFIER = 1_810_401;
  private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object value) {
    if (value instanceof MappingCreated) {
      return CREATED;
    }
    if (value instanceof MappingChanged) {
      return CHANGED;
    }
    if (value instanceof MappingDeletionStarted) {
      return DELETION_STARTED;
    }
    if (value instanceof MappingDeleted) {
      return DELETED;
    }
    if (value instanceof MappingsState) {
      return STATE;
    }
    throw new IllegalArgumentException("cannot write a " + value.getClass().getName());
  }

  @Override
  public byte[] toBinary(Object value) {
    ObjectNode fields = CBOR.createObjectNode();
    if (value instanceof MappingCreated created) {
      write(created.mapping(), fields);
    } else if (value instanceof MappingChanged changed) {
      fields
          .put("uuid", changed.uuid())
          .put("functionName", changed.functionName())
          .put("enabled", changed.isEnabled())
          .put("atMillis", changed.atMillis());
      write(changed.options(), fields.putObject("options"));
    } else if (value instanceof MappingDeletionStarted started) {
      fields.put("uuid", started.uuid()).put("atMillis", started.atMillis());
    } else if (value instanceof MappingDeleted deleted) {
      fields.put("uuid", deleted.uuid());
    } else if (value instanceof MappingsState state) {
      ArrayNode mappings = fields.putArray("mappings");
      state.mappings().values().forEach(mapping -> write(mapping, mappings.addObject()));
    }
    try {
      return CBOR.writeValueAsBytes(fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Mapping mapping, ObjectNode fields) {
    fields
        .put("uuid", mapping.uuid())
        .put("eventSourceArn", mapping.eventSourceArn())
        .put("streamName", mapping.streamName().value())
        .put("functionName", mapping.functionName())
        .put("startingPosition", mapping.startingPosition().type().name());
    Instant timestamp = mapping.startingPosition().timestamp();
    if (timestamp != null) {
      fields.put("startingMillis", timestamp.toEpochMilli());
    }
    fields
        .put("enabled", mapping.isEnabled())
        .put("deleting", mapping.isDeleting())
        .put("lastModifiedMillis", mapping.lastModifiedMillis());
    write(mapping.options(), fields.putObject("options"));
    if (!mapping.tags().isEmpty()) {
      ObjectNode tags = fields.putObject("tags");
      new TreeMap<>(mapping.tags()).forEach(tags::put);
    }
  }

  private static void write(MappingOptions options, ObjectNode fields) {
    fields
        .put("batchSize", options.batchSize())
        .put("batchingWindowSeconds", options.maximumBatchingWindowInSeconds())
        .put("factor", options.parallelizationFactor())
        .put("bisect", options.bisectBatchOnFunctionError())
        .put("maxRetries", options.maximumRetryAttempts())
        .put("maxAgeSeconds", options.maximumRecordAgeInSeconds())
        .put("reportItemFailures", options.reportBatchItemFailures())
        .put("tumblingWindowSeconds", options.tumblingWindowInSeconds());
    options.onFailure().ifPresent(to -> fields.put("onFailure", to.reference()));
    options.kmsKeyArn().ifPresent(arn -> fields.put("kmsKeyArn", arn));
    ArrayNode filters = fields.putArray("filters");
    options.filterCriteria().patterns().forEach(filters::add);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try {
      JsonNode fields = CBOR.readTree(bytes);
      return switch (manifest) {
        case CREATED -> new MappingCreated(mapping(fields));
        case CHANGED ->
            new MappingChanged(
                text(fields, "uuid"),
                text(fields, "functionName"),
                fields.required("enabled").booleanValue(),
                options(fields.required("options")),
                fields.required("atMillis").longValue());
        case DELETION_STARTED ->
            new MappingDeletionStarted(
                text(fields, "uuid"), fields.required("atMillis").longValue());
        case DELETED -> new MappingDeleted(text(fields, "uuid"));
        case STATE -> {
          SortedMap<String, Mapping> mappings = new TreeMap<>();
          for (JsonNode node : fields.required("mappings")) {
            Mapping mapping = mapping(node);
            mappings.put(mapping.uuid(), mapping);
          }
          yield new MappingsState(mappings);
        }
        default ->
            throw new IllegalArgumentException(
                "unknown manifest; it may have been written by a newer release");
      };
    } catch (IOException | IllegalArgumentException | ProcessorException unreadable) {
      NotSerializableException failure =
          new NotSerializableException(
              "cannot read '%s': %s".formatted(manifest, unreadable.getMessage()));
      failure.initCause(unreadable);
      throw failure;
    }
  }

  private static Mapping mapping(JsonNode fields) {
    return new Mapping(
        text(fields, "uuid"),
        text(fields, "eventSourceArn"),
        new StreamName(text(fields, "streamName")),
        text(fields, "functionName"),
        new StartingPosition(
            ShardIteratorType.valueOf(text(fields, "startingPosition")),
            null,
            fields.has("startingMillis")
                ? Instant.ofEpochMilli(fields.get("startingMillis").longValue())
                : null),
        options(fields.required("options")),
        tags(fields),
        fields.required("enabled").booleanValue(),
        fields.required("deleting").booleanValue(),
        fields.required("lastModifiedMillis").longValue());
  }

  private static MappingOptions options(JsonNode fields) {
    List<String> filters = new ArrayList<>();
    fields.required("filters").forEach(filter -> filters.add(filter.textValue()));
    return new MappingOptions(
        fields.required("batchSize").intValue(),
        fields.required("batchingWindowSeconds").intValue(),
        fields.required("factor").intValue(),
        fields.required("bisect").booleanValue(),
        fields.required("maxRetries").intValue(),
        fields.required("maxAgeSeconds").intValue(),
        Optional.ofNullable(fields.get("onFailure")).map(JsonNode::textValue).map(OnFailure::parse),
        fields.required("reportItemFailures").booleanValue(),
        fields.required("tumblingWindowSeconds").intValue(),
        new FilterCriteria(filters),
        Optional.ofNullable(fields.get("kmsKeyArn")).map(JsonNode::textValue));
  }

  /** None were stored before there were any. */
  private static Map<String, String> tags(JsonNode fields) {
    Map<String, String> tags = new HashMap<>();
    fields
        .path("tags")
        .fields()
        .forEachRemaining(tag -> tags.put(tag.getKey(), tag.getValue().textValue()));
    return tags;
  }

  private static String text(JsonNode fields, String name) {
    return fields.required(name).asText();
  }
}
