package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.reshard.ReshardPlan;
import io.millrace.engine.stream.AttachmentChange.AddTags;
import io.millrace.engine.stream.AttachmentChange.Consumer;
import io.millrace.engine.stream.AttachmentChange.DeletePolicy;
import io.millrace.engine.stream.AttachmentChange.PutPolicy;
import io.millrace.engine.stream.AttachmentChange.RemoveTags;
import io.millrace.engine.stream.StreamEvent.ConsumerActivated;
import io.millrace.engine.stream.StreamEvent.ConsumerDeregistered;
import io.millrace.engine.stream.StreamEvent.ConsumerRegistered;
import io.millrace.engine.stream.StreamEvent.ConsumerRemoved;
import io.millrace.engine.stream.StreamEvent.DeletionStarted;
import io.millrace.engine.stream.StreamEvent.DistributionChanged;
import io.millrace.engine.stream.StreamEvent.ModeChanged;
import io.millrace.engine.stream.StreamEvent.PolicyDeleted;
import io.millrace.engine.stream.StreamEvent.PolicyPut;
import io.millrace.engine.stream.StreamEvent.ReshardStarted;
import io.millrace.engine.stream.StreamEvent.StreamActivated;
import io.millrace.engine.stream.StreamEvent.StreamCreated;
import io.millrace.engine.stream.StreamEvent.StreamDeleted;
import io.millrace.engine.stream.StreamEvent.TagsAdded;
import io.millrace.engine.stream.StreamEvent.TagsRemoved;
import io.millrace.engine.stream.StreamReply.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttachmentsTest {

  private static final long NOW = 1_700_000_000_000L;
  private static final ConsumerName AUDIT = new ConsumerName("audit");
  private static final Optional<Consumer> STREAM = Optional.empty();
  private static final Optional<Consumer> CONSUMER = Optional.of(new Consumer(AUDIT, NOW));
  private static final StreamEvent CREATION =
      new StreamCreated(StreamMode.PROVISIONED, NOW, NOW / 1000, HashKeyRange.uniform(1), 24, 1024);

  private static StreamState active(StreamEvent... more) {
    return StreamState.unborn(new StreamName("orders"), 1)
        .apply(List.of(CREATION, new StreamActivated()))
        .apply(List.of(more));
  }

  private static Kind refusal(Decision<StreamEvent> decision) {
    return ((Decision.Refuses<StreamEvent>) decision).refusal().kind();
  }

  @Test
  void whatChangesNothingIsNotStored() {
    StreamState tagged =
        active(new TagsAdded(Optional.empty(), Map.of("a", "1")), policy(Optional.empty()));

    assertThat(tagged.changeAttachments(new AddTags(STREAM, Map.of("a", "1"))))
        .isEqualTo(Decision.stands());
    assertThat(tagged.changeAttachments(new RemoveTags(STREAM, List.of("b"))))
        .isEqualTo(Decision.stands());
    assertThat(tagged.changeAttachments(new PutPolicy(STREAM, "{}"))).isEqualTo(Decision.stands());
    assertThat(tagged.changeAttachments(new AddTags(STREAM, Map.of("a", "2"))))
        .isEqualTo(Decision.happens(new TagsAdded(Optional.empty(), Map.of("a", "2"))));
    assertThat(tagged.changeAttachments(new RemoveTags(STREAM, List.of("b", "a", "a"))))
        .isEqualTo(Decision.happens(new TagsRemoved(Optional.empty(), List.of("a"))));
    assertThat(tagged.changeAttachments(new DeletePolicy(STREAM)))
        .isEqualTo(Decision.happens(new PolicyDeleted(Optional.empty())));
    assertThat(refusal(active().changeAttachments(new DeletePolicy(STREAM))))
        .isEqualTo(Kind.RESOURCE_NOT_FOUND);
  }

  private static PolicyPut policy(Optional<ConsumerName> consumer) {
    return new PolicyPut(consumer, "{}");
  }

  @Test
  void aReshardDoesNotStandInTheWay() {
    StreamState active = active();
    ReshardPlan plan =
        ReshardPlan.divide(
            active.map().open(), Map.of(new ShardId(0), 2), active.map().nextIndex());
    StreamState updating =
        active.apply(new ReshardStarted(plan.steps(), ReshardStarted.Cause.CAPACITY, NOW));

    assertThat(updating.status()).isEqualTo(StreamStatus.UPDATING);
    assertThat(updating.changeAttachments(new AddTags(STREAM, Map.of("a", "1"))).events())
        .hasSize(1);
    assertThat(
            refusal(updating.optionDecisions().changeDistribution(RecordDistributionStrategy.AUTO)))
        .isEqualTo(Kind.RESOURCE_IN_USE);
    assertThat(
            refusal(
                active
                    .apply(new DeletionStarted())
                    .changeAttachments(new AddTags(STREAM, Map.of("a", "1")))))
        .isEqualTo(Kind.RESOURCE_IN_USE);
  }

  @Test
  void aConsumerIsTheOneOfItsTime() {
    StreamState registered = active(new ConsumerRegistered(AUDIT, NOW));
    AddTags change = new AddTags(CONSUMER, Map.of("a", "1"));

    assertThat(refusal(active().changeAttachments(change))).isEqualTo(Kind.RESOURCE_NOT_FOUND);
    assertThat(refusal(registered.changeAttachments(change))).isEqualTo(Kind.RESOURCE_IN_USE);
    StreamState ready = registered.apply(new ConsumerActivated(AUDIT));
    assertThat(ready.changeAttachments(change).events())
        .containsExactly(new TagsAdded(Optional.of(AUDIT), Map.of("a", "1")));
    assertThat(
            refusal(
                ready.changeAttachments(
                    new AddTags(Optional.of(new Consumer(AUDIT, NOW + 1)), Map.of("a", "1")))))
        .isEqualTo(Kind.RESOURCE_NOT_FOUND);
    assertThat(refusal(ready.apply(new ConsumerDeregistered(AUDIT)).changeAttachments(change)))
        .isEqualTo(Kind.RESOURCE_IN_USE);
  }

  @Test
  void attachmentsGoWithWhatTheyAreAttachedTo() {
    StreamState both =
        active(
            new ConsumerRegistered(AUDIT, NOW),
            new TagsAdded(Optional.of(AUDIT), Map.of("of", "consumer")),
            new TagsAdded(Optional.empty(), Map.of("of", "stream")));
    assertThat(both.attachments().of(AUDIT).tags()).isEqualTo(Map.of("of", "consumer"));

    StreamState removed =
        both.apply(List.of(new ConsumerDeregistered(AUDIT), new ConsumerRemoved(AUDIT)));

    assertThat(removed.attachments().consumers()).isEmpty();
    assertThat(removed.attachments().stream().tags()).isEqualTo(Map.of("of", "stream"));
    assertThat(removed.apply(List.of(new DeletionStarted(), new StreamDeleted())).attachments())
        .isEqualTo(Attachments.NONE);
  }

  @Test
  void aCreationBringsTagsAndStrategy() {
    StreamParameters parameters =
        new StreamParameters(
            StreamMode.ON_DEMAND, 0, 1024, 0, RecordDistributionStrategy.AUTO, Map.of("a", "1"));

    List<StreamEvent> events =
        StreamState.unborn(new StreamName("orders"), 1).begin(parameters, NOW).events();

    assertThat(events)
        .hasSize(3)
        .contains(
            new DistributionChanged(RecordDistributionStrategy.AUTO),
            new TagsAdded(Optional.empty(), Map.of("a", "1")));
  }

  @Test
  void aSwitchOfModeGivesTheChoiceBack() {
    StreamState distributing =
        active(
            new ModeChanged(StreamMode.ON_DEMAND, NOW),
            new DistributionChanged(RecordDistributionStrategy.AUTO));

    assertThat(distributing.options().distribution()).isEqualTo(RecordDistributionStrategy.AUTO);
    assertThat(
            distributing
                .apply(new ModeChanged(StreamMode.PROVISIONED, NOW))
                .options()
                .distribution())
        .isEqualTo(RecordDistributionStrategy.USER_PARTITION_KEY);
    assertThat(
            refusal(active().optionDecisions().changeDistribution(RecordDistributionStrategy.AUTO)))
        .isEqualTo(Kind.INVALID_ARGUMENT);
  }
}
