package io.millrace.engine.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.capacity.Peaks;
import io.millrace.engine.capacity.RollingQuota;
import io.millrace.engine.capacity.Traffic;
import io.millrace.engine.internal.CborSerializer;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.reshard.PlannedShard;
import io.millrace.engine.reshard.ReshardStep;
import io.millrace.engine.stream.StreamEvent.AttachmentEvent;
import io.millrace.engine.stream.StreamEvent.ConsumerEvent;
import io.millrace.engine.stream.StreamEvent.DeletionStarted;
import io.millrace.engine.stream.StreamEvent.DistributionChanged;
import io.millrace.engine.stream.StreamEvent.EncryptionStarted;
import io.millrace.engine.stream.StreamEvent.EncryptionStopped;
import io.millrace.engine.stream.StreamEvent.ExpiredShardsFreed;
import io.millrace.engine.stream.StreamEvent.MaxRecordSizeChanged;
import io.millrace.engine.stream.StreamEvent.ModeChanged;
import io.millrace.engine.stream.StreamEvent.MonitoringChanged;
import io.millrace.engine.stream.StreamEvent.PeaksNoted;
import io.millrace.engine.stream.StreamEvent.ReshardStarted;
import io.millrace.engine.stream.StreamEvent.RetentionChanged;
import io.millrace.engine.stream.StreamEvent.ShardsExpired;
import io.millrace.engine.stream.StreamEvent.StepFlipped;
import io.millrace.engine.stream.StreamEvent.StreamActivated;
import io.millrace.engine.stream.StreamEvent.StreamCreated;
import io.millrace.engine.stream.StreamEvent.StreamDeleted;
import io.millrace.engine.stream.StreamEvent.WarmThroughputChanged;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The stored form of {@link StreamEvent} and of snapshots of {@link StreamState}. */
public final class StreamEventSerializer extends CborSerializer {

  static final String CREATED = "stream.created.v1";
  static final String ACTIVATED = "stream.activated.v1";
  static final String RETENTION_CHANGED = "stream.retention-changed.v1";
  static final String MAX_RECORD_SIZE_CHANGED = "stream.max-record-size-changed.v1";
  static final String MODE_CHANGED = "stream.mode-changed.v1";
  static final String WARM_THROUGHPUT_CHANGED = "stream.warm-throughput-changed.v1";
  static final String ENCRYPTION_STARTED = "stream.encryption-started.v1";
  static final String ENCRYPTION_STOPPED = "stream.encryption-stopped.v1";
  static final String MONITORING_CHANGED = "stream.monitoring-changed.v1";
  static final String PEAKS_NOTED = "stream.peaks-noted.v1";
  static final String RESHARD_STARTED = "stream.reshard-started.v1";
  static final String STEP_FLIPPED = "stream.step-flipped.v1";
  static final String SHARDS_EXPIRED = "stream.shards-expired.v1";
  static final String EXPIRED_SHARDS_FREED = "stream.expired-shards-freed.v1";
  static final String DELETION_STARTED = "stream.deletion-started.v1";
  static final String DELETED = "stream.deleted.v1";
  static final String DISTRIBUTION_CHANGED = "stream.distribution-changed.v1";

  /** A state whose members may be absent where they say what was so before there was one. */
  static final String STATE = "stream.state.v4";

  /** A state before members could be absent; read, and no longer written. */
  static final String THIRD_STATE = "stream.state.v3";

  /** A state before consumers could be registered; read, and no longer written. */
  static final String SECOND_STATE = "stream.state.v2";

