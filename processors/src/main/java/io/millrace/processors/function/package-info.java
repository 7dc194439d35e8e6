/**
 * Functions: handlers of AWS Lambda as they are, and plain Java ones. {@link
 * io.millrace.processors.function.Functions} makes all of them {@link
 * io.millrace.processors.function.ProcessorFunction}s.
 */
package io.millrace.processors.function;
