package io.millrace.engine.coordinator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.coordinator.CoordinatorEvent.ApplicationBound;
import io.millrace.engine.coordinator.CoordinatorEvent.ApplicationDeleted;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointPrepared;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten.Written;
import io.millrace.engine.coordinator.CoordinatorEvent.HandOffsBegun;
import io.millrace.engine.coordinator.CoordinatorEvent.HandOffsBegun.HandOff;
import io.millrace.engine.coordinator.CoordinatorEvent.LatestFixed;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned.Assigned;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated.Created;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesReleased;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesRemoved;
import io.millrace.engine.coordinator.CoordinatorState.Binding;
import io.millrace.engine.internal.CborSerializer;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The stored form of {@link CoordinatorEvent} and of snapshots of {@link CoordinatorState}. */
public final class CoordinatorEventSerializer extends CborSerializer {

  static final String APPLICATION_BOUND = "coordinator.application-bound.v1";
  static final String LEASES_CREATED = "coordinator.leases-created.v1";
  static final String LATEST_FIXED = "coordinator.latest-fixed.v1";
  static final String LEASES_ASSIGNED = "coordinator.leases-assigned.v1";
  static final String HAND_OFFS_BEGUN = "coordinator.hand-offs-begun.v1";
  static final String LEASES_RELEASED = "coordinator.leases-released.v1";
  static final String CHECKPOINTS_WRITTEN = "coordinator.checkpoints-written.v1";
  static final String CHECKPOINT_PREPARED = "coordinator.checkpoint-prepared.v1";
  static final String LEASES_REMOVED = "coordinator.leases-removed.v1";
  static final String APPLICATION_DELETED = "coordinator.application-deleted.v1";
  static final String STATE = "coordinator.state.v1";

  private static final int IDENTIFIER = 1_810_004;

  private static final Map<Class<?>, String> MANIFESTS =
      Map.ofEntries(
          Map.entry(ApplicationBound.class, APPLICATION_BOUND),
          Map.entry(LeasesCreated.class, LEASES_CREATED),
          Map.entry(LatestFixed.class, LATEST_FIXED),
          Map.entry(LeasesAssigned.class, LEASES_ASSIGNED),
          Map.entry(HandOffsBegun.class, HAND_OFFS_BEGUN),
          Map.entry(LeasesReleased.class, LEASES_RELEASED),
          Map.entry(CheckpointsWritten.class, CHECKPOINTS_WRITTEN),
          Map.entry(CheckpointPrepared.class, CHECKPOINT_PREPARED),
          Map.entry(LeasesRemoved.class, LEASES_REMOVED),
          Map.entry(ApplicationDeleted.class, APPLICATION_DELETED),
          Map.entry(CoordinatorState.class, STATE));

  /** Named in configuration. */
  public CoordinatorEventSerializer() {
    super(IDENTIFIER);
  }

  @Override
  public String manifest(Object value) {
    String manifest = MANIFESTS.get(value.getClass());
    if (manifest == null) {
      throw unknownType(value);
    }
    return manifest;
  }

  // Writing.

  @Override
  protected void write(Object value, ObjectNode fields) {
    if (value instanceof ApplicationBound bound) {
      writeBinding(bound.stream(), bound.incarnation(), bound.initialPosition(), fields);
    } else if (value instanceof LeasesCreated created) {
      ArrayNode leases = fields.putArray("leases");
      for (Created lease : created.leases()) {
        ObjectNode node = leases.addObject();
        node.put("shard", lease.shardId().index());
        writeShards(lease.parents(), node.putArray("parents"));
        writePosition(lease.checkpoint(), node.putObject("checkpoint"));
      }
    } else if (value instanceof LatestFixed fixed) {
      fields.put("shard", fixed.shardId().index());
      writePosition(fixed.position(), fields.putObject("position"));
    } else if (value instanceof LeasesAssigned assigned) {
      ArrayNode leases = fields.putArray("leases");
      for (Assigned lease : assigned.leases()) {
        ObjectNode node = leases.addObject();
        node.put("shard", lease.shardId().index());
        writeOwner(lease.owner(), node);
        node.put("epoch", lease.epoch());
      }
    } else if (value instanceof HandOffsBegun begun) {
      ArrayNode leases = fields.putArray("leases");
      for (HandOff lease : begun.leases()) {
        leases.addObject().put("shard", lease.shardId().index()).put("to", lease.toWorkerId());
      }
    } else if (value instanceof LeasesReleased released) {
      writeShards(released.shardIds(), fields.putArray("shards"));
      fields.put("cause", released.cause().name());
    } else if (value instanceof CheckpointsWritten written) {
      ArrayNode checkpoints = fields.putArray("checkpoints");
      for (Written checkpoint : written.checkpoints()) {
        ObjectNode node = checkpoints.addObject();
        node.put("shard", checkpoint.shardId().index());
        writePosition(checkpoint.position(), node.putObject("position"));
        checkpoint.state().ifPresent(state -> node.put("state", state.toByteArray()));
      }
    } else if (value instanceof CheckpointPrepared prepared) {
      fields.put("shard", prepared.shardId().index());
      writePending(new Lease.Pending(prepared.position(), prepared.state()), fields);
    } else if (value instanceof LeasesRemoved removed) {
      writeShards(removed.shardIds(), fields.putArray("shards"));
    } else if (value instanceof CoordinatorState state) {
      writeState(state, fields);
    }
  }