  /** A state before streams could be resharded; read, and no longer written. */
  static final String FIRST_STATE = "stream.state.v1";

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
    if (value instanceof ModeChanged) {
      return MODE_CHANGED;
    }
    if (value instanceof WarmThroughputChanged) {
      return WARM_THROUGHPUT_CHANGED;
    }
    if (value instanceof EncryptionStarted) {
      return ENCRYPTION_STARTED;
    }
    if (value instanceof EncryptionStopped) {
      return ENCRYPTION_STOPPED;
    }
    if (value instanceof MonitoringChanged) {
      return MONITORING_CHANGED;
    }
    if (value instanceof PeaksNoted) {
      return PEAKS_NOTED;
    }
    if (value instanceof ReshardStarted) {
      return RESHARD_STARTED;
    }
    if (value instanceof StepFlipped) {
      return STEP_FLIPPED;
    }
    if (value instanceof ShardsExpired) {
      return SHARDS_EXPIRED;
    }
    if (value instanceof ExpiredShardsFreed) {
      return EXPIRED_SHARDS_FREED;
    }
    if (value instanceof ConsumerEvent event) {
      return ConsumerForms.manifest(event);
    }
    if (value instanceof AttachmentEvent event) {
      return AttachmentForms.manifest(event);
    }
    if (value instanceof DistributionChanged) {
      return DISTRIBUTION_CHANGED;
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
  protected void write(Object value, ObjectNode fields) {
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
    } else if (value instanceof ModeChanged changed) {
      fields.put("mode", changed.mode().name());
      fields.put("changedMillis", changed.changedMillis());
    } else if (value instanceof WarmThroughputChanged changed) {
      fields.put("miBps", changed.miBps());
    } else if (value instanceof EncryptionStarted started) {
      fields.put("key", started.key().value());
      fields.put("startedMillis", started.startedMillis());
    } else if (value instanceof EncryptionStopped stopped) {
      fields.put("stoppedMillis", stopped.stoppedMillis());
    } else if (value instanceof MonitoringChanged changed) {
      write(changed.shardLevelMetrics(), fields);
    } else if (value instanceof PeaksNoted noted) {
      write(noted.peaks(), fields);
    } else if (value instanceof ReshardStarted started) {
      write(started.steps(), fields);
      fields.put("cause", started.cause().name());
      fields.put("startedMillis", started.startedMillis());
    } else if (value instanceof StepFlipped flipped) {
      fields.put("flippedMillis", flipped.flippedMillis());
    } else if (value instanceof ShardsExpired expired) {
      write("shards", expired.shardIds(), fields);
    } else if (value instanceof ExpiredShardsFreed freed) {
      write("shards", freed.shardIds(), fields);
    } else if (value instanceof ConsumerEvent event) {
      ConsumerForms.write(event, fields);
    } else if (value instanceof AttachmentEvent event) {
      AttachmentForms.write(event, fields);
    } else if (value instanceof DistributionChanged changed) {
      fields.put("strategy", changed.strategy().name());
    } else if (value instanceof StreamState state) {
      write(state, fields);
    }
  }

  private static void write(String name, List<ShardId> shardIds, ObjectNode fields) {
    ArrayNode indexes = fields.putArray(name);
    shardIds.forEach(shard -> indexes.add(shard.index()));
  }

  private static void write(Set<MetricsName> metrics, ObjectNode fields) {
    ArrayNode names = fields.putArray("shardLevelMetrics");
    metrics.forEach(metric -> names.add(metric.name()));
  }

  private static void write(Peaks peaks, ObjectNode fields) {
    ArrayNode list = fields.putArray("peaks");
    for (Peaks.Peak peak : peaks.peaks()) {
      list.addObject()
          .put("day", peak.spell())
          .put("bytes", peak.traffic().bytes())
          .put("records", peak.traffic().records());
    }
  }

  private static void write(List<ReshardStep> steps, ObjectNode fields) {
    ArrayNode list = fields.putArray("steps");
    for (ReshardStep step : steps) {
      ObjectNode node = list.addObject();
      write("closing", step.closing(), node);
      ArrayNode shards = node.putArray("shards");
      for (PlannedShard shard : step.shards()) {
        ObjectNode planned = shards.addObject();
        planned.put("index", shard.shardId().index());
        planned.put("range", bytes(shard.range()));
        write("parents", shard.parents(), planned);
        planned.put("passing", shard.passing());
      }
    }
  }

  private static void write(StreamState state, ObjectNode fields) {
    fields.put("name", state.name().value());
    fields.put("incarnation", state.incarnation());
    fields.put("phase", state.phase().name());
    fields.put("createdMillis", state.createdMillis());
    StreamOptions options = state.options();
    fields.put("mode", options.mode().name());
    fields.put("retentionHours", options.retentionHours());
    fields.put("maxRecordKiB", options.maxRecordKiB());
    fields.put("warmMiBps", options.warmMiBps());
    fields.put("expiredMillis", options.expiredMillis());
    ArrayNode updates = fields.putArray("shardCountUpdates");
    options.shardCountUpdates().takenMillis().forEach(updates::add);
    ArrayNode switches = fields.putArray("modeSwitches");
    options.modeSwitches().takenMillis().forEach(switches::add);
    write(state.peaks(), fields);
    write("expired", state.map().expired(), fields);
    write(state.map().reshard().steps(), fields);
    fields.put("stepsDone", state.map().reshard().done());
    ArrayNode shards = fields.putArray("shards");
    for (ShardView shard : state.shards()) {
      ObjectNode node = shards.addObject();
      node.put("index", shard.shardId().index());
      node.put("range", bytes(shard.range()));
      node.put("createdSeconds", shard.createdSeconds());
      node.put("openedMillis", shard.openedMillis());
      write("parents", shard.parents(), node);
      shard.closedMillis().ifPresent(closed -> node.put("closedMillis", closed));
    }
    ConsumerForms.write(state.consumers(), fields);
    write(options.encryption(), fields);
    if (!options.shardLevelMetrics().isEmpty()) {
      write(options.shardLevelMetrics(), fields);
    }
    fields.put("distribution", options.distribution().name());
    AttachmentForms.write(state.attachments(), fields);
  }

