package io.millrace.engine;

import static io.millrace.engine.model.MinimumThroughputBillingCommitmentOutputStatus.DISABLED;
import static io.millrace.engine.model.MinimumThroughputBillingCommitmentOutputStatus.ENABLED;
import static io.millrace.engine.model.MinimumThroughputBillingCommitmentOutputStatus.ENABLED_UNTIL_EARLIEST_ALLOWED_END;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.DescribeAccountSettingsRequest;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.MinimumThroughputBillingCommitmentInput;
import io.millrace.engine.api.MinimumThroughputBillingCommitmentOutput;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StreamDescriptionSummary;
import io.millrace.engine.api.StreamModeDetails;
import io.millrace.engine.api.UpdateAccountSettingsRequest;
import io.millrace.engine.api.UpdateStreamModeRequest;
import io.millrace.engine.api.UpdateStreamWarmThroughputRequest;
import io.millrace.engine.api.UpdateStreamWarmThroughputResponse;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.api.WarmThroughputObject;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The account's commitment to a minimum throughput, and the warm throughput that it unlocks. */
public abstract class AccountContract extends StreamClientContract {

  private static final Duration DAY = Duration.ofDays(1);

  /** Each test has its own account. */
  @BeforeEach
  void ownAccount() {
    with("");
  }

  private MinimumThroughputBillingCommitmentOutput commit() {
    return update(UpdateAccountSettingsRequest.commit());
  }

  private MinimumThroughputBillingCommitmentOutput endCommitment() {
    return update(UpdateAccountSettingsRequest.endCommitment());
  }

  private MinimumThroughputBillingCommitmentOutput update(UpdateAccountSettingsRequest request) {
    MinimumThroughputBillingCommitmentOutput updated =
        get(client().updateAccountSettings(request)).minimumThroughputBillingCommitment();
    assertThat(commitment()).isEqualTo(updated);
    return updated;
  }

  private MinimumThroughputBillingCommitmentOutput commitment() {
    return get(client().describeAccountSettings(new DescribeAccountSettingsRequest()))
        .minimumThroughputBillingCommitment();
  }

  private void createOnDemand(CreateStreamRequest request) {
    get(client().createStream(request));
    get(engine().awaitActive(request.streamName()));
  }

  private CompletionStage<UpdateStreamWarmThroughputResponse> warm(String stream, int miBps) {
    return client().updateStreamWarmThroughput(UpdateStreamWarmThroughputRequest.of(stream, miBps));
  }

  private StreamDescriptionSummary summary(String stream) {
    return get(client().describeStreamSummary(DescribeStreamSummaryRequest.of(stream)))
        .streamDescriptionSummary();
  }

  private void assertWarm(String stream, int targetMiBps, int currentMiBps) {
    assertThat(summary(stream).warmThroughput())
        .isEqualTo(new WarmThroughputObject(targetMiBps, currentMiBps));
  }

  // the commitment

  @Test
  void aNewAccountIsNotCommitted() {
    assertThat(commitment())
        .isEqualTo(new MinimumThroughputBillingCommitmentOutput(DISABLED, null, null, null));
    assertThat(endCommitment().status()).isEqualTo(DISABLED);
  }

  @Test
  void aCommitmentEndsAfterADayAtTheEarliest() {
    Instant start = now();
    var enabled =
        new MinimumThroughputBillingCommitmentOutput(ENABLED, start, null, start.plus(DAY));
    var ending =
        new MinimumThroughputBillingCommitmentOutput(
            ENABLED_UNTIL_EARLIEST_ALLOWED_END, start, null, start.plus(DAY));
    assertThat(commit()).isEqualTo(enabled);
    clock.advance(Duration.ofHours(23));
    assertThat(commit()).isEqualTo(enabled);
    assertThat(endCommitment()).isEqualTo(ending);
    assertThat(endCommitment()).isEqualTo(ending);
    clock.advance(Duration.ofHours(1).minusMillis(1));
    assertThat(commitment()).isEqualTo(ending);
    clock.advance(Duration.ofMillis(1));

    assertThat(commitment())
        .isEqualTo(
            new MinimumThroughputBillingCommitmentOutput(DISABLED, start, start.plus(DAY), null));
  }

  @Test
  void anOldCommitmentEndsAtOnce() {
    Instant start = now();
    commit();
    clock.advance(DAY.plusHours(1));

    assertThat(endCommitment())
        .isEqualTo(new MinimumThroughputBillingCommitmentOutput(DISABLED, start, now(), null));
    assertThat(commit())
        .isEqualTo(
            new MinimumThroughputBillingCommitmentOutput(ENABLED, now(), null, now().plus(DAY)));
  }