  private static void writeState(CoordinatorState state, ObjectNode fields) {
    state
        .binding()
        .ifPresent(
            bound ->
                writeBinding(
                    bound.stream(),
                    bound.incarnation(),
                    bound.initialPosition(),
                    fields.putObject("binding")));
    fields.put("lastEpoch", state.lastEpoch());
    fields.put("revision", state.revision());
    ArrayNode leases = fields.putArray("leases");
    for (Lease lease : state.leases().values()) {
      ObjectNode node = leases.addObject();
      node.put("shard", lease.shardId().index());
      writeShards(lease.parents(), node.putArray("parents"));
      lease.owner().ifPresent(owner -> writeOwner(owner, node));
      node.put("epoch", lease.epoch());
      writePosition(lease.checkpoint(), node.putObject("checkpoint"));
      lease.state().ifPresent(stored -> node.put("state", stored.toByteArray()));
      lease.pending().ifPresent(pending -> writePending(pending, node.putObject("pending")));
      lease.handOffTo().ifPresent(to -> node.put("to", to));
      node.put("switches", lease.ownerSwitches());
    }
  }

  private static void writeBinding(
      StreamName stream, long incarnation, CheckpointPosition initial, ObjectNode fields) {
    fields.put("stream", stream.value());
    fields.put("incarnation", incarnation);
    writePosition(initial, fields.putObject("initial"));
  }

  private static void writePending(Lease.Pending pending, ObjectNode fields) {
    writePosition(pending.position(), fields.putObject("position"));
    fields.put("state", pending.state().toByteArray());
  }

  private static void writeOwner(WorkerIdentity owner, ObjectNode fields) {
    fields.put("owner", owner.workerId());
    fields.put("session", owner.session());
  }

  private static void writeShards(List<ShardId> shards, ArrayNode array) {
    shards.forEach(shard -> array.add(shard.index()));
  }

  private static void writePosition(CheckpointPosition position, ObjectNode fields) {
    fields.put("kind", position.kind().name());
    position.epochMillis().ifPresent(millis -> fields.put("millis", millis));
    position
        .sequenceNumber()
        .ifPresent(
            number ->
                fields.put("number", number.toString()).put("sub", position.subSequenceNumber()));
  }

  // Reading.

