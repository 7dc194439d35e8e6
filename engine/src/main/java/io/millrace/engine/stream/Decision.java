package io.millrace.engine.stream;

/**
 * What a state makes of a command.
 *
 * @param <E> the events it may decide for
 */
sealed interface Decision<E> {

  /** It happens: this is to be persisted. */
  record Happens<E>(E event) implements Decision<E> {}

  /** It is so already: nothing is to be persisted, and the caller may be told that it is done. */
  record Stands<E>() implements Decision<E> {}

  /** It is refused. */
  record Refuses<E>(StreamReply.Refused refusal) implements Decision<E> {}

  static <E> Decision<E> happens(E event) {
    return new Happens<>(event);
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
