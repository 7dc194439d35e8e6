package io.millrace.engine.api;

import io.millrace.engine.model.Account;
import io.millrace.engine.model.StreamArn;
import io.millrace.engine.model.StreamName;

/**
 * A stream as a caller names it: by name, by ARN, or by both.
 *
 * @param streamName the name, or null
 * @param streamARN the ARN, or null
 */
public record StreamReference(String streamName, String streamARN) {

  /**
   * The name of the stream that is meant. Whether there is such a stream is not looked at. Expects
   * members that passed {@link Request#validate()}.
   *
   * <p>An ARN of another account is one that does not exist here: an engine holds the streams of
   * one account. Who may call from another one is decided before, by whoever knows the caller.
   *
   * @param home the account and region that the caller speaks to
   * @throws InvalidArgumentException when neither name nor ARN is there, or they do not name the
   *     same stream
   * @throws ResourceNotFoundException when the ARN alone is there and is of another partition,
   *     region or account, or not that of a stream
   */
  public StreamName resolve(Account home) {
    if (streamARN == null) {
      if (streamName == null) {
        throw new InvalidArgumentException("Either StreamName or StreamARN must be specified.");
      }
      return new StreamName(streamName);
    }
    StreamName named =
        StreamArn.parse(streamARN)
            .filter(arn -> arn.account().equals(home))
            .map(StreamArn::streamName)
            .orElse(null);
    if (streamName != null && (named == null || !named.value().equals(streamName))) {
      throw new InvalidArgumentException(
          "StreamName %s and StreamARN %s do not name the same stream."
              .formatted(streamName, streamARN));
    }
    if (named == null) {
      throw ResourceNotFoundException.stream(streamARN, home);
    }
    return named;
  }
}
