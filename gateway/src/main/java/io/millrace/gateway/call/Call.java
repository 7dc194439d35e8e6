package io.millrace.gateway.call;

/**
 * A request as it came.
 *
 * @param method the HTTP method
 * @param uri path and query
 * @param headers its headers
 * @param body its whole body; not to be written to
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Call(String method, String uri, Headers headers, byte[] body) {}
