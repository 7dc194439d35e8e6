package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.BUCKET_ARN;
import static io.millrace.engine.api.Constraints.BUCKET_OWNER;
import static io.millrace.engine.api.Constraints.OUTPUT_KEY_TEMPLATE;

import io.millrace.engine.model.S3CompressionType;
import io.millrace.engine.model.S3StorageClass;

/**
 * How delivered objects are stored.
 *
 * @param bucketARN the bucket; required
 * @param expectedBucketOwner the account that the bucket belongs to; required
 * @param outputKeyTemplate what keys are made by; in a request null for the default
 * @param storageClass the storage class; in a request null for STANDARD
 * @param compressionType how objects are compressed; required
 */
public record S3StorageConfiguration(
    String bucketARN,
    String expectedBucketOwner,
    String outputKeyTemplate,
    S3StorageClass storageClass,
    S3CompressionType compressionType) {

  /** Objects in this bucket, with the default keys. */
  public static S3StorageConfiguration of(
      String bucketARN, String expectedBucketOwner, S3CompressionType compressionType) {
    return new S3StorageConfiguration(bucketARN, expectedBucketOwner, null, null, compressionType);
  }

  /** The same, with keys by this template. */
  public S3StorageConfiguration withOutputKeyTemplate(String outputKeyTemplate) {
    return new S3StorageConfiguration(
        bucketARN, expectedBucketOwner, outputKeyTemplate, storageClass, compressionType);
  }

  void validate(String path, Violations violations) {
    violations
        .required(path + ".bucketARN", bucketARN)
        .text(path + ".bucketARN", bucketARN, BUCKET_ARN)
        .required(path + ".expectedBucketOwner", expectedBucketOwner)
        .text(path + ".expectedBucketOwner", expectedBucketOwner, BUCKET_OWNER)
        .text(path + ".outputKeyTemplate", outputKeyTemplate, OUTPUT_KEY_TEMPLATE)
        .required(path + ".compressionType", compressionType);
  }
}
