package io.millrace.engine.stream;

import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;

/**
 * A registered consumer as its stream's view shows it.
 *
 * @param name its name
 * @param arn its ARN, which no other consumer of the stream ever has
 * @param status where it is in its life
 * @param createdMillis when it was registered, epoch milliseconds
 */
public record ConsumerView(
    ConsumerName name, String arn, ConsumerStatus status, long createdMillis) {}
