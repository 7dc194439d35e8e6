package io.millrace.processors.lane;

/**
 * A moment, as the machine is told it.
 *
 * @param epochMillis wall time, for the age of records
 * @param nanoTime monotonic time, for waiting
 * @param horizonMillis records that arrived before this wall time have expired from the stream
 */
public record Moment(long epochMillis, long nanoTime, long horizonMillis) {}
