package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;
import static io.millrace.engine.api.Constraints.TAGS_PAGE;
import static io.millrace.engine.api.Constraints.TAG_KEY;

/**
 * ListTagsForStream: a page of a stream's tags, in the order of their keys.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param exclusiveStartTagKey the last key of the page before; null for the first page
 * @param limit how many tags to show, 1 to 50; null for 50
 */
public record ListTagsForStreamRequest(
    String streamName, String streamARN, String exclusiveStartTagKey, Integer limit)
    implements StreamRequest {

  /** The first page of the stream of this name. */
  public static ListTagsForStreamRequest of(String streamName) {
    return new ListTagsForStreamRequest(streamName, null, null, null);
  }

  /** The page after this key. */
  public ListTagsForStreamRequest after(String exclusiveStartTagKey) {
    return new ListTagsForStreamRequest(streamName, streamARN, exclusiveStartTagKey, limit);
  }

  /** The same page, with at most so many tags. */
  public ListTagsForStreamRequest withLimit(int limit) {
    return new ListTagsForStreamRequest(streamName, streamARN, exclusiveStartTagKey, limit);
  }

  @Override
  public void validate() {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .text("streamARN", streamARN, STREAM_ARN)
        .text("exclusiveStartTagKey", exclusiveStartTagKey, TAG_KEY)
        .number("limit", limit, TAGS_PAGE)
        .throwIfAny();
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
