package io.millrace.processors.lane;

/**
 * How much has passed the lanes of a shard.
 *
 * @param polled records that came
 * @param filteredOut those that the filter dropped
 * @param processed those that the function has finished
 * @param processedBytes their data, bytes
 * @param discarded those that were given up
 */
public record Tally(
    long polled, long filteredOut, long processed, long processedBytes, long discarded) {

  /** Nothing. */
  public static final Tally NONE = new Tally(0, 0, 0, 0, 0);

  Tally plusPolled(long records, long dropped) {
    return new Tally(polled + records, filteredOut + dropped, processed, processedBytes, discarded);
  }

  Tally plusProcessed(long records, long bytes) {
    return new Tally(polled, filteredOut, processed + records, processedBytes + bytes, discarded);
  }

  Tally plusDiscarded(long records) {
    return new Tally(polled, filteredOut, processed, processedBytes, discarded + records);
  }

  Tally plus(Tally other) {
    return new Tally(
        polled + other.polled,
        filteredOut + other.filteredOut,
        processed + other.processed,
        processedBytes + other.processedBytes,
        discarded + other.discarded);
  }

  /** What has come to this since an earlier time. */
  public Tally since(Tally earlier) {
    return new Tally(
        polled - earlier.polled,
        filteredOut - earlier.filteredOut,
        processed - earlier.processed,
        processedBytes - earlier.processedBytes,
        discarded - earlier.discarded);
  }
}