  /** Nothing of a stream that was never encrypted. */
  private static void write(EncryptionOption encryption, ObjectNode fields) {
    if (!encryption.equals(EncryptionOption.NONE)) {
      ObjectNode node = fields.putObject("encryption");
      encryption.key().ifPresent(key -> node.put("key", key.value()));
      ArrayNode starts = node.putArray("starts");
      encryption.starts().takenMillis().forEach(starts::add);
      ArrayNode stops = node.putArray("stops");
      encryption.stops().takenMillis().forEach(stops::add);
    }
  }

  @Override
  protected Object read(String manifest, Fields fields) throws IOException {
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
      case MODE_CHANGED ->
          new ModeChanged(StreamMode.valueOf(fields.text("mode")), fields.number("changedMillis"));
      case WARM_THROUGHPUT_CHANGED -> new WarmThroughputChanged(fields.integer("miBps"));
      case ENCRYPTION_STARTED ->
          new EncryptionStarted(new KeyId(fields.text("key")), fields.number("startedMillis"));
      case ENCRYPTION_STOPPED -> new EncryptionStopped(fields.number("stoppedMillis"));
      case MONITORING_CHANGED -> new MonitoringChanged(shardLevelMetrics(fields));
      case PEAKS_NOTED -> new PeaksNoted(peaks(fields));
      case RESHARD_STARTED ->
          new ReshardStarted(
              steps(fields),
              ReshardStarted.Cause.valueOf(fields.text("cause")),
              fields.number("startedMillis"));
      case STEP_FLIPPED -> new StepFlipped(fields.number("flippedMillis"));
      case SHARDS_EXPIRED -> new ShardsExpired(shardIds(fields, "shards"));
      case EXPIRED_SHARDS_FREED -> new ExpiredShardsFreed(shardIds(fields, "shards"));
      case ConsumerForms.REGISTERED -> ConsumerForms.registered(fields);
      case ConsumerForms.ACTIVATED -> ConsumerForms.activated(fields);
      case ConsumerForms.DEREGISTERED -> ConsumerForms.deregistered(fields);
      case ConsumerForms.REMOVED -> ConsumerForms.removed(fields);
      case AttachmentForms.TAGS_ADDED -> AttachmentForms.tagsAdded(fields);
      case AttachmentForms.TAGS_REMOVED -> AttachmentForms.tagsRemoved(fields);
      case AttachmentForms.POLICY_PUT -> AttachmentForms.policyPut(fields);
      case AttachmentForms.POLICY_DELETED -> AttachmentForms.policyDeleted(fields);
      case DISTRIBUTION_CHANGED -> new DistributionChanged(strategy(fields, "strategy"));
      case DELETION_STARTED -> new DeletionStarted();
      case DELETED -> new StreamDeleted();
      case STATE, THIRD_STATE -> state(fields, ConsumerForms.consumers(fields));
      case SECOND_STATE -> state(fields, RegisteredConsumers.NONE);
      case FIRST_STATE ->
          state(
              fields,
              0,
              RollingQuota.ofShardCountUpdates(),
              RollingQuota.ofModeSwitches(),
              List.of(),
              ShardMap.Reshard.NONE,
              Peaks.ofThirtyDays(),
              RegisteredConsumers.NONE);
      default -> throw unknownManifest(manifest);
    };
  }

  private static StreamState state(Fields fields, RegisteredConsumers consumers)
      throws IOException {
    return state(
        fields,
        fields.integer("warmMiBps"),
        quota(RollingQuota.ofShardCountUpdates(), fields, "shardCountUpdates"),
        quota(RollingQuota.ofModeSwitches(), fields, "modeSwitches"),
        shardIds(fields, "expired"),
        new ShardMap.Reshard(steps(fields), fields.integer("stepsDone")),
        peaks(fields),
        consumers);
  }

  private static StreamState state(
      Fields fields,
      int warmMiBps,
      RollingQuota shardCountUpdates,
      RollingQuota modeSwitches,
      List<ShardId> expired,
      ShardMap.Reshard reshard,
      Peaks peaks,
      RegisteredConsumers consumers)
      throws IOException {
    List<ShardView> shards = new ArrayList<>();
    for (JsonNode node : fields.list("shards")) {
      Fields shard = fields.at(node);
      shards.add(
          new ShardView(
              new ShardId(shard.integer("index")),
              range(shard.bytes("range")),
              shard.number("createdSeconds"),
              shard.number("openedMillis"),
              shardIds(shard, "parents"),
              shard.has("closedMillis")
                  ? OptionalLong.of(shard.number("closedMillis"))
                  : OptionalLong.empty()));
    }
    return new StreamState(
        new StreamName(fields.text("name")),
        fields.number("incarnation"),
        StreamState.Phase.valueOf(fields.text("phase")),
        fields.number("createdMillis"),
        new StreamOptions(
            StreamMode.valueOf(fields.text("mode")),
            fields.integer("retentionHours"),
            fields.integer("maxRecordKiB"),
            warmMiBps,
            fields.number("expiredMillis"),
            shardCountUpdates,
            modeSwitches,
            encryption(fields),
            fields.has("shardLevelMetrics") ? shardLevelMetrics(fields) : Set.of(),
            fields.has("distribution")
                ? strategy(fields, "distribution")
                : RecordDistributionStrategy.USER_PARTITION_KEY),
        new ShardMap(shards, expired, reshard),
        peaks,
        consumers,
        AttachmentForms.attachments(fields));
  }

  private static RecordDistributionStrategy strategy(Fields fields, String name)
      throws IOException {
    return RecordDistributionStrategy.valueOf(fields.text(name));
  }

  private static EncryptionOption encryption(Fields fields) throws IOException {
    if (!fields.has("encryption")) {
      return EncryptionOption.NONE;
    }
    Fields encryption = fields.at(fields.node().path("encryption"));
    return new EncryptionOption(
        encryption.has("key") ? Optional.of(new KeyId(encryption.text("key"))) : Optional.empty(),
        quota(RollingQuota.ofEncryptionCalls(), encryption, "starts"),
        quota(RollingQuota.ofEncryptionCalls(), encryption, "stops"));
  }

  private static Set<MetricsName> shardLevelMetrics(Fields fields) throws IOException {
    List<MetricsName> metrics = new ArrayList<>();
    fields
        .list("shardLevelMetrics")
        .forEach(name -> metrics.add(MetricsName.valueOf(name.textValue())));
    return MetricsName.named(metrics);
  }

  private static List<ReshardStep> steps(Fields fields) throws IOException {
    List<ReshardStep> steps = new ArrayList<>();
    for (JsonNode node : fields.list("steps")) {
      Fields step = fields.at(node);
      List<PlannedShard> shards = new ArrayList<>();
      for (JsonNode planned : step.list("shards")) {
        Fields shard = step.at(planned);
        shards.add(
            new PlannedShard(
                new ShardId(shard.integer("index")),
                range(shard.bytes("range")),
                shardIds(shard, "parents"),
                planned.path("passing").booleanValue()));
      }
      steps.add(new ReshardStep(shardIds(step, "closing"), shards));
    }
    return steps;
  }

  private static Peaks peaks(Fields fields) throws IOException {
    Peaks none = Peaks.ofThirtyDays();
    List<Peaks.Peak> peaks = new ArrayList<>();
    for (JsonNode node : fields.list("peaks")) {
      Fields peak = fields.at(node);
      peaks.add(
          new Peaks.Peak(
              peak.number("day"), new Traffic(peak.number("bytes"), peak.number("records"))));
    }
    return new Peaks(none.spellMinutes(), none.spells(), peaks);
  }

  private static List<ShardId> shardIds(Fields fields, String name) throws IOException {
    List<ShardId> shardIds = new ArrayList<>();
    fields.list(name).forEach(index -> shardIds.add(new ShardId(index.intValue())));
    return List.copyOf(shardIds);
  }

  private static RollingQuota quota(RollingQuota fresh, Fields fields, String name)
      throws IOException {
    List<Long> taken = new ArrayList<>();
    fields.list(name).forEach(millis -> taken.add(millis.longValue()));
    return new RollingQuota(fresh.limit(), fresh.windowMillis(), taken);
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
