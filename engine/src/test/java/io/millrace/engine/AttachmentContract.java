package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.AddTagsToStreamRequest;
import io.millrace.engine.api.Consumer;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DeleteResourcePolicyRequest;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.DeregisterStreamConsumerRequest;
import io.millrace.engine.api.DescribeStreamConsumerRequest;
import io.millrace.engine.api.GetResourcePolicyRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.ListTagsForResourceRequest;
import io.millrace.engine.api.ListTagsForStreamRequest;
import io.millrace.engine.api.ListTagsForStreamResponse;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.PutResourcePolicyRequest;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.RemoveTagsFromStreamRequest;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.Tag;
import io.millrace.engine.api.TagResourceRequest;
import io.millrace.engine.api.UntagResourceRequest;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.StreamStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tags and resource policies of streams and of registered consumers. */
public abstract class AttachmentContract extends StreamClientContract {

  private static final String MILLER = "arn:aws:iam::123456789012:user/miller";

  private Map<String, String> tags(String stream) {
    return byKey(get(client().listTagsForStream(ListTagsForStreamRequest.of(stream))).tags());
  }

  private Map<String, String> tagsOf(String resourceArn) {
    return byKey(
        get(client().listTagsForResource(new ListTagsForResourceRequest(resourceArn))).tags());
  }

  private static Map<String, String> byKey(List<Tag> tags) {
    Map<String, String> byKey = new LinkedHashMap<>();
    tags.forEach(tag -> byKey.put(tag.key(), tag.value()));
    return byKey;
  }

  private static Map<String, String> numbered(int from, int to) {
    return IntStream.range(from, to)
        .boxed()
        .collect(Collectors.toMap("key-%02d"::formatted, number -> "value-" + number));
  }

  private CompletionStage<Void> addTags(String stream, Map<String, String> tags) {
    return client().addTagsToStream(AddTagsToStreamRequest.of(stream, tags));
  }

  private CompletionStage<Void> tag(String resourceArn, Map<String, String> tags) {
    return client().tagResource(new TagResourceRequest(resourceArn, tags));
  }

  private CompletionStage<Void> untag(String resourceArn, String... keys) {
    return client().untagResource(new UntagResourceRequest(resourceArn, List.of(keys)));
  }

  private Consumer register(String stream, String name, Map<String, String> tags) {
    return get(client()
            .registerStreamConsumer(new RegisterStreamConsumerRequest(arn(stream), name, tags)))
        .consumer();
  }

  private Consumer registerActive(String stream, String name, Map<String, String> tags) {
    Consumer consumer = register(stream, name, tags);
    eventually(
        () ->
            assertThat(
                    get(client()
                            .describeStreamConsumer(
                                DescribeStreamConsumerRequest.of(consumer.consumerARN())))
                        .consumerDescription()
                        .consumerStatus())
                .isEqualTo(ConsumerStatus.ACTIVE));
    return consumer;
  }

  private CompletionStage<Void> putPolicy(String resourceArn, String policy) {
    return client().putResourcePolicy(new PutResourcePolicyRequest(resourceArn, policy));
  }

  private String policyOf(String resourceArn) {
    return get(client().getResourcePolicy(new GetResourcePolicyRequest(resourceArn))).policy();
  }

  private CompletionStage<Void> deletePolicy(String resourceArn) {
    return client().deleteResourcePolicy(new DeleteResourcePolicyRequest(resourceArn));
  }

  private static String policy(String principal, String action, String resource) {
    return """
    {"Version": "2012-10-17",
     "Statement": [{"Sid": "Share", "Effect": "Allow", "Principal": {"AWS": "%s"},
                    "Action": "%s", "Resource": "%s"}]}
    """
        .formatted(principal, action, resource);
  }

  private static String readable(String resource) {
    return policy(MILLER, "kinesis:Get*", resource);
  }

  // tags of streams

  @Test
  void aStreamHasTheTagsThatItWasGiven() {
    create("orders", 1);
    assertThat(tags("orders")).isEmpty();

    get(addTags("orders", Map.of("team", "mill", "cost", "7")));
    get(addTags("orders", Map.of("team", "grain", "empty", "")));
    get(tag(arn("orders"), Map.of("Größe 1", "a_b.c:d/e=f+g-h@i%j")));

    assertThat(tags("orders"))
        .containsExactlyEntriesOf(
            new LinkedHashMap<>(
                new TreeMap<>(
                    Map.of(
                        "Größe 1",
                        "a_b.c:d/e=f+g-h@i%j",
                        "cost",
                        "7",
                        "empty",
                        "",
                        "team",
                        "grain"))));
    assertThat(tagsOf(arn("orders"))).isEqualTo(tags("orders"));
  }

