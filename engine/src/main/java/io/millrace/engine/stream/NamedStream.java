package io.millrace.engine.stream;

import io.millrace.engine.model.StreamName;

/**
 * A stream as the registry knows it.
 *
 * @param name its name
 * @param incarnation the life of that name
 * @param parameters what it was created with
 */
public record NamedStream(StreamName name, long incarnation, StreamParameters parameters) {

  /** The identity of the stream's own events: {@code stream|orders~7}. */
  String persistenceId() {
    return persistenceId(name, incarnation);
  }

  static String persistenceId(StreamName name, long incarnation) {
    return "stream|" + name.value() + "~" + incarnation;
  }
}
