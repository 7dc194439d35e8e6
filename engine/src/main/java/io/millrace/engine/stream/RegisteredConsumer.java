package io.millrace.engine.stream;

import io.millrace.engine.model.ConsumerArn;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;

/**
 * A registered consumer of a stream. Name and creation time together are its identity.
 *
 * @param name its name
 * @param createdMillis when it was registered, epoch milliseconds
 * @param status where it is in its life
 */
record RegisteredConsumer(ConsumerName name, long createdMillis, ConsumerStatus status) {

  /** The creation time that its ARN carries, epoch seconds. */
  long createdSeconds() {
    return Math.floorDiv(createdMillis, 1000L);
  }

  RegisteredConsumer in(ConsumerStatus next) {
    return new RegisteredConsumer(name, createdMillis, next);
  }

  ConsumerView view(String streamArn) {
    return new ConsumerView(
        name, ConsumerArn.text(streamArn, name, createdSeconds()), status, createdMillis);
  }
}
