package io.millrace.engine.stream;

import io.millrace.engine.access.InvalidPolicyException;
import io.millrace.engine.access.PolicyDocument;
import io.millrace.engine.api.AddTagsToStreamRequest;
import io.millrace.engine.api.DeleteResourcePolicyRequest;
import io.millrace.engine.api.GetResourcePolicyRequest;
import io.millrace.engine.api.GetResourcePolicyResponse;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ListTagsForResourceRequest;
import io.millrace.engine.api.ListTagsForResourceResponse;
import io.millrace.engine.api.ListTagsForStreamRequest;
import io.millrace.engine.api.ListTagsForStreamResponse;
import io.millrace.engine.api.PutResourcePolicyRequest;
import io.millrace.engine.api.RemoveTagsFromStreamRequest;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.ResourceRequest;
import io.millrace.engine.api.StreamRequest;
import io.millrace.engine.api.Tag;
import io.millrace.engine.api.TagResourceRequest;
import io.millrace.engine.api.UntagResourceRequest;
import io.millrace.engine.internal.CallRates.Call;
import io.millrace.engine.model.ChannelArn;
import io.millrace.engine.stream.AttachmentChange.AddTags;
import io.millrace.engine.stream.AttachmentChange.DeletePolicy;
import io.millrace.engine.stream.AttachmentChange.PutPolicy;
import io.millrace.engine.stream.AttachmentChange.RemoveTags;
import io.millrace.engine.stream.StreamLookup.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Where requests about tags and resource policies are answered: listings from the published views,
 * changes by the stream. Throws and works like {@link StreamDesk}.
 */
public final class AttachmentDesk {

  private static final int PAGE = 50;

  private final FrontDesk front;
  private final Supplier<AccountChannels> channels;

  /**
   * A desk.
   *
   * @param channels has the tags of channels
   */
  public AttachmentDesk(FrontDesk front, Supplier<AccountChannels> channels) {
    this.front = front;
    this.channels = channels;
  }

  // tags

  /** AddTagsToStream. */
  public CompletionStage<Void> addTags(AddTagsToStreamRequest request) {
    StreamView stream = admitted(request, Call.ADD_TAGS_TO_STREAM);
    return change(stream, new AddTags(Optional.empty(), request.tags()));
  }

  /** RemoveTagsFromStream. */
  public CompletionStage<Void> removeTags(RemoveTagsFromStreamRequest request) {
    StreamView stream = admitted(request, Call.REMOVE_TAGS_FROM_STREAM);
    return change(stream, new RemoveTags(Optional.empty(), request.tagKeys()));
  }

  /** ListTagsForStream. */
  public ListTagsForStreamResponse listTags(ListTagsForStreamRequest request) {
    Map<String, String> tags =
        admitted(request, Call.LIST_TAGS_FOR_STREAM).attachments().stream().tags();
    String after = request.exclusiveStartTagKey();
    List<Tag> rest =
        tags(tags).stream().filter(tag -> after == null || tag.key().compareTo(after) > 0).toList();
    int limit = request.limit() == null ? PAGE : request.limit();
    return new ListTagsForStreamResponse(
        rest.subList(0, Math.min(limit, rest.size())), rest.size() > limit);
  }

  /** TagResource. */
  public CompletionStage<Void> tag(TagResourceRequest request) {
    Optional<Map<String, String>> channel = ofChannel(request, Call.TAG_RESOURCE);
    if (channel.isPresent()) {
      return channels.get().addTags(request.resourceARN(), request.tags());
    }
    Resource resource = admitted(request, Call.TAG_RESOURCE);
    return change(resource.stream(), new AddTags(consumer(resource), request.tags()));
  }

  /** UntagResource. */
  public CompletionStage<Void> untag(UntagResourceRequest request) {
    Optional<Map<String, String>> channel = ofChannel(request, Call.UNTAG_RESOURCE);
    if (channel.isPresent()) {
      return channels.get().removeTags(request.resourceARN(), request.tagKeys());
    }
    Resource resource = admitted(request, Call.UNTAG_RESOURCE);
    return change(resource.stream(), new RemoveTags(consumer(resource), request.tagKeys()));
  }

  /** ListTagsForResource. */
  public ListTagsForResourceResponse listTags(ListTagsForResourceRequest request) {
    return new ListTagsForResourceResponse(
        tags(
            ofChannel(request, Call.LIST_TAGS_FOR_RESOURCE)
                .orElseGet(
                    () -> admitted(request, Call.LIST_TAGS_FOR_RESOURCE).attached().tags())));
  }

  /** The tags of the channel that a request names; empty when it names something else. */
  private Optional<Map<String, String>> ofChannel(ResourceRequest request, Call call) {
    request.validate();
    String arn = request.resourceARN();
    if (ChannelArn.parse(arn).isEmpty()) {
      return Optional.empty();
    }
    Optional<Map<String, String>> tags = channels.get().tags(arn);
    if (tags.isEmpty()) {
      throw ResourceNotFoundException.channel(arn, front.lookup().account());
    }
    front.count(call);
    request.checkArguments();
    return tags.map(TreeMap::new);
  }

  private static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream().map(tag -> new Tag(tag.getKey(), tag.getValue())).toList();
  }

  // policies

  /** PutResourcePolicy. */
  public CompletionStage<Void> putPolicy(PutResourcePolicyRequest request) {
    Resource resource = admitted(request, Call.PUT_RESOURCE_POLICY);
    try {
      PolicyDocument.ofResource(request.policy(), request.resourceARN());
    } catch (InvalidPolicyException refused) {
      StreamLookup.requireStatus(resource.stream(), StatusRule.CHANGE_ATTACHMENTS);
      throw new InvalidArgumentException(refused.getMessage());
    }
    return change(resource.stream(), new PutPolicy(consumer(resource), request.policy()));
  }

  /** GetResourcePolicy. */
  public GetResourcePolicyResponse getPolicy(GetResourcePolicyRequest request) {
    return admitted(request, Call.GET_RESOURCE_POLICY)
        .attached()
        .policy()
        .map(GetResourcePolicyResponse::new)
        .orElseThrow(
            () ->
                new ResourceNotFoundException(
                    "Resource %s has no policy.".formatted(request.resourceARN())));
  }

  /** DeleteResourcePolicy. */
  public CompletionStage<Void> deletePolicy(DeleteResourcePolicyRequest request) {
    Resource resource = admitted(request, Call.DELETE_RESOURCE_POLICY);
    return change(resource.stream(), new DeletePolicy(consumer(resource)));
  }

  // what both share

  private StreamView admitted(StreamRequest request, Call call) {
    StreamView stream = front.admitted(request, call);
    FrontDesk.checkArguments(request, stream, StatusRule.CHANGE_ATTACHMENTS);
    return stream;
  }

  private Resource admitted(ResourceRequest request, Call call) {
    request.validate();
    Resource resource = front.lookup().requireResource(request.resourceARN());
    front.count(call);
    FrontDesk.checkArguments(request, resource.stream(), StatusRule.CHANGE_ATTACHMENTS);
    return resource;
  }

  private static Optional<AttachmentChange.Consumer> consumer(Resource resource) {
    return resource
        .consumer()
        .map(view -> new AttachmentChange.Consumer(view.name(), view.createdMillis()));
  }

  private CompletionStage<Void> change(StreamView stream, AttachmentChange change) {
    return front
        .askStream(stream, replyTo -> new StreamCommand.ChangeAttachments(change, replyTo))
        .thenApply(reply -> null);
  }
}
