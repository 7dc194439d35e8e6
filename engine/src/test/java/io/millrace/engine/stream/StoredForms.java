package io.millrace.engine.stream;

import io.millrace.engine.capacity.Peaks;
import io.millrace.engine.capacity.RollingQuota;
import io.millrace.engine.capacity.Traffic;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.reshard.PlannedShard;
import io.millrace.engine.reshard.ReshardStep;
import io.millrace.engine.stream.StreamEvent.ReshardStarted.Cause;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * An example of everything that is stored of streams, and the bytes that a release wrote for it.
 */
final class StoredForms {

  private static final StreamName ORDERS = new StreamName("orders");
  private static final ConsumerName AUDIT = new ConsumerName("audit");
  private static final StreamParameters PARAMETERS = StreamParameters.provisioned(2);
  private static final RegistryEvent.EngineFounded FOUNDED =
      new RegistryEvent.EngineFounded(
          "6f1c9c1e-3b0a-4c39-9d6e-0a2b4f3f7a11",
          Payload.utf8("0123456789abcdef0123456789abcdef"),
          1_700_000_000_123L);

  private StoredForms() {}

  static Map<String, Object> ofRegistry() {
    Map<String, Object> forms = new LinkedHashMap<>();
    forms.put("registry.engine-founded.v1", FOUNDED);
    StreamName warm = new StreamName("warm");
    forms.put("registry.stream-named.v3", new RegistryEvent.StreamNamed(warm, 8, tagged()));
    forms.put("registry.stream-forgotten.v1", new RegistryEvent.StreamForgotten(ORDERS, 7));
    forms.put("registry.stream-erased.v1", new RegistryEvent.StreamErased(ORDERS, 7));
    forms.put(
        "registry.commitment-started.v1", new RegistryEvent.CommitmentStarted(1_700_000_001_000L));
    forms.put(
        "registry.commitment-end-scheduled.v1",
        new RegistryEvent.CommitmentEndScheduled(1_700_086_401_000L));
    forms.put("registry.commitment-end-cancelled.v1", new RegistryEvent.CommitmentEndCancelled());
    TreeMap<StreamName, NamedStream> streams = new TreeMap<>();
    streams.put(ORDERS, new NamedStream(ORDERS, 7, PARAMETERS));
    streams.put(warm, new NamedStream(warm, 8, tagged()));
    forms.put("registry.state.v3", committed(streams));
    return forms;
  }

  private static StreamParameters tagged() {
    return new StreamParameters(
        StreamMode.ON_DEMAND,
        0,
        2048,
        10_240,
        RecordDistributionStrategy.AUTO,
        Map.of("team", "mill", "cost-center", "7"));
  }

  private static RegistryState committed(NavigableMap<StreamName, NamedStream> streams) {
    return new RegistryState(
        Optional.of(FOUNDED),
        8,
        streams,
        List.of(new Remains(ORDERS, 3)),
        Commitment.startedAt(1_700_000_001_000L).endingAt(1_700_086_401_000L));
  }

  /** What is read of the registry's forms that are no longer written. */
  static Map<String, Object> ofEarlierRegistry() {
    TreeMap<StreamName, NamedStream> streams = new TreeMap<>();
    streams.put(ORDERS, new NamedStream(ORDERS, 7, PARAMETERS));
    StreamName managed = new StreamName("managed");
    streams.put(managed, new NamedStream(managed, 5_000_000_000L, StreamParameters.onDemand()));
    StreamName warm = new StreamName("warm");
    StreamParameters ready = new StreamParameters(StreamMode.ON_DEMAND, 0, 2048, 10_240);
    TreeMap<StreamName, NamedStream> later = new TreeMap<>();
    later.put(ORDERS, new NamedStream(ORDERS, 7, PARAMETERS));
    later.put(warm, new NamedStream(warm, 8, ready));
    return Map.of(
        "registry.stream-named.v2",
        new RegistryEvent.StreamNamed(warm, 8, ready),
        "registry.state.v2",
        committed(later),
        "registry.stream-named.v1",
        new RegistryEvent.StreamNamed(ORDERS, 7, PARAMETERS),
        "registry.state.v1",
        new RegistryState(
            Optional.of(FOUNDED),
            5_000_000_000L,
            streams,
            List.of(new Remains(ORDERS, 3)),
            Commitment.NONE));
  }

