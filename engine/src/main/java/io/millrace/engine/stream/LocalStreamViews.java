package io.millrace.engine.stream;

import io.millrace.engine.model.StreamName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The views of a single JVM: the streams' actors publish here, and everyone in the same process
 * reads. Safe for any thread.
 */
public final class LocalStreamViews implements StreamViews {

  private final ConcurrentSkipListMap<StreamName, StreamView> views = new ConcurrentSkipListMap<>();

  @Override
  public Optional<StreamView> find(StreamName name) {
    return Optional.ofNullable(views.get(name));
  }

  @Override
  public List<StreamView> all() {
    return List.copyOf(views.values());
  }

  /** Shows the view in place of an earlier one of its name; a later incarnation stays. */
  void publish(StreamView view) {
    views.merge(
        view.name(),
        view,
        (shown, next) -> next.incarnation() < shown.incarnation() ? shown : next);
  }

  /** Stops showing this life of the name; another incarnation stays. */
  void withdraw(StreamName name, long incarnation) {
    views.computeIfPresent(
        name, (same, shown) -> shown.incarnation() == incarnation ? null : shown);
  }
}
