package io.millrace.benchmarks;

import java.time.Duration;

/**
 * How long a measurement takes.
 *
 * @param warmUp under full load, not counted
 * @param measured counted
 */
record Span(Duration warmUp, Duration measured) {}