  @Override
  protected Object read(String manifest, Fields fields) throws IOException {
    return switch (manifest) {
      case APPLICATION_BOUND -> {
        Binding bound = binding(fields);
        yield new ApplicationBound(bound.stream(), bound.incarnation(), bound.initialPosition());
      }
      case LEASES_CREATED -> {
        List<Created> leases = new ArrayList<>();
        for (JsonNode node : fields.list("leases")) {
          Fields lease = fields.at(node);
          leases.add(
              new Created(shard(lease), shards(lease, "parents"), position(lease, "checkpoint")));
        }
        yield new LeasesCreated(leases);
      }
      case LATEST_FIXED -> new LatestFixed(shard(fields), position(fields, "position"));
      case LEASES_ASSIGNED -> {
        List<Assigned> leases = new ArrayList<>();
        for (JsonNode node : fields.list("leases")) {
          Fields lease = fields.at(node);
          leases.add(new Assigned(shard(lease), owner(lease), lease.number("epoch")));
        }
        yield new LeasesAssigned(leases);
      }
      case HAND_OFFS_BEGUN -> {
        List<HandOff> leases = new ArrayList<>();
        for (JsonNode node : fields.list("leases")) {
          Fields lease = fields.at(node);
          leases.add(new HandOff(shard(lease), lease.text("to")));
        }
        yield new HandOffsBegun(leases);
      }
      case LEASES_RELEASED ->
          new LeasesReleased(
              shards(fields, "shards"), LeasesReleased.Cause.valueOf(fields.text("cause")));
      case CHECKPOINTS_WRITTEN -> {
        List<Written> checkpoints = new ArrayList<>();
        for (JsonNode node : fields.list("checkpoints")) {
          Fields checkpoint = fields.at(node);
          checkpoints.add(
              new Written(shard(checkpoint), position(checkpoint, "position"), bytes(checkpoint)));
        }
        yield new CheckpointsWritten(checkpoints);
      }
      case CHECKPOINT_PREPARED -> {
        Lease.Pending pending = pending(fields);
        yield new CheckpointPrepared(shard(fields), pending.position(), pending.state());
      }
      case LEASES_REMOVED -> new LeasesRemoved(shards(fields, "shards"));
      case APPLICATION_DELETED -> new ApplicationDeleted();
      case STATE -> state(fields);
      default -> throw unknownManifest(manifest);
    };
  }

  private static CoordinatorState state(Fields fields) throws IOException {
    TreeMap<ShardId, Lease> leases = new TreeMap<>();
    for (JsonNode node : fields.list("leases")) {
      Fields lease = fields.at(node);
      leases.put(
          shard(lease),
          new Lease(
              shard(lease),
              shards(lease, "parents"),
              lease.has("owner") ? Optional.of(owner(lease)) : Optional.empty(),
              lease.number("epoch"),
              position(lease, "checkpoint"),
              bytes(lease),
              lease.has("pending")
                  ? Optional.of(pending(lease.at(lease.node().get("pending"))))
                  : Optional.empty(),
              lease.has("to") ? Optional.of(lease.text("to")) : Optional.empty(),
              lease.integer("switches")));
    }
    return new CoordinatorState(
        fields.has("binding")
            ? Optional.of(binding(fields.at(fields.node().get("binding"))))
            : Optional.empty(),
        fields.number("lastEpoch"),
        fields.number("revision"),
        leases);
  }

  private static Binding binding(Fields fields) throws IOException {
    return new Binding(
        new StreamName(fields.text("stream")),
        fields.number("incarnation"),
        position(fields, "initial"));
  }

  private static Lease.Pending pending(Fields fields) throws IOException {
    return new Lease.Pending(position(fields, "position"), Payload.wrap(fields.bytes("state")));
  }

  private static WorkerIdentity owner(Fields fields) throws IOException {
    return new WorkerIdentity(fields.text("owner"), fields.text("session"));
  }

  private static Optional<Payload> bytes(Fields fields) throws IOException {
    return fields.has("state")
        ? Optional.of(Payload.wrap(fields.bytes("state")))
        : Optional.empty();
  }

  private static ShardId shard(Fields fields) throws IOException {
    return new ShardId(fields.integer("shard"));
  }

  private static List<ShardId> shards(Fields fields, String name) throws IOException {
    List<ShardId> shards = new ArrayList<>();
    for (JsonNode node : fields.list(name)) {
      shards.add(new ShardId(node.intValue()));
    }
    return shards;
  }

  private static CheckpointPosition position(Fields parent, String name) throws IOException {
    Fields fields = parent.at(parent.node().path(name));
    return switch (CheckpointPosition.Kind.valueOf(fields.text("kind"))) {
      case AT_TIMESTAMP ->
          CheckpointPosition.atTimestamp(Instant.ofEpochMilli(fields.number("millis")));
      case TRIM_HORIZON -> CheckpointPosition.TRIM_HORIZON;
      case LATEST -> CheckpointPosition.LATEST;
      case NUMBER ->
          CheckpointPosition.after(
              SequenceNumber.parse(fields.text("number")), fields.number("sub"));
      case SHARD_END -> CheckpointPosition.SHARD_END;
    };
  }
}
