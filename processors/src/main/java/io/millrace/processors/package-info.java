/**
 * Processors: functions fed by streams, with the semantics of an event source mapping of AWS
 * Lambda. {@link io.millrace.processors.Processors} is the way in.
 */
package io.millrace.processors;
