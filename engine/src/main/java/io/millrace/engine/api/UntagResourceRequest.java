package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.RESOURCE_ARN;

import java.util.List;

/**
 * UntagResource: takes tags from a stream or a registered consumer. Keys that it does not have are
 * passed over.
 *
 * @param resourceARN the stream or the consumer; required
 * @param tagKeys the keys, 1 to 50; required
 */
public record UntagResourceRequest(String resourceARN, List<String> tagKeys)
    implements ResourceRequest {

  /** Copies the list. */
  public UntagResourceRequest {
    tagKeys = Tags.copy(tagKeys);
  }

  @Override
  public void validate() {
    Tags.validateKeys(
            tagKeys,
            new Violations()
                .required("resourceARN", resourceARN)
                .text("resourceARN", resourceARN, RESOURCE_ARN))
        .throwIfAny();
  }
}
