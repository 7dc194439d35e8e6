package io.millrace.engine.api;

/**
 * The warm throughput of an on-demand stream.
 *
 * @param targetMiBps what it is to be ready for, MiB/s; 0 for none
 * @param currentMiBps how much of that it is ready for now, MiB/s
 */
public record WarmThroughputObject(int targetMiBps, int currentMiBps) {}