  @Test
  void anEndThatIsScheduledCanBeCancelled() {
    commit();
    endCommitment();
    assertThat(commit().status()).isEqualTo(ENABLED);
    clock.advance(DAY.multipliedBy(2));

    assertThat(commitment().status()).isEqualTo(ENABLED);
  }

  @Test
  void aRestartKeepsTheCommitmentAndItsEnd() {
    commit();
    var before = commitment();
    restart();
    assertThat(commitment()).isEqualTo(before);
    var ending = endCommitment();
    restart();
    assertThat(commitment()).isEqualTo(ending);
    restart();
    clock.advance(DAY);

    assertThat(commitment().status()).isEqualTo(DISABLED);
  }

  @Test
  void refusesSettingsThatSayNothing() {
    for (UpdateAccountSettingsRequest request :
        new UpdateAccountSettingsRequest[] {
          new UpdateAccountSettingsRequest(null),
          new UpdateAccountSettingsRequest(new MinimumThroughputBillingCommitmentInput(null))
        }) {
      failure(ValidationException.class, client().updateAccountSettings(request));
    }
  }

  @Test
  void keepsToTheRatesOfCalls() {
    with("millrace.limits.mode = kinesis");
    commit();
    createOnDemand(CreateStreamRequest.onDemand("orders"));
    clock.advance(Duration.ofSeconds(1));
    for (int call = 0; call < 5; call++) {
      commitment();
      get(client().updateAccountSettings(UpdateAccountSettingsRequest.commit()));
      get(warm("orders", 4));
    }

    for (CompletionStage<?> oneMore :
        new CompletionStage<?>[] {
          client().describeAccountSettings(new DescribeAccountSettingsRequest()),
          client().updateAccountSettings(UpdateAccountSettingsRequest.commit()),
          warm("orders", 4)
        }) {
      assertThat(failure(LimitExceededException.class, oneMore).outcome())
          .isEqualTo(Outcome.THROTTLED);
    }
  }

  // warm throughput

  @Test
  void aStreamScalesToItsWarmThroughput() {
    commit();
    createOnDemand(CreateStreamRequest.onDemand("orders"));
    assertWarm("orders", 0, 0);

    assertThat(get(warm("orders", 7)))
        .isEqualTo(
            new UpdateStreamWarmThroughputResponse(
                arn("orders"), new StreamName("orders"), new WarmThroughputObject(7, 4)));
    // Whoever has the answer sees a stream on its way, or one that has arrived.
    StreamDescriptionSummary after = summary("orders");
    assertThat(
            after.streamStatus() == StreamStatus.UPDATING
                || after.warmThroughput().currentMiBps() == 7)
        .isTrue();

    get(engine().awaitActive("orders"));
    assertWarm("orders", 7, 7);
    assertThat(summary("orders").openShardCount()).isGreaterThanOrEqualTo(7);
    restart();
    assertWarm("orders", 7, 7);
  }

  @Test
  void aStreamIsCreatedWarm() {
    commit();
    createOnDemand(CreateStreamRequest.onDemand("orders").withWarmThroughputMiBps(6));
    createOnDemand(CreateStreamRequest.onDemand("bills").withWarmThroughputMiBps(2));

    assertWarm("orders", 6, 6);
    assertThat(Lineage.read(client(), "orders").openRanges()).isEqualTo(HashKeyRange.uniform(6));
    assertWarm("bills", 2, 2);
    assertThat(summary("bills").openShardCount()).isEqualTo(4);
    restart();
    assertWarm("orders", 6, 6);
  }

  @Test
  void aStreamBecomesOnDemandAndWarmAtOnce() {
    commit();
    create("orders", 1);
    assertThat(summary("orders").warmThroughput()).isNull();

    get(
        client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(arn("orders"), StreamModeDetails.ON_DEMAND)
                    .withWarmThroughputMiBps(6)));
    get(engine().awaitActive("orders"));

