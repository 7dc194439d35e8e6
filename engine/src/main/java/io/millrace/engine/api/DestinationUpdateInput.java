package io.millrace.engine.api;

/**
 * What can be changed of a channel's destination.
 *
 * @param dataFreshnessInSeconds how old the oldest record may be that is not delivered, seconds;
 *     required
 */
public record DestinationUpdateInput(Integer dataFreshnessInSeconds) {

  void validate(String path, Violations violations) {
    violations.required(path + ".dataFreshnessInSeconds", dataFreshnessInSeconds);
  }
}