  static Map<String, Object> ofStream() {
    Map<String, Object> forms = new LinkedHashMap<>();
    List<HashKeyRange> halves = HashKeyRange.uniform(2);
    forms.put(
        "stream.created.v1",
        new StreamEvent.StreamCreated(
            StreamMode.PROVISIONED, 1_700_000_000_123L, 1_700_000_000L, halves, 24, 1024));
    forms.put("stream.activated.v1", new StreamEvent.StreamActivated());
    forms.put(
        "stream.retention-changed.v1", new StreamEvent.RetentionChanged(8760, 1_700_000_001_000L));
    forms.put("stream.max-record-size-changed.v1", new StreamEvent.MaxRecordSizeChanged(10_240));
    forms.put(
        "stream.mode-changed.v1",
        new StreamEvent.ModeChanged(StreamMode.ON_DEMAND, 1_700_000_001_000L));
    forms.put("stream.warm-throughput-changed.v1", new StreamEvent.WarmThroughputChanged(10_240));
    forms.put(
        "stream.encryption-started.v1",
        new StreamEvent.EncryptionStarted(KeyId.DEFAULT, 1_700_000_001_000L));
    forms.put(
        "stream.encryption-stopped.v1", new StreamEvent.EncryptionStopped(1_700_000_002_000L));
    forms.put(
        "stream.reshard-started.v1",
        new StreamEvent.ReshardStarted(List.of(step()), Cause.SHARD_COUNT, 1_700_000_001_000L));
    forms.put(
        "stream.monitoring-changed.v1",
        new StreamEvent.MonitoringChanged(
            Set.of(MetricsName.INCOMING_BYTES, MetricsName.ITERATOR_AGE_MILLISECONDS)));
    forms.put("stream.peaks-noted.v1", new StreamEvent.PeaksNoted(peaks()));
    forms.put("stream.step-flipped.v1", new StreamEvent.StepFlipped(1_700_000_002_000L));
    List<ShardId> two = List.of(new ShardId(0), new ShardId(1));
    forms.put("stream.shards-expired.v1", new StreamEvent.ShardsExpired(two));
    forms.put("stream.expired-shards-freed.v1", new StreamEvent.ExpiredShardsFreed(two));
    forms.put(
        "stream.consumer-registered.v1",
        new StreamEvent.ConsumerRegistered(AUDIT, 1_700_000_000_123L));
    forms.put("stream.consumer-activated.v1", new StreamEvent.ConsumerActivated(AUDIT));
    forms.put("stream.consumer-deregistered.v1", new StreamEvent.ConsumerDeregistered(AUDIT));
    forms.put("stream.consumer-removed.v1", new StreamEvent.ConsumerRemoved(AUDIT));
    Optional<ConsumerName> audit = Optional.of(AUDIT);
    forms.put(
        "stream.tags-added.v1",
        new StreamEvent.TagsAdded(audit, Map.of("team", "mill", "cost-center", "")));
    forms.put(
        "stream.tags-removed.v1",
        new StreamEvent.TagsRemoved(Optional.empty(), List.of("team", "cost-center")));
    forms.put("stream.policy-put.v1", new StreamEvent.PolicyPut(audit, "{}"));
    forms.put("stream.policy-deleted.v1", new StreamEvent.PolicyDeleted(audit));
    forms.put(
        "stream.distribution-changed.v1",
        new StreamEvent.DistributionChanged(RecordDistributionStrategy.AUTO));
    forms.put("stream.deletion-started.v1", new StreamEvent.DeletionStarted());
    forms.put("stream.deleted.v1", new StreamEvent.StreamDeleted());
    forms.put(
        "stream.state.v4",
        encrypted(
            resharding(
                consumers(),
                Set.of(MetricsName.OUTGOING_RECORDS),
                RecordDistributionStrategy.AUTO,
                new Attachments(
                    new Attached(new TreeMap<>(Map.of("team", "mill")), Optional.of("{}")),
                    new TreeMap<>(
                        Map.of(
                            AUDIT,
                            new Attached(new TreeMap<>(Map.of("a", "b")), Optional.empty())))))));
    return forms;
  }

  private static StreamState encrypted(StreamState state) {
    return state.apply(
        List.of(
            new StreamEvent.EncryptionStarted(
                new KeyId("arn:aws:kms:us-east-1:000000000000:alias/ours"), 1_700_000_001_000L),
            new StreamEvent.EncryptionStopped(1_700_000_002_000L),
            new StreamEvent.EncryptionStarted(KeyId.DEFAULT, 1_700_000_003_000L)));
  }

