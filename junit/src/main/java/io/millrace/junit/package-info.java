/**
 * For tests of those who use Kinesis: {@link io.millrace.junit.MillraceTest} starts an engine and
 * hands clients for it to test methods.
 */
package io.millrace.junit;
