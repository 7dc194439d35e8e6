package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.PARTITION_FIELDS;

import java.util.List;

/**
 * How a table is partitioned.
 *
 * @param partitionFields by what, 1 to 10; required
 */
public record PartitionSpec(List<PartitionField> partitionFields) {

  /** Copies the list. */
  public PartitionSpec {
    partitionFields = Lists.copy(partitionFields);
  }

  void validate(String path, Violations violations) {
    String fields = path + ".partitionFields";
    violations
        .required(fields, partitionFields)
        .entries(fields, partitionFields, PARTITION_FIELDS)
        .requiredEntries(fields, partitionFields);
    Lists.validate(fields, partitionFields, (field, at) -> field.validate(at, violations));
  }
}
