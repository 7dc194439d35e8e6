package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.STREAM_ARN;

/**
 * What a channel reads.
 *
 * @param streamARN the stream; required
 * @param recordConfiguration what its records are taken for; required
 */
public record ChannelStreamConfiguration(
    String streamARN, RecordConfiguration recordConfiguration) {

  void validate(String path, Violations violations) {
    violations
        .required(path + ".streamARN", streamARN)
        .text(path + ".streamARN", streamARN, STREAM_ARN)
        .required(path + ".recordConfiguration", recordConfiguration);
    if (recordConfiguration != null) {
      recordConfiguration.validate(path + ".recordConfiguration", violations);
    }
  }
}
