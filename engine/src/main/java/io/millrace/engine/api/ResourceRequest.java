package io.millrace.engine.api;

/** A request that names a stream, a registered consumer or a channel by its ARN. */
public sealed interface ResourceRequest extends Request
    permits TagResourceRequest,
        UntagResourceRequest,
        ListTagsForResourceRequest,
        PutResourcePolicyRequest,
        GetResourcePolicyRequest,
        DeleteResourcePolicyRequest {

  /** The ARN of the stream or of the registered consumer; required. */
  String resourceARN();
}
