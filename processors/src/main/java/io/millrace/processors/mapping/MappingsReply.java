package io.millrace.processors.mapping;

import io.millrace.processors.api.EventSourceMapping;
import io.millrace.processors.api.ProcessorException;
import java.util.List;

/** What the mappings answer. */
sealed interface MappingsReply {

  /** One mapping, as it stands. */
  record One(EventSourceMapping mapping) implements MappingsReply {}

  /** All mappings, in the order of their UUIDs. */
  record All(List<EventSourceMapping> mappings) implements MappingsReply {}

  /** The request failed. */
  record Refused(ProcessorException error) implements MappingsReply {}
}
