package io.millrace.engine.stream;

import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;

/**
 * A registered consumer as its stream's view shows it.
 *
 * @param name its name
 * @param arn its ARN; no other registration of this engine's stream has it
 * @param status where it is in its life
 * @param createdMillis when it was registered, epoch milliseconds
 */
public record ConsumerView(
    ConsumerName name, String arn, ConsumerStatus status, long createdMillis) {}
