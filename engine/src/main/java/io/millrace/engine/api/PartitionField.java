package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.PARTITION_SOURCE_NAME;

import io.millrace.engine.model.PartitionTransform;

/**
 * One thing that a table is partitioned by.
 *
 * @param transform what is made of the column; required
 * @param sourceName the column; required
 */
public record PartitionField(PartitionTransform transform, String sourceName) {

  void validate(String path, Violations violations) {
    violations
        .required(path + ".transform", transform)
        .required(path + ".sourceName", sourceName)
        .text(path + ".sourceName", sourceName, PARTITION_SOURCE_NAME);
  }
}
