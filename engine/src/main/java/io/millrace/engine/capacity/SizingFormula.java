package io.millrace.engine.capacity;

/**
 * How many shards a provisioned stream needs, as the developer guide of the service has it: enough
 * for the bytes put (1 MiB/s a shard), for the records put (1,000 a second) and for the bytes that
 * polling consumers read together (2 MiB/s). Consumers with enhanced fan-out do not count.
 */
public final class SizingFormula {

  private static final long KIB = 1024;

  private SizingFormula() {}

  /**
   * The number of shards, at least 1.
   *
   * @param recordBytes the mean size of a record, taken as whole KiB, rounded up
   * @param recordsPerSecond how many are put
   * @param pollingConsumers how many applications read all of it with GetRecords
   * @throws IllegalArgumentException when one of them is negative
   */
  public static long shards(long recordBytes, long recordsPerSecond, int pollingConsumers) {
    if (recordBytes < 0 || recordsPerSecond < 0 || pollingConsumers < 0) {
      throw new IllegalArgumentException(
          "negative: %d bytes, %d records/s, %d consumers"
              .formatted(recordBytes, recordsPerSecond, pollingConsumers));
    }
    long inKibPerSecond = Math.multiplyExact(ceilDiv(recordBytes, KIB), recordsPerSecond);
    long outKibPerSecond = Math.multiplyExact(inKibPerSecond, pollingConsumers);
    long shards = Math.max(ceilDiv(inKibPerSecond, KIB), ceilDiv(recordsPerSecond, 1_000));
    return Math.max(1, Math.max(shards, ceilDiv(outKibPerSecond, 2 * KIB)));
  }

  private static long ceilDiv(long value, long divisor) {
    return value / divisor + (value % divisor == 0 ? 0 : 1);
  }
}
