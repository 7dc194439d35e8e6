package io.millrace.engine.api;

import java.util.List;

/**
 * The tags of a stream or a registered consumer.
 *
 * @param tags all of them, by key
 */
public record ListTagsForResourceResponse(List<Tag> tags) {

  public ListTagsForResourceResponse {
    tags = List.copyOf(tags);
  }
}
