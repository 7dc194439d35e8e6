package io.millrace.channels.delivery;

/**
 * Why a record cannot be delivered.
 *
 * @param code {@code InvalidJson} or {@code InvalidUtf8}
 * @param message a sentence for people
 */
record Fault(String code, String message) {}