  @Test
  void tagsAreRemovedByKeysKnownOrNot() {
    create("orders", 1);
    get(addTags("orders", Map.of("a", "1", "b", "2", "c", "3")));

    get(client().removeTagsFromStream(RemoveTagsFromStreamRequest.of("orders", "a", "z")));
    assertThat(tags("orders").keySet()).containsExactly("b", "c");
    get(untag(arn("orders"), "c", "c", "y"));
    get(untag(arn("orders"), "y"));

    assertThat(tags("orders")).isEqualTo(Map.of("b", "2"));
  }

  @Test
  void tagsAreListedPageByPage() {
    create("orders", 1);
    get(addTags("orders", numbered(0, 50)));

    List<Tag> all = new ArrayList<>();
    ListTagsForStreamRequest next = ListTagsForStreamRequest.of("orders").withLimit(20);
    ListTagsForStreamResponse page = get(client().listTagsForStream(next));
    while (page.hasMoreTags()) {
      assertThat(page.tags()).hasSize(20);
      all.addAll(page.tags());
      page = get(client().listTagsForStream(next.after(all.get(all.size() - 1).key())));
    }
    all.addAll(page.tags());

    assertThat(page.tags()).hasSize(10);
    assertThat(all).extracting(Tag::key).isSorted().hasSize(50);
    assertThat(get(client().listTagsForStream(ListTagsForStreamRequest.of("orders"))).hasMoreTags())
        .isFalse();
    assertThat(
            get(client().listTagsForStream(ListTagsForStreamRequest.of("orders").after("zz")))
                .tags())
        .isEmpty();
  }

