package io.millrace.processors.api;

import java.util.OptionalLong;

/**
 * What a mapping has done since the engine was opened.
 *
 * @param polledRecords records read from the stream
 * @param filteredOutRecords records that the filter dropped
 * @param invocations calls that reached the function
 * @param throttles calls that did not
 * @param failures calls that failed, wholly or in part
 * @param processedRecords records that the function has finished
 * @param processedBytes their data, bytes
 * @param discardedRecords records that were given up
 * @param failedNotices notices that their destination did not take
 * @param iteratorAgeMillis IteratorAge: from the arrival of the last record of the newest call to
 *     the end of that call, milliseconds; empty before the first
 */
public record MappingMetrics(
    long polledRecords,
    long filteredOutRecords,
    long invocations,
    long throttles,
    long failures,
    long processedRecords,
    long processedBytes,
    long discardedRecords,
    long failedNotices,
    OptionalLong iteratorAgeMillis) {

  /** Nothing yet. */
  public static final MappingMetrics NONE =
      new MappingMetrics(0, 0, 0, 0, 0, 0, 0, 0, 0, OptionalLong.empty());
}
