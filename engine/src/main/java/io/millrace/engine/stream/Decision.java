package io.millrace.engine.stream;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a state makes of a command.
 *
 * @param <E> the events it may decide for
 */
sealed interface Decision<E> {

  /** It happens: these are to be persisted in this order, all or none. */
  record Happens<E>(List<E> events) implements Decision<E> {

    public Happens {
      events = List.copyOf(events);
    }
  }

  /** It is so already: nothing is to be persisted, and the caller may be told that it is done. */
  record Stands<E>() implements Decision<E> {}

  /** It is refused. */
  record Refuses<E>(StreamReply.Refused refusal) implements Decision<E> {}

  /** What is to be persisted. */
  default List<E> events() {
    return List.of();
  }

  /** This, and then what it entails, which never refuses. A refusal entails nothing. */
  default Decision<E> and(Decision<E> entailed) {
    if (this instanceof Refuses<E> || entailed.events().isEmpty()) {
      return this;
    }
    return new Happens<>(Stream.concat(events().stream(), entailed.events().stream()).toList());
  }

  static <E> Decision<E> happens(E event) {
    return new Happens<>(List.of(event));
  }

  static <E> Decision<E> stands() {
    return new Stands<>();
  }

  static <E> Decision<E> refuses(StreamReply.Kind kind, String message) {
    return refuses(new StreamReply.Refused(kind, message));
  }

  static <E> Decision<E> refuses(StreamReply.Refused refusal) {
    return new Refuses<>(refusal);
  }
}
