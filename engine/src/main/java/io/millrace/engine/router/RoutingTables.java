package io.millrace.engine.router;

import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.StreamView;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The routing tables of the streams as they were last seen, made anew when a stream has changed. A
 * table goes when nobody holds its stream any more, as when that was deleted. Safe for any thread.
 */
final class RoutingTables {

  private final ConcurrentHashMap<StreamName, Seen> tables = new ConcurrentHashMap<>();
  private final ReferenceQueue<StreamView> gone = new ReferenceQueue<>();

  /** A stream as it was seen, without holding it, and its table. */
  private static final class Seen extends WeakReference<StreamView> {

    private final StreamName name;
    private final RoutingTable table;

    Seen(StreamView stream, ReferenceQueue<StreamView> gone) {
      super(stream, gone);
      this.name = stream.name();
      this.table = new RoutingTable(stream);
    }
  }

  RoutingTable of(StreamView stream) {
    Seen seen = tables.get(stream.name());
    // An unchanged view is the same object, and comparing is quick.
    if (seen == null || !seen.refersTo(stream)) {
      seen = new Seen(stream, gone);
      tables.put(stream.name(), seen);
      forgetGone();
    }
    return seen.table;
  }

  private void forgetGone() {
    for (Reference<?> view = gone.poll(); view != null; view = gone.poll()) {
      Seen seen = (Seen) view;
      tables.remove(seen.name, seen);
    }
  }
}
