package io.millrace.engine.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.internal.CborSerializer;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.RegistryEvent.CommitmentEndCancelled;
import io.millrace.engine.stream.RegistryEvent.CommitmentEndScheduled;
import io.millrace.engine.stream.RegistryEvent.CommitmentStarted;
import io.millrace.engine.stream.RegistryEvent.EngineFounded;
import io.millrace.engine.stream.RegistryEvent.StreamErased;
import io.millrace.engine.stream.RegistryEvent.StreamForgotten;
import io.millrace.engine.stream.RegistryEvent.StreamNamed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** The stored form of {@link RegistryEvent} and of snapshots of {@link RegistryState}. */
public final class RegistryEventSerializer extends CborSerializer {

  static final String ENGINE_FOUNDED = "registry.engine-founded.v1";
  static final String STREAM_NAMED = "registry.stream-named.v3";
  static final String STREAM_FORGOTTEN = "registry.stream-forgotten.v1";
  static final String STREAM_ERASED = "registry.stream-erased.v1";
  static final String COMMITMENT_STARTED = "registry.commitment-started.v1";
  static final String COMMITMENT_END_SCHEDULED = "registry.commitment-end-scheduled.v1";
  static final String COMMITMENT_END_CANCELLED = "registry.commitment-end-cancelled.v1";
  static final String STATE = "registry.state.v3";

  // Those before streams were created with tags; read, and no longer written.
  static final String SECOND_STREAM_NAMED = "registry.stream-named.v2";
  static final String SECOND_STATE = "registry.state.v2";

  // Those before accounts could be committed; read, and no longer written.
  static final String FIRST_STREAM_NAMED = "registry.stream-named.v1";
  static final String FIRST_STATE = "registry.state.v1";

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
    if (value instanceof CommitmentStarted) {
      return COMMITMENT_STARTED;
    }
    if (value instanceof CommitmentEndScheduled) {
      return COMMITMENT_END_SCHEDULED;
    }
    if (value instanceof CommitmentEndCancelled) {
      return COMMITMENT_END_CANCELLED;
    }
    if (value instanceof RegistryState) {
      return STATE;
    }
    throw unknownType(value);
  }

  @Override
  protected void write(Object value, ObjectNode fields) {
    if (value instanceof EngineFounded founded) {
      writeFounding(founded, fields);
    } else if (value instanceof StreamNamed named) {
      writeStream(named.name(), named.incarnation(), named.parameters(), fields);
    } else if (value instanceof StreamForgotten forgotten) {
      writeLife(forgotten.name(), forgotten.incarnation(), fields);
    } else if (value instanceof StreamErased erased) {
      writeLife(erased.name(), erased.incarnation(), fields);
    } else if (value instanceof CommitmentStarted started) {
      fields.put("startedMillis", started.startedMillis());
    } else if (value instanceof CommitmentEndScheduled scheduled) {
      fields.put("endMillis", scheduled.endMillis());
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
      Commitment commitment = state.commitment();
      commitment.startedMillis().ifPresent(started -> fields.put("commitmentStarted", started));
      commitment.endMillis().ifPresent(end -> fields.put("commitmentEnd", end));
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
    fields.put("warmMiBps", parameters.warmMiBps());
    fields.put("distribution", parameters.distribution().name());
    AttachmentForms.writeTags(parameters.tags(), fields);
  }

  @Override
  protected Object read(String manifest, Fields fields) throws IOException {
    return switch (manifest) {
      case ENGINE_FOUNDED -> founding(fields);
      case STREAM_NAMED, SECOND_STREAM_NAMED -> named(stream(fields, fields.integer("warmMiBps")));
      case STREAM_FORGOTTEN -> new StreamForgotten(name(fields), fields.number("incarnation"));
      case STREAM_ERASED -> new StreamErased(name(fields), fields.number("incarnation"));
      case COMMITMENT_STARTED -> new CommitmentStarted(fields.number("startedMillis"));
      case COMMITMENT_END_SCHEDULED -> new CommitmentEndScheduled(fields.number("endMillis"));
      case COMMITMENT_END_CANCELLED -> new CommitmentEndCancelled();
      case STATE, SECOND_STATE -> {
        List<NamedStream> streams = new ArrayList<>();
        for (JsonNode node : fields.list("streams")) {
          Fields stream = fields.at(node);
          streams.add(stream(stream, stream.integer("warmMiBps")));
        }
        yield state(
            fields,
            streams,
            new Commitment(
                optional(fields, "commitmentStarted"), optional(fields, "commitmentEnd")));
      }
      case FIRST_STREAM_NAMED -> named(stream(fields, 0));
      case FIRST_STATE -> {
        List<NamedStream> streams = new ArrayList<>();
        for (JsonNode node : fields.list("streams")) {
          streams.add(stream(fields.at(node), 0));
        }
        yield state(fields, streams, Commitment.NONE);
      }
      default -> throw unknownManifest(manifest);
    };
  }

  private static OptionalLong optional(Fields fields, String name) throws IOException {
    return fields.has(name) ? OptionalLong.of(fields.number(name)) : OptionalLong.empty();
  }

  private static StreamNamed named(NamedStream stream) {
    return new StreamNamed(stream.name(), stream.incarnation(), stream.parameters());
  }

  private static RegistryState state(
      Fields fields, List<NamedStream> streams, Commitment commitment) throws IOException {
    SortedMap<StreamName, NamedStream> byName = new TreeMap<>();
    streams.forEach(stream -> byName.put(stream.name(), stream));
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
        byName,
        remains,
        commitment);
  }

  private static EngineFounded founding(Fields fields) throws IOException {
    return new EngineFounded(
        fields.text("engineId"),
        Payload.wrap(fields.bytes("tokenSecret")),
        fields.number("foundedMillis"));
  }

  private static NamedStream stream(Fields fields, int warmMiBps) throws IOException {
    return new NamedStream(
        name(fields),
        fields.number("incarnation"),
        new StreamParameters(
            StreamMode.valueOf(fields.text("mode")),
            fields.integer("shardCount"),
            fields.integer("maxRecordKiB"),
            warmMiBps,
            fields.has("distribution")
                ? RecordDistributionStrategy.valueOf(fields.text("distribution"))
                : RecordDistributionStrategy.USER_PARTITION_KEY,
            fields.has("tags") ? AttachmentForms.tags(fields) : Map.of()));
  }

  private static StreamName name(Fields fields) throws IOException {
    return new StreamName(fields.text("name"));
  }
}
