/**
 * A server that speaks the wire API of Amazon Kinesis: {@link io.millrace.gateway.Gateway}. The
 * packages below are its rooms and may change at any time.
 */
package io.millrace.gateway;
