package io.millrace.gateway.settings;

/**
 * How much a door lets in at once.
 *
 * @param maxBodyBytes the largest body; a larger one is answered with 413
 * @param maxBufferedBytes bodies of all calls under way together, and of replies that are not
 *     written yet; a request that comes on top is answered with 503
 * @param maxConnections connections at once; further ones are closed
 * @param maxCallsPerConnection calls at once on one HTTP/2 connection; on HTTP/1.1 it is one
 */
public record Bounds(
    int maxBodyBytes, long maxBufferedBytes, int maxConnections, int maxCallsPerConnection) {}
