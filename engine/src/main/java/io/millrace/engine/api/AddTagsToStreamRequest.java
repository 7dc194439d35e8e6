package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import java.util.Map;

/**
 * AddTagsToStream: gives a stream tags. A key that it has gets another value.
 *
 * <p>Refused with {@link InvalidArgumentException} when the stream would have more than 50 tags, or
 * a key begins with {@code aws:}.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param tags the tags, 1 to 200, values by keys; required
 */
public record AddTagsToStreamRequest(String streamName, String streamARN, Map<String, String> tags)
    implements StreamRequest {

  /** Copies the map. */
  public AddTagsToStreamRequest {
    tags = Tags.copy(tags);
  }

  /** Tags for the stream of this name. */
  public static AddTagsToStreamRequest of(String streamName, Map<String, String> tags) {
    return new AddTagsToStreamRequest(streamName, null, tags);
  }

  @Override
  public void validate() {
    Tags.validate(
            tags,
            new Violations()
                .text("streamName", streamName, STREAM_NAME)
                .text("streamARN", streamARN, STREAM_ARN)
                .required("tags", tags))
        .throwIfAny();
  }

  @Override
  public void checkArguments() {
    Tags.check(tags);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
