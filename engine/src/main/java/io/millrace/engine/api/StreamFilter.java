package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.STREAM_ARN;

import java.time.Instant;

/**
 * Which channels are listed: those of one stream.
 *
 * @param streamARN the stream; required
 * @param streamCreationTimestamp when it was created, to tell it from others that had its name;
 *     null for any
 */
public record StreamFilter(String streamARN, Instant streamCreationTimestamp) {

  void validate(String path, Violations violations) {
    violations
        .required(path + ".streamARN", streamARN)
        .text(path + ".streamARN", streamARN, STREAM_ARN);
  }
}
