package io.millrace.processors.mapping;

import io.millrace.processors.api.MappingOptions;

/** What has happened to the mappings of an engine. All since 0.1. */
public sealed interface MappingEvent {

  /** The mapping. */
  String uuid();

  /** A mapping came into being. */
  record MappingCreated(Mapping mapping) implements MappingEvent {
    @Override
    public String uuid() {
      return mapping.uuid();
    }
  }

  /**
   * A mapping is different from now on.
   *
   * @param atMillis when, epoch milliseconds
   */
  record MappingChanged(
      String uuid, String functionName, boolean isEnabled, MappingOptions options, long atMillis)
      implements MappingEvent {}

  /**
   * A mapping is going to be gone; its position has still to be forgotten.
   *
   * @param atMillis when, epoch milliseconds
   */
  record MappingDeletionStarted(String uuid, long atMillis) implements MappingEvent {}

  /** A mapping is gone. */
  record MappingDeleted(String uuid) implements MappingEvent {}
}
