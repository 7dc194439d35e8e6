package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.RESOURCE_ARN;

import java.util.Map;

/**
 * TagResource: gives a stream or a registered consumer tags. A key that it has gets another value.
 *
 * <p>Refused with {@link InvalidArgumentException} when it would have more than 50 tags, or a key
 * begins with {@code aws:}.
 *
 * @param resourceARN the stream or the consumer; required
 * @param tags the tags, 1 to 200, values by keys; required
 */
public record TagResourceRequest(String resourceARN, Map<String, String> tags)
    implements ResourceRequest {

  /** Copies the map. */
  public TagResourceRequest {
    tags = Tags.copy(tags);
  }

  @Override
  public void validate() {
    Tags.validate(
            tags,
            new Violations()
                .required("tags", tags)
                .required("resourceARN", resourceARN)
                .text("resourceARN", resourceARN, RESOURCE_ARN))
        .throwIfAny();
  }

  @Override
  public void checkArguments() {
    Tags.check(tags);
  }
}
