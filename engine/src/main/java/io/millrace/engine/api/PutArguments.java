package io.millrace.engine.api;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RecordDistributionStrategy;

/** The rules that PutRecord and each entry of PutRecords share. */
final class PutArguments {

  private PutArguments() {}

  /** Where the engine chooses the shards, keys are neither needed nor looked at. */
  static void checkKeys(
      String partitionKey, String explicitHashKey, RecordDistributionStrategy strategy) {
    if (strategy == RecordDistributionStrategy.AUTO) {
      return;
    }
    if (partitionKey == null) {
      throw new InvalidArgumentException("PartitionKey must be specified.");
    }
    if (explicitHashKey != null) {
      HashKeys.check("ExplicitHashKey", explicitHashKey);
    }
  }

  /**
   * Checks the size of a record.
   *
   * @return what it is charged: its data and the UTF-8 of its partition key, in bytes
   */
  static long checkSize(Payload data, String partitionKey, int maxRecordBytes) {
    long size = (long) data.size() + (partitionKey == null ? 0 : Utf8.length(partitionKey));
    if (size > maxRecordBytes) {
      throw new InvalidArgumentException(
          "The record has %d bytes of data and partition key, the stream takes %d at most."
              .formatted(size, maxRecordBytes));
    }
    return size;
  }
}
