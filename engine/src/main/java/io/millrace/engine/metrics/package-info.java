/**
 * What an engine counts of itself, for Micrometer: which meters there are, who has them, and when
 * they go. The rooms call it where something happens; it knows none of them.
 */
package io.millrace.engine.metrics;
