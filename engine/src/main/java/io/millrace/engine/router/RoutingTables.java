package io.millrace.engine.router;

import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.StreamView;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The routing tables of the streams as they were last seen, made anew when a stream has changed.
 */
final class RoutingTables {

  private record Seen(StreamView stream, RoutingTable table) {}

  private final ConcurrentHashMap<StreamName, Seen> tables = new ConcurrentHashMap<>();

  @SuppressWarnings(
      "ReferenceEquality") // an unchanged view is the same object, and comparing is quick
  RoutingTable of(StreamView stream) {
    Seen seen = tables.get(stream.name());
    if (seen == null || seen.stream() != stream) {
      seen = new Seen(stream, new RoutingTable(stream));
      tables.put(stream.name(), seen);
    }
    return seen.table();
  }
}
