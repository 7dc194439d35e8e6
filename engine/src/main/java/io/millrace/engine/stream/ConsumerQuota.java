package io.millrace.engine.stream;

/**
 * How many registered consumers a stream may have.
 *
 * @param consumers in any status
 * @param creating in status CREATING
 */
record ConsumerQuota(int consumers, int creating) {}
