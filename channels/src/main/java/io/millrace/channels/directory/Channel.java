package io.millrace.channels.directory;

import io.millrace.channels.bucket.Buckets;
import io.millrace.channels.bucket.KeyTemplate;
import io.millrace.channels.delivery.Delivery;
import io.millrace.channels.delivery.DeliveryTerms;
import io.millrace.engine.api.ChannelEncryptionConfiguration;
import io.millrace.engine.api.CloudWatchLogs;
import io.millrace.engine.api.DeadLetterQueueS3Configuration;
import io.millrace.engine.api.RecordConfiguration;
import io.millrace.engine.api.S3DestinationConfiguration;
import io.millrace.engine.api.S3StorageConfiguration;
import io.millrace.engine.model.ChannelArn;
import io.millrace.engine.model.ChannelStatus;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.StreamArn;
import io.millrace.engine.stream.StreamView;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A channel as it is stored.
 *
 * @param arn its name and id
 * @param stream the stream that it reads
 * @param incarnation the life of the stream's name that it reads
 * @param streamCreatedMillis when the stream was created, epoch milliseconds
 * @param createdMillis when it was created, epoch milliseconds; it delivers what arrived then or
 *     later
 * @param roleArn the role that it was given
 * @param records what records are taken for
 * @param destination what it delivers, with every default filled in
 * @param encryption the master key of what it delivers
 * @param logs what it logs, with every default filled in
 * @param tags its tags
 * @param status where it is in its life
 * @param reason why it has FAILED
 */
public record Channel(
    ChannelArn arn,
    StreamArn stream,
    long incarnation,
    long streamCreatedMillis,
    long createdMillis,
    String roleArn,
    RecordConfiguration records,
    S3DestinationConfiguration destination,
    Optional<ChannelEncryptionConfiguration> encryption,
    CloudWatchLogs logs,
    Map<String, String> tags,
    ChannelStatus status,
    Optional<String> reason) {

  public Channel {
    tags = Map.copyOf(tags);
  }

  String name() {
    return arn.channelName();
  }

  String id() {
    return arn.channelId();
  }

  /** Whether it reads this life of a stream. */
  boolean reads(StreamView view) {
    return view.name().equals(stream.streamName()) && view.incarnation() == incarnation;
  }

  /** Whether it is to deliver. */
  boolean wantsToRun() {
    return switch (status) {
      case CREATING, ACTIVE, UPDATING -> true;
      case DELETING, FAILED -> false;
    };
  }

  Channel in(ChannelStatus next, Optional<String> why) {
    return new Channel(
        arn,
        stream,
        incarnation,
        streamCreatedMillis,
        createdMillis,
        roleArn,
        records,
        destination,
        encryption,
        logs,
        tags,
        next,
        why);
  }

  Channel updating(int freshnessSeconds, CloudWatchLogs nextLogs) {
    return new Channel(
        arn,
        stream,
        incarnation,
        streamCreatedMillis,
        createdMillis,
        roleArn,
        records,
        destination.withDataFreshnessInSeconds(freshnessSeconds),
        encryption,
        nextLogs,
        tags,
        ChannelStatus.UPDATING,
        Optional.empty());
  }

  Channel tagged(Map<String, String> nextTags) {
    return new Channel(
        arn,
        stream,
        incarnation,
        streamCreatedMillis,
        createdMillis,
        roleArn,
        records,
        destination,
        encryption,
        logs,
        nextTags,
        status,
        reason);
  }

  /**
   * What it delivers, and where.
   *
   * @throws IllegalArgumentException with a sentence for callers when its buckets or templates are
   *     none
   */
  Delivery delivery() {
    S3StorageConfiguration storage = destination.storageConfiguration();
    DeadLetterQueueS3Configuration dead = destination.deadLetterQueueS3Configuration();
    return new Delivery(
        name(),
        id(),
        arn.toString(),
        stream.toString(),
        records.recordFormatType(),
        storage.compressionType(),
        Buckets.name(storage.bucketARN()),
        KeyTemplate.parse(storage.outputKeyTemplate()),
        Buckets.name(dead.bucketARN()),
        KeyTemplate.ofDeadLetters(dead.errorOutputPrefix()),
        encryption.map(key -> new KeyId(key.keyId())));
  }

  DeliveryTerms terms() {
    return new DeliveryTerms(
        Duration.ofSeconds(destination.dataFreshnessInSeconds()),
        logs.enabled() ? Optional.of(LogNames.logger(logs)) : Optional.empty());
  }
}
