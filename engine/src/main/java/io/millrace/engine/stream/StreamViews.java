package io.millrace.engine.stream;

import io.millrace.engine.model.StreamName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * The streams as this process knows them: read on any thread without asking anyone. A view is
 * published before the call that caused it is answered.
 */
public interface StreamViews {

  /** The stream of this name, in any status; empty if there is none. */
  Optional<StreamView> find(StreamName name);

  /** Every stream, by name. */
  List<StreamView> all();

  /** The commitment of the account that has them. */
  Commitment commitment();

  /**
   * Waits for a stream to be as wanted; cancelling the stage ends the wait.
   *
   * @return the stream, once it is so; empty when there is none of this name, or it goes first;
   *     fails when nobody will tell any more
   */
  CompletionStage<Optional<StreamView>> await(StreamName name, Predicate<StreamView> wanted);
}
