package io.millrace.gateway.access;

import io.millrace.engine.access.ConditionKeys;
import io.millrace.engine.access.RequestedResource;
import io.millrace.engine.api.AddTagsToStreamRequest;
import io.millrace.engine.api.CreateChannelRequest;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.RemoveTagsFromStreamRequest;
import io.millrace.engine.api.Request;
import io.millrace.engine.api.TagResourceRequest;
import io.millrace.engine.api.UntagResourceRequest;
import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The values of the condition keys for one call. */
final class RequestContext {

  private final Map<String, List<String>> values = new TreeMap<>();

  private RequestContext() {}

  static Map<String, List<String>> of(
      Call call,
      Caller caller,
      Request request,
      Optional<RequestedResource> resource,
      String resourceAccount,
      String region,
      Instant now) {
    RequestContext context = new RequestContext();
    context.add(ConditionKeys.CURRENT_TIME, now.toString());
    context.add(ConditionKeys.EPOCH_TIME, Long.toString(now.getEpochSecond()));
    context.add(ConditionKeys.PRINCIPAL_ARN, caller.principal().arn());
    context.add(ConditionKeys.PRINCIPAL_ACCOUNT, caller.principal().accountId());
    context.add(ConditionKeys.USER_NAME, caller.principal().name());
    context.add(ConditionKeys.RESOURCE_ACCOUNT, resourceAccount);
    context.add(ConditionKeys.REQUESTED_REGION, region);
    context.add(ConditionKeys.SECURE_TRANSPORT, Boolean.toString(call.origin().isSecure()));
    context.addIfKnown(ConditionKeys.SOURCE_IP, call.origin().address());
    context.addIfKnown(ConditionKeys.USER_AGENT, call.headers().first("User-Agent"));
    resource.ifPresent(
        found ->
            found
                .tags()
                .forEach((key, value) -> context.add(ConditionKeys.resourceTag(key), value)));
    givenTags(request).forEach((key, value) -> context.add(ConditionKeys.requestTag(key), value));
    tagKeys(request).forEach(key -> context.add(ConditionKeys.TAG_KEYS, key));
    return context.values;
  }

  private void add(String key, String value) {
    values.computeIfAbsent(key, absent -> new ArrayList<>()).add(value);
  }

  private void addIfKnown(String key, String value) {
    if (!value.isEmpty()) {
      add(key, value);
    }
  }

  private static Collection<String> tagKeys(Request request) {
    if (request instanceof RemoveTagsFromStreamRequest remove) {
      return remove.tagKeys();
    }
    return request instanceof UntagResourceRequest untag
        ? untag.tagKeys()
        : givenTags(request).keySet();
  }

  private static Map<String, String> givenTags(Request request) {
    Map<String, String> tags = null;
    if (request instanceof CreateStreamRequest create) {
      tags = create.tags();
    } else if (request instanceof RegisterStreamConsumerRequest register) {
      tags = register.tags();
    } else if (request instanceof CreateChannelRequest create) {
      tags = create.tags();
    } else if (request instanceof AddTagsToStreamRequest add) {
      tags = add.tags();
    } else if (request instanceof TagResourceRequest tag) {
      tags = tag.tags();
    }
    return tags == null ? Map.of() : tags;
  }
}
