package io.millrace.engine.storage;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Reads stored events by number, without passing through the actor that wrote them and without
 * holding up its writes. A row may be visible here before it is durable: callers ask only for rows
 * up to the high watermark that the writer has published.
 *
 * <p>Stages complete on a thread of the storage and fail with the database's error, in which case
 * asking again may help. No call blocks its caller.
 */
public interface JournalPages {

  /**
   * The events from {@code from} to {@code to}, both inclusive, in order. Stops early once the
   * payloads of the page together reach {@code maxBytes}; the first row is returned whatever its
   * size. Empty only if there is no row in the range.
   */
  CompletionStage<List<JournalRow>> read(String persistenceId, long from, long to, int maxBytes);

  /**
   * The first event from {@code from} to {@code to}, both inclusive, cut to its first {@code
   * prefixBytes} bytes. Costs the same however large the event is.
   */
  CompletionStage<Optional<JournalRow>> prefix(
      String persistenceId, long from, long to, int prefixBytes);
}
