package io.millrace.processors.function;

import io.millrace.engine.model.Record;
import io.millrace.processors.event.EventOrigin;
import io.millrace.processors.lane.Invocation;
import io.millrace.processors.lane.Invocation.WindowCall;
import java.util.List;
import java.util.Optional;

/**
 * What a function is called with.
 *
 * @param origin the shard that the records come from
 * @param invocation the records and the window
 * @param readsResponse whether what the function returns is looked at: with
 *     ReportBatchItemFailures, or in a window
 */
public record ProcessorEvent(EventOrigin origin, Invocation invocation, boolean readsResponse) {

  /** The records, in order; none in the final call of a window. */
  public List<Record> records() {
    return invocation.records();
  }

  /** The window, with tumbling windows. */
  public Optional<WindowCall> window() {
    return invocation.window();
  }
}
