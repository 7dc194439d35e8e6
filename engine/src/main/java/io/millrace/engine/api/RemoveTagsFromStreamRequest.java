package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import java.util.List;

/**
 * RemoveTagsFromStream: takes tags from a stream. Keys that it does not have are passed over.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param tagKeys the keys, 1 to 50; required
 */
public record RemoveTagsFromStreamRequest(String streamName, String streamARN, List<String> tagKeys)
    implements StreamRequest {

  /** Copies the list. */
  public RemoveTagsFromStreamRequest {
    tagKeys = Tags.copy(tagKeys);
  }

  /** Keys of tags of the stream of this name. */
  public static RemoveTagsFromStreamRequest of(String streamName, String... tagKeys) {
    return new RemoveTagsFromStreamRequest(streamName, null, List.of(tagKeys));
  }

  @Override
  public void validate() {
    Tags.validateKeys(
            tagKeys,
            new Violations()
                .text("streamName", streamName, STREAM_NAME)
                .text("streamARN", streamARN, STREAM_ARN))
        .throwIfAny();
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
