package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.TABLE_BUCKET_ARN;
import static io.millrace.engine.api.Constraints.TABLE_NAME;

import io.millrace.engine.model.S3TablesCompressionType;

/**
 * A table.
 *
 * @param tableBucketARN the table bucket; required
 * @param namespace its database; required
 * @param tableName its name; required
 * @param compressionType how its files are compressed; required
 * @param partitionSpec how it is partitioned; null for not at all
 */
public record S3TablesConfiguration(
    String tableBucketARN,
    String namespace,
    String tableName,
    S3TablesCompressionType compressionType,
    PartitionSpec partitionSpec) {

  void validate(String path, Violations violations) {
    violations
        .required(path + ".tableBucketARN", tableBucketARN)
        .text(path + ".tableBucketARN", tableBucketARN, TABLE_BUCKET_ARN)
        .required(path + ".namespace", namespace)
        .text(path + ".namespace", namespace, TABLE_NAME)
        .required(path + ".tableName", tableName)
        .text(path + ".tableName", tableName, TABLE_NAME)
        .required(path + ".compressionType", compressionType);
    if (partitionSpec != null) {
      partitionSpec.validate(path + ".partitionSpec", violations);
    }
  }
}
