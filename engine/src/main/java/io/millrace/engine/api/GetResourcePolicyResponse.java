package io.millrace.engine.api;

/**
 * The policy of a stream or a registered consumer.
 *
 * @param policy the document as it was put
 */
public record GetResourcePolicyResponse(String policy) {}
