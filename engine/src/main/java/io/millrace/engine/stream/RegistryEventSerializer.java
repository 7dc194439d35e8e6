package io.millrace.engine.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.RegistryEvent.EngineFounded;
import io.millrace.engine.stream.RegistryEvent.StreamErased;
import io.millrace.engine.stream.RegistryEvent.StreamForgotten;
import io.millrace.engine.stream.RegistryEvent.StreamNamed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The stored form of {@link RegistryEvent} and of snapshots of {@link RegistryState}. */
public final class RegistryEventSerializer extends CborSerializer {

  static final String ENGINE_FOUNDED = "registry.engine-founded.v1";
  static final String STREAM_NAMED = "registry.stream-named.v1";
  static final String STREAM_FORGOTTEN = "registry.stream-forgotten.v1";
  static final String STREAM_ERASED = "registry.stream-erased.v1";
  static final String STATE = "registry.state.v1";

  private static final int IDENTIFIER = 1_810_001;

  public RegistryEventSerializer() {
    super(IDENTIFIER);
  }

  @Override
  public String manifest(Object value) {
    if (value instanceof EngineFounded) {
      return ENGINE_FOUNDED;
    }
    if (value instanceof StreamNamed) {
      return STREAM_NAMED;
    }
    if (value instanceof StreamForgotten) {
      return STREAM_FORGOTTEN;
    }
    if (value instanceof StreamErased) {
      return STREAM_ERASED;
    }
    if (value instanceof RegistryState) {
      return STATE;
    }
    throw unknownType(value);
  }

  @Override
  void write(Object value, ObjectNode fields) {
    if (value instanceof EngineFounded founded) {
      writeFounding(founded, fields);
    } else if (value instanceof StreamNamed named) {
      writeStream(named.name(), named.incarnation(), named.parameters(), fields);
    } else if (value instanceof StreamForgotten forgotten) {
      writeLife(forgotten.name(), forgotten.incarnation(), fields);
    } else if (value instanceof StreamErased erased) {
      writeLife(erased.name(), erased.incarnation(), fields);
    } else if (value instanceof RegistryState state) {
      state.founding().ifPresent(founding -> writeFounding(founding, fields.putObject("founding")));
      fields.put("lastIncarnation", state.lastIncarnation());
      ArrayNode streams = fields.putArray("streams");
      for (NamedStream stream : state.streams().values()) {
        writeStream(stream.name(), stream.incarnation(), stream.parameters(), streams.addObject());
      }
      ArrayNode remains = fields.putArray("remains");
      state
          .remains()
          .forEach(left -> writeLife(left.name(), left.incarnation(), remains.addObject()));
    }
  }

  private static void writeFounding(EngineFounded founding, ObjectNode fields) {
    fields.put("engineId", founding.engineId());
    fields.put("tokenSecret", founding.tokenSecret().toByteArray());
    fields.put("foundedMillis", founding.foundedMillis());
  }

  private static void writeLife(StreamName name, long incarnation, ObjectNode fields) {
    fields.put("name", name.value());
    fields.put("incarnation", incarnation);
  }

  private static void writeStream(
      StreamName name, long incarnation, StreamParameters parameters, ObjectNode fields) {
    writeLife(name, incarnation, fields);
    fields.put("mode", parameters.mode().name());
    fields.put("shardCount", parameters.shardCount());
    fields.put("maxRecordKiB", parameters.maxRecordKiB());
  }

  @Override
  Object read(String manifest, Fields fields) throws IOException {
    return switch (manifest) {
      case ENGINE_FOUNDED -> founding(fields);
      case STREAM_NAMED -> {
        NamedStream stream = stream(fields);
        yield new StreamNamed(stream.name(), stream.incarnation(), stream.parameters());
      }
      case STREAM_FORGOTTEN -> new StreamForgotten(name(fields), fields.number("incarnation"));
      case STREAM_ERASED -> new StreamErased(name(fields), fields.number("incarnation"));
      case STATE -> state(fields);
      default -> throw unknownManifest(manifest);
    };
  }

  private static RegistryState state(Fields fields) throws IOException {
    SortedMap<StreamName, NamedStream> streams = new TreeMap<>();
    for (JsonNode node : fields.list("streams")) {
      NamedStream stream = stream(fields.at(node));
      streams.put(stream.name(), stream);
    }
    List<Remains> remains = new ArrayList<>();
    for (JsonNode node : fields.list("remains")) {
      Fields left = fields.at(node);
      remains.add(new Remains(name(left), left.number("incarnation")));
    }
    return new RegistryState(
        fields.has("founding")
            ? Optional.of(founding(fields.at(fields.node().get("founding"))))
            : Optional.empty(),
        fields.number("lastIncarnation"),
        streams,
        remains);
  }

  private static EngineFounded founding(Fields fields) throws IOException {
    return new EngineFounded(
        fields.text("engineId"),
        Payload.wrap(fields.bytes("tokenSecret")),
        fields.number("foundedMillis"));
  }

  private static NamedStream stream(Fields fields) throws IOException {
    return new NamedStream(
        name(fields),
        fields.number("incarnation"),
        new StreamParameters(
            StreamMode.valueOf(fields.text("mode")),
            fields.integer("shardCount"),
            fields.integer("maxRecordKiB")));
  }

  private static StreamName name(Fields fields) throws IOException {
    return new StreamName(fields.text("name"));
  }
}
