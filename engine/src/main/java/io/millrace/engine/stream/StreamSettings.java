package io.millrace.engine.stream;

import com.typesafe.config.Config;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.StreamName;
import java.time.Duration;

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
    int snapshotEvery) {

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
        streams.getInt("snapshot-every"));
  }

  /** The ARN of a stream. */
  String arn(StreamName name) {
    return account.arn(name).toString();
  }
}
