package io.millrace.engine.api;

import java.util.List;

/**
 * A page of a stream's tags.
 *
 * @param tags the tags, by key
 * @param hasMoreTags whether there are tags after them
 */
public record ListTagsForStreamResponse(List<Tag> tags, boolean hasMoreTags) {

  public ListTagsForStreamResponse {
    tags = List.copyOf(tags);
  }
}
