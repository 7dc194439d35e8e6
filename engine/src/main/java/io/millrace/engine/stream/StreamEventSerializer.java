package io.millrace.engine.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.StreamEvent.DeletionStarted;
import io.millrace.engine.stream.StreamEvent.MaxRecordSizeChanged;
import io.millrace.engine.stream.StreamEvent.RetentionChanged;
import io.millrace.engine.stream.StreamEvent.StreamActivated;
import io.millrace.engine.stream.StreamEvent.StreamCreated;
import io.millrace.engine.stream.StreamEvent.StreamDeleted;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The stored form of {@link StreamEvent} and of snapshots of {@link StreamState}. */
public final class StreamEventSerializer extends CborSerializer {

  static final String CREATED = "stream.created.v1";
  static final String ACTIVATED = "stream.activated.v1";
  static final String RETENTION_CHANGED = "stream.retention-changed.v1";
  static final String MAX_RECORD_SIZE_CHANGED = "stream.max-record-size-changed.v1";
  static final String DELETION_STARTED = "stream.deletion-started.v1";
  static final String DELETED = "stream.deleted.v1";
  static final String STATE = "stream.state.v1";

  private static final int IDENTIFIER = 1_810_002;
  private static final int RANGE_BYTES = 4 * Long.BYTES;

  public StreamEventSerializer() {
    super(IDENTIFIER);
  }

  @Override
  public String manifest(Object value) {
    if (value instanceof StreamCreated) {
      return CREATED;
    }
    if (value instanceof StreamActivated) {
      return ACTIVATED;
    }
    if (value instanceof RetentionChanged) {
      return RETENTION_CHANGED;
    }
    if (value instanceof MaxRecordSizeChanged) {
      return MAX_RECORD_SIZE_CHANGED;
    }
    if (value instanceof DeletionStarted) {
      return DELETION_STARTED;
    }
    if (value instanceof StreamDeleted) {
      return DELETED;
    }
    if (value instanceof StreamState) {
      return STATE;
    }
    throw unknownType(value);
  }

  @Override
  void write(Object value, ObjectNode fields) {
    if (value instanceof StreamCreated created) {
      fields.put("mode", created.mode().name());
      fields.put("createdMillis", created.createdMillis());
      fields.put("createdSeconds", created.createdSeconds());
      ArrayNode ranges = fields.putArray("ranges");
      created.ranges().forEach(range -> ranges.add(bytes(range)));
      fields.put("retentionHours", created.retentionHours());
      fields.put("maxRecordKiB", created.maxRecordKiB());
    } else if (value instanceof RetentionChanged changed) {
      fields.put("hours", changed.hours());
      fields.put("changedMillis", changed.changedMillis());
    } else if (value instanceof MaxRecordSizeChanged changed) {
      fields.put("kib", changed.kib());
    } else if (value instanceof StreamState state) {
      write(state, fields);
    }
  }

  private static void write(StreamState state, ObjectNode fields) {
    fields.put("name", state.name().value());
    fields.put("incarnation", state.incarnation());
    fields.put("phase", state.phase().name());
    fields.put("mode", state.mode().name());
    fields.put("createdMillis", state.createdMillis());
    fields.put("retentionHours", state.retentionHours());
    fields.put("maxRecordKiB", state.maxRecordKiB());
    fields.put("expiredMillis", state.expiredMillis());
    ArrayNode shards = fields.putArray("shards");
    for (ShardView shard : state.shards()) {
      ObjectNode node = shards.addObject();
      node.put("index", shard.shardId().index());
      node.put("range", bytes(shard.range()));
      node.put("createdSeconds", shard.createdSeconds());
      node.put("openedMillis", shard.openedMillis());
      ArrayNode parents = node.putArray("parents");
      shard.parents().forEach(parent -> parents.add(parent.index()));
      shard.closedMillis().ifPresent(closed -> node.put("closedMillis", closed));
    }
  }

  @Override
  Object read(String manifest, Fields fields) throws IOException {
    return switch (manifest) {
      case CREATED ->
          new StreamCreated(
              StreamMode.valueOf(fields.text("mode")),
              fields.number("createdMillis"),
              fields.number("createdSeconds"),
              ranges(fields.list("ranges")),
              fields.integer("retentionHours"),
              fields.integer("maxRecordKiB"));
      case ACTIVATED -> new StreamActivated();
      case RETENTION_CHANGED ->
          new RetentionChanged(fields.integer("hours"), fields.number("changedMillis"));
      case MAX_RECORD_SIZE_CHANGED -> new MaxRecordSizeChanged(fields.integer("kib"));
      case DELETION_STARTED -> new DeletionStarted();
      case DELETED -> new StreamDeleted();
      case STATE -> state(fields);
      default -> throw unknownManifest(manifest);
    };
  }

  private static StreamState state(Fields fields) throws IOException {
    List<ShardView> shards = new ArrayList<>();
    for (JsonNode node : fields.list("shards")) {
      Fields shard = fields.at(node);
      List<ShardId> parents = new ArrayList<>();
      shard.list("parents").forEach(parent -> parents.add(new ShardId(parent.intValue())));
      shards.add(
          new ShardView(
              new ShardId(shard.integer("index")),
              range(shard.bytes("range")),
              shard.number("createdSeconds"),
              shard.number("openedMillis"),
              List.copyOf(parents),
              shard.has("closedMillis")
                  ? OptionalLong.of(shard.number("closedMillis"))
                  : OptionalLong.empty()));
    }
    return new StreamState(
        new StreamName(fields.text("name")),
        fields.number("incarnation"),
        StreamState.Phase.valueOf(fields.text("phase")),
        StreamMode.valueOf(fields.text("mode")),
        fields.number("createdMillis"),
        fields.integer("retentionHours"),
        fields.integer("maxRecordKiB"),
        fields.number("expiredMillis"),
        shards);
  }

  private static List<HashKeyRange> ranges(JsonNode list) throws IOException {
    List<HashKeyRange> ranges = new ArrayList<>(list.size());
    for (JsonNode range : list) {
      ranges.add(range(range.binaryValue()));
    }
    return ranges;
  }

  private static byte[] bytes(HashKeyRange range) {
    return ByteBuffer.allocate(RANGE_BYTES)
        .putLong(range.starting().high())
        .putLong(range.starting().low())
        .putLong(range.ending().high())
        .putLong(range.ending().low())
        .array();
  }

  private static HashKeyRange range(byte[] bytes) throws NotSerializableException {
    if (bytes == null || bytes.length != RANGE_BYTES) {
      throw new NotSerializableException("a range of hash keys has " + RANGE_BYTES + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new HashKeyRange(
        new HashKey(buffer.getLong(), buffer.getLong()),
        new HashKey(buffer.getLong(), buffer.getLong()));
  }
}