  @Test
  void aResourceHasFiftyTagsAtMost() {
    create("orders", 1);
    get(addTags("orders", numbered(0, 50)));

    failure(InvalidArgumentException.class, addTags("orders", Map.of("one-more", "")));
    failure(InvalidArgumentException.class, tag(arn("orders"), numbered(40, 60)));
    get(addTags("orders", Map.of("key-07", "other")));

    assertThat(tags("orders")).hasSize(50).containsEntry("key-07", "other");
    failure(InvalidArgumentException.class, addTags("orders", numbered(0, 51)));
    failure(
        InvalidArgumentException.class,
        client()
            .createStream(CreateStreamRequest.provisioned("bills", 1).withTags(numbered(0, 51))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws:team", "AWS:x", "a*b", "a,b", "a\"b", "a\u0000"})
  void somethingIsNoKeyOfATag(String key) {
    create("orders", 1);

    failure(InvalidArgumentException.class, addTags("orders", Map.of(key, "")));
    failure(InvalidArgumentException.class, tag(arn("orders"), Map.of(key, "")));
    failure(
        InvalidArgumentException.class,
        client()
            .createStream(CreateStreamRequest.provisioned("bills", 1).withTags(Map.of(key, ""))));
    failure(
        InvalidArgumentException.class,
        client()
            .registerStreamConsumer(
                new RegisterStreamConsumerRequest(arn("orders"), "audit", Map.of(key, ""))));
    assertThat(tags("orders")).isEmpty();
  }

  @Test
  void aValueHasTheCharactersOfAKey() {
    create("orders", 1);

    failure(InvalidArgumentException.class, addTags("orders", Map.of("a", "b*")));
    failure(ValidationException.class, addTags("orders", Map.of("a", "b".repeat(257))));
    failure(ValidationException.class, addTags("orders", Map.of()));
    get(addTags("orders", Map.of("a", "aws:b")));
  }

  @Test
  void tagsOfACreationAreThereWhileCreatingAndThenMayChange() {
    withManualTime("millrace.streams.creating-delay = 10s");
    get(
        client()
            .createStream(
                CreateStreamRequest.provisioned("orders", 1).withTags(Map.of("team", "mill"))));

    assertThat(describe("orders").streamStatus()).isEqualTo(StreamStatus.CREATING);
    assertThat(tags("orders")).isEqualTo(Map.of("team", "mill"));
    assertThat(tagsOf(arn("orders"))).isEqualTo(Map.of("team", "mill"));
    failure(ResourceInUseException.class, addTags("orders", Map.of("a", "b")));
    failure(ResourceInUseException.class, tag(arn("orders"), Map.of("a", "b")));
    failure(ResourceInUseException.class, untag(arn("orders"), "team"));
    failure(
        ResourceInUseException.class,
        client().removeTagsFromStream(RemoveTagsFromStreamRequest.of("orders", "team")));
    failure(ResourceInUseException.class, putPolicy(arn("orders"), readable(arn("orders"))));
    failure(ResourceInUseException.class, deletePolicy(arn("orders")));
    failure(
        ResourceNotFoundException.class,
        client().getResourcePolicy(new GetResourcePolicyRequest(arn("orders"))));

    manualTime().timePasses(Duration.ofSeconds(10));
    get(engine().awaitActive("orders"));
    get(addTags("orders", Map.of("a", "b")));
    assertThat(tags("orders")).isEqualTo(Map.of("a", "b", "team", "mill"));
  }

  @Test
  void aStreamThatIsBeingDeletedIsStillListedAndNoLongerChanged() {
    with("");
    create("orders", 1);
    get(addTags("orders", Map.of("team", "mill")));
    get(putPolicy(arn("orders"), readable(arn("orders"))));
    watched().holdErasures();
    get(client().deleteStream(DeleteStreamRequest.of("orders")));

    assertThat(tags("orders")).isEqualTo(Map.of("team", "mill"));
    assertThat(policyOf(arn("orders"))).isEqualTo(readable(arn("orders")));
    failure(ResourceInUseException.class, addTags("orders", Map.of("a", "b")));
    failure(ResourceInUseException.class, untag(arn("orders"), "team"));
    failure(ResourceInUseException.class, deletePolicy(arn("orders")));

    watched().releaseErasures();
    awaitGone("orders");
    failure(
        ResourceNotFoundException.class,
        client().listTagsForStream(ListTagsForStreamRequest.of("orders")));
    create("orders", 1);
    assertThat(tags("orders")).isEmpty();
    failure(
        ResourceNotFoundException.class,
        client().getResourcePolicy(new GetResourcePolicyRequest(arn("orders"))));
  }

  // tags of registered consumers

  @Test
  void aConsumerHasTagsOfItsOwnThatGoWithIt() {
    create("orders", 1);
    get(addTags("orders", Map.of("of", "stream")));
    Consumer audit = registerActive("orders", "audit", Map.of("of", "consumer"));
    String arn = audit.consumerARN();

    get(tag(arn, Map.of("more", "1")));
    get(putPolicy(arn, readable(arn)));

    assertThat(tagsOf(arn)).isEqualTo(Map.of("more", "1", "of", "consumer"));
    assertThat(tags("orders")).isEqualTo(Map.of("of", "stream"));
    get(untag(arn, "of"));
    assertThat(tagsOf(arn)).isEqualTo(Map.of("more", "1"));
    get(client().deregisterStreamConsumer(DeregisterStreamConsumerRequest.of(arn)));
    eventually(
        () ->
            failure(
                ResourceNotFoundException.class,
                client().listTagsForResource(new ListTagsForResourceRequest(arn))));
    Consumer again = register("orders", "audit", null);
    assertThat(tagsOf(again.consumerARN())).isEmpty();
    failure(
        ResourceNotFoundException.class,
        client().getResourcePolicy(new GetResourcePolicyRequest(again.consumerARN())));
  }

  @Test
  void aConsumerThatIsNotActiveIsNotChanged() {
    withManualTime("millrace.streams.consumer-delay = 10s");
    create("orders", 1);
    Consumer audit = register("orders", "audit", Map.of("team", "mill"));
    String arn = audit.consumerARN();

    assertThat(tagsOf(arn)).isEqualTo(Map.of("team", "mill"));
    failure(ResourceInUseException.class, tag(arn, Map.of("a", "b")));
    failure(ResourceInUseException.class, untag(arn, "team"));
    failure(ResourceInUseException.class, putPolicy(arn, readable(arn)));
  }

  // policies

  @Test
  void aPolicyIsKeptAsItWasPutUntilItIsReplacedOrDeleted() {
    create("orders", 1);
    String first = readable(arn("orders"));
    String second = policy("123456789012", "kinesis:PutRecord", arn("orders"));
    get(putPolicy(arn("orders"), first));
    assertThat(policyOf(arn("orders"))).isEqualTo(first);

    get(putPolicy(arn("orders"), second));
    get(putPolicy(arn("orders"), second));

    assertThat(policyOf(arn("orders"))).isEqualTo(second);
    get(deletePolicy(arn("orders")));
    failure(
        ResourceNotFoundException.class,
        client().getResourcePolicy(new GetResourcePolicyRequest(arn("orders"))));
    failure(ResourceNotFoundException.class, deletePolicy(arn("orders")));
  }

  @Test
  void aPolicyThatIsNoneIsRefused() {
    create("orders", 1);
    String arn = arn("orders");
    for (String wrong :
        List.of(
            "",
            "no json",
            "[]",
            "{}",
            readable(arn).replace("2012-10-17", "2013-12-02"),
            readable(arn).replace("Allow", "Perhaps"),
            readable(arn).replace("kinesis:Get*", "s3:GetObject"),
            readable(arn).replace("Principal", "Principals"),
            readable(arn("bills")),
            readable(arn).replace("Share", "S".repeat(20 * 1024)))) {
      failure(InvalidArgumentException.class, putPolicy(arn, wrong));
    }
    failure(
        ResourceNotFoundException.class,
        client().getResourcePolicy(new GetResourcePolicyRequest(arn)));
  }

  // what is not there

  @Test
  void onlyWhatIsThereHasTagsAndPolicies() {
    create("orders", 1);
    for (String nowhere :
        List.of(
            arn("bills"),
            arn("orders") + "/consumer/audit:1",
            arn("orders").replace(ACCOUNT, "123456789012"),
            arn("orders").replace("us-east-1", "eu-west-1"),
            arn("orders").replace("stream/", "channel/"))) {
      for (Supplier<CompletionStage<?>> call :
          List.<Supplier<CompletionStage<?>>>of(
              () -> tag(nowhere, Map.of("a", "b")),
              () -> untag(nowhere, "a"),
              () -> client().listTagsForResource(new ListTagsForResourceRequest(nowhere)),
              () -> putPolicy(nowhere, readable(nowhere)),
              () -> client().getResourcePolicy(new GetResourcePolicyRequest(nowhere)),
              () -> deletePolicy(nowhere))) {
        failure(ResourceNotFoundException.class, call.get());
      }
    }
    failure(ResourceNotFoundException.class, addTags("bills", Map.of("a", "b")));
    failure(ValidationException.class, tag("orders", Map.of("a", "b")));
  }

  @Test
  void callsAreCounted() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    String arn = arn("orders");
    for (Supplier<CompletionStage<?>> call :
        List.<Supplier<CompletionStage<?>>>of(
            () -> addTags("orders", Map.of("a", "b")),
            () -> client().removeTagsFromStream(RemoveTagsFromStreamRequest.of("orders", "a")),
            () -> client().listTagsForStream(ListTagsForStreamRequest.of("orders")),
            () -> tag(arn, Map.of("a", "b")),
            () -> untag(arn, "a"),
            () -> client().listTagsForResource(new ListTagsForResourceRequest(arn)),
            () -> putPolicy(arn, readable(arn)),
            () -> client().getResourcePolicy(new GetResourcePolicyRequest(arn)))) {
      for (int i = 0; i < 5; i++) {
        get(call.get());
      }
      assertThat(failure(LimitExceededException.class, call.get()).outcome())
          .isEqualTo(Outcome.THROTTLED);
    }
  }

  // restarts

  @Test
  void tagsAndPoliciesSurviveARestart() {
    with("");
    get(
        client()
            .createStream(
                CreateStreamRequest.provisioned("orders", 1).withTags(Map.of("team", "mill"))));
    get(engine().awaitActive("orders"));
    Consumer audit = registerActive("orders", "audit", Map.of("of", "consumer"));
    get(addTags("orders", Map.of("a", "b")));
    get(putPolicy(arn("orders"), readable(arn("orders"))));

    restart();

    get(engine().awaitActive("orders"));
    assertThat(tags("orders")).isEqualTo(Map.of("a", "b", "team", "mill"));
    assertThat(policyOf(arn("orders"))).isEqualTo(readable(arn("orders")));
    assertThat(tagsOf(audit.consumerARN())).isEqualTo(Map.of("of", "consumer"));
  }
}
