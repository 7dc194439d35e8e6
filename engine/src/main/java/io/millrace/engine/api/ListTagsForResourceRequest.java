package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.RESOURCE_ARN;

/**
 * ListTagsForResource: all tags of a stream or a registered consumer.
 *
 * @param resourceARN the stream or the consumer; required
 */
public record ListTagsForResourceRequest(String resourceARN) implements ResourceRequest {

  @Override
  public void validate() {
    new Violations()
        .required("resourceARN", resourceARN)
        .text("resourceARN", resourceARN, RESOURCE_ARN)
        .throwIfAny();
  }
}
