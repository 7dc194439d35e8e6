package io.millrace.engine.stream;

import io.millrace.engine.model.StreamName;
import java.util.List;
import java.util.Optional;

/**
 * The streams as this process knows them: read on any thread without asking anyone. A view is
 * published before the call that caused it is answered.
 */
public interface StreamViews {

  /** The stream of this name, in any status; empty if there is none. */
  Optional<StreamView> find(StreamName name);

  /** Every stream, by name. */
  List<StreamView> all();
}
