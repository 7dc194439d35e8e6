package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.CHANNEL_LIST;

import java.util.List;

/**
 * Delivery to a table.
 *
 * @param dataFreshnessInSeconds how old the oldest record may be that is not delivered, seconds;
 *     null for 300
 * @param deadLetterQueueS3Configuration where records go that cannot be delivered; required
 * @param s3TablesConfigurationList the table: one entry; required
 */
public record S3TablesDestinationConfiguration(
    Integer dataFreshnessInSeconds,
    DeadLetterQueueS3Configuration deadLetterQueueS3Configuration,
    List<S3TablesConfiguration> s3TablesConfigurationList) {

  /** Copies the list. */
  public S3TablesDestinationConfiguration {
    s3TablesConfigurationList = Lists.copy(s3TablesConfigurationList);
  }

  void validate(String path, Violations violations) {
    String tables = path + ".s3TablesConfigurationList";
    violations.required(path + ".deadLetterQueueS3Configuration", deadLetterQueueS3Configuration);
    if (deadLetterQueueS3Configuration != null) {
      deadLetterQueueS3Configuration.validate(path + ".deadLetterQueueS3Configuration", violations);
    }
    violations
        .required(tables, s3TablesConfigurationList)
        .entries(tables, s3TablesConfigurationList, CHANNEL_LIST)
        .requiredEntries(tables, s3TablesConfigurationList);
    Lists.validate(
        tables, s3TablesConfigurationList, (table, at) -> table.validate(at, violations));
  }
}
