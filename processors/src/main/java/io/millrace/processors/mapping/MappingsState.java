package io.millrace.processors.mapping;

import io.millrace.processors.mapping.MappingEvent.MappingChanged;
import io.millrace.processors.mapping.MappingEvent.MappingCreated;
import io.millrace.processors.mapping.MappingEvent.MappingDeleted;
import io.millrace.processors.mapping.MappingEvent.MappingDeletionStarted;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The mappings of an engine, as their events made them.
 *
 * @param mappings by UUID; unmodifiable, at most {@value #MAX_MAPPINGS}
 */
public record MappingsState(SortedMap<String, Mapping> mappings) {

  /** How many mappings an engine has at most. */
  static final int MAX_MAPPINGS = 1000;

  static final MappingsState EMPTY = new MappingsState(new TreeMap<>());

  public MappingsState {
    mappings = Collections.unmodifiableSortedMap(new TreeMap<>(mappings));
  }

  Optional<Mapping> mapping(String uuid) {
    return Optional.ofNullable(mappings.get(uuid));
  }

  boolean isFull() {
    return mappings.size() >= MAX_MAPPINGS;
  }

  /** A mapping of this stream and this function, other than the one of this UUID. */
  Optional<Mapping> other(String uuid, String eventSourceArn, String functionName) {
    return mappings.values().stream()
        .filter(
            mapping ->
                !mapping.uuid().equals(uuid)
                    && mapping.eventSourceArn().equals(eventSourceArn)
                    && mapping.functionName().equals(functionName))
        .findFirst();
  }

  MappingsState apply(MappingEvent event) {
    SortedMap<String, Mapping> next = new TreeMap<>(mappings);
    if (event instanceof MappingCreated created) {
      next.put(created.uuid(), created.mapping());
    } else if (event instanceof MappingChanged changed) {
      next.computeIfPresent(
          changed.uuid(),
          (uuid, mapping) ->
              mapping.changed(
                  changed.functionName(),
                  changed.isEnabled(),
                  changed.options(),
                  changed.atMillis()));
    } else if (event instanceof MappingDeletionStarted started) {
      next.computeIfPresent(
          started.uuid(), (uuid, mapping) -> mapping.deleting(started.atMillis()));
    } else if (event instanceof MappingDeleted deleted) {
      next.remove(deleted.uuid());
    }
    return new MappingsState(next);
  }
}
