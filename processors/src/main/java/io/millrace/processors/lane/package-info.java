/**
 * The lanes of a shard as a deterministic machine: it is told what has arrived and how calls ended,
 * and says what to do next. No actors, no clock, no threads. {@link
 * io.millrace.processors.lane.ShardLanes} is the way in.
 */
package io.millrace.processors.lane;
