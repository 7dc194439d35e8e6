package io.millrace.engine.stream;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import io.millrace.engine.capacity.AutoscalingPolicy;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.StreamName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How streams are kept. Read from the section {@code millrace.streams}, where each key is
 * explained.
 *
 * @param account the account that every stream belongs to
 * @param quotas how much an account may have
 * @param creatingDelay how long a new stream stays CREATING at least
 * @param trimInterval time between rounds of trimming
 * @param trimParallelism how many shards of a stream are trimmed at once
 * @param openParallelism how many shards of a stream are opened or erased at once
 * @param shardAnswerTimeout how long a shard may take to answer
 * @param minBackoff first delay before something that failed is tried again
 * @param maxBackoff longest such delay
 * @param snapshotEvery events between two snapshots
 * @param maxOnDemandShards how many shards an on-demand stream may have
 * @param consumers how registered consumers are kept
 * @param autoscaling policies of provisioned streams, by name
 */
public record StreamSettings(
    Account account,
    Quotas quotas,
    Duration creatingDelay,
    Duration trimInterval,
    int trimParallelism,
    int openParallelism,
    Duration shardAnswerTimeout,
    Duration minBackoff,
    Duration maxBackoff,
    int snapshotEvery,
    int maxOnDemandShards,
    ConsumerSettings consumers,
    Map<StreamName, AutoscalingPolicy> autoscaling) {

  public StreamSettings {
    autoscaling = Map.copyOf(autoscaling);
  }

  private static final Config POLICY_DEFAULTS =
      ConfigFactory.parseString(
          "min-shards = 1, target-percent = 70, cool-down-out = 15m, cool-down-in = 60m");

  /**
   * How much an account may have.
   *
   * @param creatingStreams streams in status CREATING
   * @param openShards open shards of all provisioned streams
   * @param onDemandStreams on-demand streams
   */
  public record Quotas(int creatingStreams, int openShards, int onDemandStreams) {}

  /**
   * Reads the settings.
   *
   * @param streams the section {@code millrace.streams}, complete with defaults
   * @param account the account that every stream belongs to
   */
  public static StreamSettings of(Config streams, Account account) {
    return new StreamSettings(
        account,
        new Quotas(
            streams.getInt("max-creating-streams"),
            streams.getInt("max-open-shards"),
            streams.getInt("max-on-demand-streams")),
        streams.getDuration("creating-delay"),
        streams.getDuration("trim-interval"),
        streams.getInt("trim-parallelism"),
        streams.getInt("open-parallelism"),
        streams.getDuration("shard-answer-timeout"),
        streams.getDuration("min-backoff"),
        streams.getDuration("max-backoff"),
        streams.getInt("snapshot-every"),
        streams.getInt("max-on-demand-shards"),
        ConsumerSettings.of(streams),
        autoscaling(streams.getObject("autoscaling")));
  }

  private static Map<StreamName, AutoscalingPolicy> autoscaling(ConfigObject policies) {
    Map<StreamName, AutoscalingPolicy> byName = new HashMap<>();
    for (String name : policies.keySet()) {
      Config policy = ((ConfigObject) policies.get(name)).toConfig().withFallback(POLICY_DEFAULTS);
      byName.put(
          new StreamName(name),
          new AutoscalingPolicy(
              policy.getInt("min-shards"),
              policy.getInt("max-shards"),
              policy.getInt("target-percent"),
              policy.getDuration("cool-down-out"),
              policy.getDuration("cool-down-in")));
    }
    return byName;
  }

  /** The ARN of a stream. */
  String arn(StreamName name) {
    return account.arn(name).toString();
  }
}
