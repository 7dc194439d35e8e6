/**
 * The door: one port for HTTP/1.1 and HTTP/2, plain and TLS. It reads whole requests within their
 * bounds, hands them to the desk, and writes what comes back as fast as the client takes it.
 */
package io.millrace.gateway.http;