  private static RegisteredConsumers consumers() {
    return new RegisteredConsumers(
        List.of(
            new RegisteredConsumer(AUDIT, 1_700_000_000_123L, ConsumerStatus.ACTIVE),
            new RegisteredConsumer(
                new ConsumerName("ship"), 1_700_000_003_000L, ConsumerStatus.DELETING)),
        1_700_000_003_000L);
  }

  /** What the third form of a stream's state says. */
  static StreamState ofThirdStreamState() {
    return resharding(consumers());
  }

  /** What the second form of a stream's state says. */
  static StreamState ofSecondStreamState() {
    return resharding(RegisteredConsumers.NONE);
  }

  private static StreamState resharding(RegisteredConsumers consumers) {
    return resharding(
        consumers, Set.of(), RecordDistributionStrategy.USER_PARTITION_KEY, Attachments.NONE);
  }

  private static StreamState resharding(
      RegisteredConsumers consumers,
      Set<MetricsName> shardLevelMetrics,
      RecordDistributionStrategy distribution,
      Attachments attachments) {
    return new StreamState(
        ORDERS,
        7,
        StreamState.Phase.RESHARDING,
        1_700_000_000_123L,
        new StreamOptions(
            StreamMode.ON_DEMAND,
            168,
            2048,
            10_240,
            Long.MIN_VALUE,
            RollingQuota.ofShardCountUpdates().take(1_700_000_001_000L),
            RollingQuota.ofModeSwitches().take(1_700_000_001_500L),
            EncryptionOption.NONE,
            shardLevelMetrics,
            distribution),
        new ShardMap(lineage(), List.of(new ShardId(5)), new ShardMap.Reshard(List.of(step()), 0)),
        peaks(),
        consumers,
        attachments);
  }

  /** What the first form of a stream's state says. */
  static StreamState ofFirstStreamState() {
    return new StreamState(
        ORDERS,
        7,
        StreamState.Phase.ACTIVE,
        1_700_000_000_123L,
        new StreamOptions(
            StreamMode.ON_DEMAND,
            168,
            2048,
            0,
            Long.MIN_VALUE,
            RollingQuota.ofShardCountUpdates(),
            RollingQuota.ofModeSwitches(),
            EncryptionOption.NONE,
            Set.of(),
            RecordDistributionStrategy.USER_PARTITION_KEY),
        new ShardMap(lineage(), List.of(), ShardMap.Reshard.NONE),
        Peaks.ofThirtyDays(),
        RegisteredConsumers.NONE,
        Attachments.NONE);
  }

  private static ReshardStep step() {
    List<HashKeyRange> halves = HashKeyRange.uniform(2);
    return new ReshardStep(
        List.of(new ShardId(2)),
        List.of(
            new PlannedShard(new ShardId(3), halves.get(0), List.of(new ShardId(2)), true),
            new PlannedShard(new ShardId(4), halves.get(1), List.of(new ShardId(2)), false)));
  }

  private static Peaks peaks() {
    return Peaks.ofThirtyDays().observe(28_333_333L, new Traffic(1000, 20));
  }

  private static List<ShardView> lineage() {
    List<HashKeyRange> halves = HashKeyRange.uniform(2);
    return List.of(
        new ShardView(
            new ShardId(0),
            halves.get(0),
            1_700_000_000L,
            1_700_000_000_123L,
            List.of(),
            OptionalLong.of(1_700_000_002_000L)),
        new ShardView(
            new ShardId(1),
            halves.get(1),
            1_700_000_000L,
            1_700_000_000_123L,
            List.of(),
            OptionalLong.of(1_700_000_002_000L)),
        new ShardView(
            new ShardId(2),
            HashKeyRange.FULL,
            1_700_000_003L,
            1_700_000_002_000L,
            List.of(new ShardId(0), new ShardId(1)),
            OptionalLong.empty()));
  }

  /** The bytes that the release which introduced this manifest wrote for its example. */
  static byte[] golden(String manifest) throws IOException {
    try (InputStream file = StoredForms.class.getResourceAsStream("stored/" + manifest + ".hex")) {
      if (file == null) {
        throw new IOException("no stored bytes for " + manifest);
      }
      String hex = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
  }
}
