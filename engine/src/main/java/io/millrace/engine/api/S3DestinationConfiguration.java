package io.millrace.engine.api;

/**
 * Delivery as objects in a bucket, as it is asked for and as it is described.
 *
 * @param dataFreshnessInSeconds how old the oldest record may be that is not delivered, seconds; in
 *     a request null for 300
 * @param deadLetterQueueS3Configuration where records go that cannot be delivered; in a request
 *     null for a prefix in the same bucket
 * @param storageConfiguration the objects; required
 */
public record S3DestinationConfiguration(
    Integer dataFreshnessInSeconds,
    DeadLetterQueueS3Configuration deadLetterQueueS3Configuration,
    S3StorageConfiguration storageConfiguration) {

  /** Objects so stored, with the default freshness and dead letters in the same bucket. */
  public static S3DestinationConfiguration of(S3StorageConfiguration storageConfiguration) {
    return new S3DestinationConfiguration(null, null, storageConfiguration);
  }

  /** The same, as fresh as this. */
  public S3DestinationConfiguration withDataFreshnessInSeconds(int dataFreshnessInSeconds) {
    return new S3DestinationConfiguration(
        dataFreshnessInSeconds, deadLetterQueueS3Configuration, storageConfiguration);
  }

  /** The same, with dead letters there. */
  public S3DestinationConfiguration withDeadLetters(
      DeadLetterQueueS3Configuration deadLetterQueueS3Configuration) {
    return new S3DestinationConfiguration(
        dataFreshnessInSeconds, deadLetterQueueS3Configuration, storageConfiguration);
  }

  void validate(String path, Violations violations) {
    if (deadLetterQueueS3Configuration != null) {
      deadLetterQueueS3Configuration.validate(path + ".deadLetterQueueS3Configuration", violations);
    }
    violations.required(path + ".storageConfiguration", storageConfiguration);
    if (storageConfiguration != null) {
      storageConfiguration.validate(path + ".storageConfiguration", violations);
    }
  }
}
