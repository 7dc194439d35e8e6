package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.NEXT_TOKEN;
import static io.millrace.engine.api.Constraints.PAGE;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

/**
 * ListStreams: every stream of the account, page by page in the order of their names.
 *
 * @param limit how many streams to show, 1 to 10000; null for 100, and more than 100 are never
 *     shown
 * @param exclusiveStartStreamName the stream after which the page starts; null for the first page
 *     or with {@code nextToken}
 * @param nextToken the token of the page before; null for the first page or with {@code
 *     exclusiveStartStreamName}
 */
public record ListStreamsRequest(Integer limit, String exclusiveStartStreamName, String nextToken)
    implements Request {

  /** The first page. */
  public static ListStreamsRequest all() {
    return new ListStreamsRequest(null, null, null);
  }

  /** The page after the one that gave this token. */
  public static ListStreamsRequest next(String nextToken) {
    return new ListStreamsRequest(null, null, nextToken);
  }

  /** The page that starts after the stream of this name. */
  public static ListStreamsRequest after(String exclusiveStartStreamName) {
    return new ListStreamsRequest(null, exclusiveStartStreamName, null);
  }

  /** The same page, with at most so many streams. */
  public ListStreamsRequest withLimit(int limit) {
    return new ListStreamsRequest(limit, exclusiveStartStreamName, nextToken);
  }

  @Override
  public void validate() {
    new Violations()
        .number("limit", limit, PAGE)
        .text("exclusiveStartStreamName", exclusiveStartStreamName, STREAM_NAME)
        .text("nextToken", nextToken, NEXT_TOKEN)
        .throwIfAny();
  }

  @Override
  public void checkArguments() {
    if (nextToken != null && exclusiveStartStreamName != null) {
      throw new InvalidArgumentException(
          "NextToken and ExclusiveStartStreamName cannot be specified together.");
    }
  }
}