    assertWarm("orders", 6, 6);
    get(
        client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(arn("orders"), StreamModeDetails.PROVISIONED)));
    assertThat(summary("orders").warmThroughput()).isNull();
    assertThat(summary("orders").openShardCount()).isGreaterThanOrEqualTo(6);
  }

  @Test
  void withoutTheCommitmentWarmthDoesNotCount() {
    commit();
    createOnDemand(CreateStreamRequest.onDemand("orders").withWarmThroughputMiBps(6));
    endCommitment();
    clock.advance(DAY);

    assertThat(summary("orders").warmThroughput()).isNull();
    failure(InvalidArgumentException.class, warm("orders", 0));
    commit();
    assertWarm("orders", 6, 6);
  }

  // refusals

  @Test
  void refusesWarmthWithoutTheCommitment() {
    create("fixed", 1);
    createOnDemand(CreateStreamRequest.onDemand("managed"));

    failure(InvalidArgumentException.class, warm("managed", 8));
    failure(
        InvalidArgumentException.class,
        client().createStream(CreateStreamRequest.onDemand("orders").withWarmThroughputMiBps(8)));
    failure(
        InvalidArgumentException.class,
        client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(arn("fixed"), StreamModeDetails.ON_DEMAND)
                    .withWarmThroughputMiBps(8)));
    failure(
        ResourceNotFoundException.class,
        client().describeStreamSummary(DescribeStreamSummaryRequest.of("orders")));
    assertThat(summary("managed").warmThroughput()).isNull();
  }

  @Test
  void refusesWarmthOfProvisionedStreams() {
    commit();
    create("orders", 1);

    failure(ValidationException.class, warm("orders", 8));
    failure(
        InvalidArgumentException.class,
        client()
            .createStream(CreateStreamRequest.provisioned("bills", 1).withWarmThroughputMiBps(8)));
    failure(
        InvalidArgumentException.class,
        client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(arn("orders"), StreamModeDetails.PROVISIONED)
                    .withWarmThroughputMiBps(8)));
  }

  @Test
  void changesTheWarmthOfAnOnDemandStreamByItsOwnOperationOnly() {
    commit();
    createOnDemand(CreateStreamRequest.onDemand("orders"));

    failure(
        InvalidArgumentException.class,
        client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(arn("orders"), StreamModeDetails.ON_DEMAND)
                    .withWarmThroughputMiBps(8)));
    assertWarm("orders", 0, 0);
  }

  @Test
  void refusesMoreThanTenGibibytesPerSecondOrWhatAStreamMayHave() {
    with("millrace.streams.max-on-demand-shards = 20000");
    assertRefusedAbove(10_240);
    with("millrace.streams.max-on-demand-shards = 9");
    assertRefusedAbove(9);
    get(warm("managed", 9));
    get(engine().awaitActive("managed"));
    assertWarm("managed", 9, 9);
  }

  private void assertRefusedAbove(int miBps) {
    commit();
    create("fixed", 1);
    createOnDemand(CreateStreamRequest.onDemand("managed"));

    LimitExceededException tooMuch =
        failure(LimitExceededException.class, warm("managed", miBps + 1));
    assertThat(tooMuch).hasMessageContaining("at most " + miBps);
    assertThat(tooMuch.outcome()).isEqualTo(Outcome.REFUSED);
    failure(
        LimitExceededException.class,
        client()
            .createStream(
                CreateStreamRequest.onDemand("orders").withWarmThroughputMiBps(miBps + 1)));
    failure(
        LimitExceededException.class,
        client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(arn("fixed"), StreamModeDetails.ON_DEMAND)
                    .withWarmThroughputMiBps(miBps + 1)));
  }

  @Test
  void refusesWarmthOfWhatIsNotThereOrSaysNothing() {
    commit();
    createOnDemand(CreateStreamRequest.onDemand("orders"));

    failure(ResourceNotFoundException.class, warm("none", 8));
    failure(ValidationException.class, warm("orders", -1));
    failure(
        ValidationException.class,
        client()
            .updateStreamWarmThroughput(
                new UpdateStreamWarmThroughputRequest("orders", null, null)));
    failure(
        InvalidArgumentException.class,
        client().updateStreamWarmThroughput(new UpdateStreamWarmThroughputRequest(null, null, 8)));
  }

  @Test
  void refusesWarmthOfAStreamThatIsCreatedOrDeleted() {
    withManualTime("millrace.streams.creating-delay = 1h");
    commit();
    get(client().createStream(CreateStreamRequest.onDemand("orders")));

    failure(ResourceInUseException.class, warm("orders", 8));
    manualTime().timePasses(Duration.ofHours(1));
    get(engine().awaitActive("orders"));
    watched().holdErasures();
    get(client().deleteStream(DeleteStreamRequest.of("orders")));

    failure(ResourceInUseException.class, warm("orders", 8));
    watched().releaseErasures();
  }
}
