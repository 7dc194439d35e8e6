package io.millrace.engine.stream;

import io.millrace.engine.model.ConsumerName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A change of the tags or the policy of a stream or of one of its registered consumers. */
sealed interface AttachmentChange {

  /** The consumer that is changed; empty for the stream itself. */
  Optional<Consumer> consumer();

  /**
   * One life of a consumer's name.
   *
   * @param createdMillis when it was registered, epoch milliseconds
   */
  record Consumer(ConsumerName name, long createdMillis) {}

  /** Adds tags, or gives their keys other values. Refused {@code INVALID_ARGUMENT} above 50. */
  record AddTags(Optional<Consumer> consumer, Map<String, String> tags)
      implements AttachmentChange {}

  /** Removes tags; unknown keys are passed over. */
  record RemoveTags(Optional<Consumer> consumer, List<String> keys) implements AttachmentChange {}

  /** Puts a valid policy in place of the present one. */
  record PutPolicy(Optional<Consumer> consumer, String policy) implements AttachmentChange {}

  /** Deletes the policy. Refused {@code RESOURCE_NOT_FOUND} when there is none. */
  record DeletePolicy(Optional<Consumer> consumer) implements AttachmentChange {}
}
