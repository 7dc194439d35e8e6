package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.NEXT_TOKEN;
import static io.millrace.engine.api.Constraints.PAGE;
import static io.millrace.engine.api.Constraints.STREAM_ARN;

import java.time.Instant;

/**
 * ListStreamConsumers: the registered consumers of a stream, page by page in the order of their
 * names.
 *
 * @param streamARN the stream; required
 * @param nextToken the token of the page before; null for the first page
 * @param maxResults how many consumers to show, 1 to 10000; null for 100, and more than 100 are
 *     never shown
 * @param streamCreationTimestamp when the stream was created, to tell it from another one that had
 *     its name; null for the one that has it now, or with {@code nextToken}
 */
public record ListStreamConsumersRequest(
    String streamARN, String nextToken, Integer maxResults, Instant streamCreationTimestamp)
    implements StreamRequest {

  /** The first page of the stream of this ARN. */
  public static ListStreamConsumersRequest of(String streamARN) {
    return new ListStreamConsumersRequest(streamARN, null, null, null);
  }

  /** The page of the same stream after the one that gave this token. */
  public ListStreamConsumersRequest next(String nextToken) {
    return new ListStreamConsumersRequest(streamARN, nextToken, maxResults, null);
  }

  /** The same page, with at most so many consumers. */
  public ListStreamConsumersRequest withMaxResults(int maxResults) {
    return new ListStreamConsumersRequest(
        streamARN, nextToken, maxResults, streamCreationTimestamp);
  }

  /** The same page, if the stream was created at this time. */
  public ListStreamConsumersRequest withStreamCreationTimestamp(Instant streamCreationTimestamp) {
    return new ListStreamConsumersRequest(
        streamARN, nextToken, maxResults, streamCreationTimestamp);
  }

  @Override
  public void validate() {
    new Violations()
        .required("streamARN", streamARN)
        .text("streamARN", streamARN, STREAM_ARN)
        .text("nextToken", nextToken, NEXT_TOKEN)
        .number("maxResults", maxResults, PAGE)
        .throwIfAny();
  }

  @Override
  public void checkArguments() {
    if (nextToken != null && streamCreationTimestamp != null) {
      throw new InvalidArgumentException(
          "NextToken and StreamCreationTimestamp cannot be specified together.");
    }
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(null, streamARN);
  }
}
