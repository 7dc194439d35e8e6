package io.millrace.engine.shard;

/**
 * What one shard takes and gives in a second. Burst capacities are one second's worth.
 *
 * @param writeBytesPerSecond bytes of data and keys put
 * @param writeRecordsPerSecond records put
 * @param readBytesPerSecond bytes of data and keys read by {@code GetRecords}, all readers together
 * @param readCallsPerSecond calls of {@code GetRecords}, all readers together
 */
public record ShardLimits(
    int writeBytesPerSecond,
    int writeRecordsPerSecond,
    int readBytesPerSecond,
    int readCallsPerSecond) {

  /** The limits of Kinesis: 1 MiB/s and 1,000 records/s in, 2 MiB/s and 5 calls/s out. */
  public static final ShardLimits KINESIS = new ShardLimits(1 << 20, 1000, 2 << 20, 5);

  public ShardLimits {
    if (writeBytesPerSecond < 1
        || writeRecordsPerSecond < 1
        || readBytesPerSecond < 1
        || readCallsPerSecond < 1) {
      throw new IllegalArgumentException("limits must be above 0");
    }
  }
}
