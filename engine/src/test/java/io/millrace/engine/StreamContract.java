package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DecreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.DescribeStreamRequest;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.EnhancedMetrics;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.IncreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.StreamDescription;
import io.millrace.engine.api.StreamDescriptionSummary;
import io.millrace.engine.api.StreamModeDetails;
import io.millrace.engine.api.UpdateMaxRecordSizeRequest;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a stream: creation, settings, status, and what names it. */
public abstract class StreamContract extends StreamLifeContract {

  // creation

  @Test
  void newStreamHasTheDefaults() {
    create("orders", 3);

    StreamDescription description = describe("orders");
    assertThat(description.streamName()).isEqualTo(new StreamName("orders"));
    assertThat(description.streamARN()).isEqualTo(arn("orders"));
    assertThat(description.streamStatus()).isEqualTo(StreamStatus.ACTIVE);
    assertThat(description.streamModeDetails()).isEqualTo(StreamModeDetails.PROVISIONED);
    assertThat(description.retentionPeriodHours()).isEqualTo(24);
    assertThat(description.streamCreationTimestamp()).isEqualTo(now());
    assertThat(description.encryptionType()).isEqualTo(EncryptionType.NONE);
    assertThat(description.hasMoreShards()).isFalse();
    assertThat(summary("orders"))
        .isEqualTo(
            new StreamDescriptionSummary(
                new StreamName("orders"),
                arn("orders"),
                StreamStatus.ACTIVE,
                StreamModeDetails.PROVISIONED,
                24,
                now(),
                List.of(new EnhancedMetrics(List.of())),
                EncryptionType.NONE,
                null,
                3,
                0,
                null,
                1024,
                0,
                null));
  }

  @Test
  void shardsDivideTheHashSpaceEvenly() {
    create("orders", 3);

    List<Shard> shards = describe("orders").shards();

    assertThat(shards.stream().map(shard -> shard.shardId().toString()))
        .containsExactly("shardId-000000000000", "shardId-000000000001", "shardId-000000000002");
    assertThat(shards.stream().map(shard -> shard.hashKeyRange().ending().toString()))
        .containsExactly(
            "113427455640312821154458202477256070484",
            "226854911280625642308916404954512140969",
            "340282366920938463463374607431768211455");
    assertThat(shards.get(0).hashKeyRange().starting()).isEqualTo(HashKey.MIN);
    assertThat(shards)
        .allSatisfy(
            shard -> {
              assertThat(shard.isOpen()).isTrue();
              assertThat(shard.parentShardId()).isNull();
              assertThat(shard.adjacentParentShardId()).isNull();
              assertThat(shard.sequenceNumberRange().endingSequenceNumber()).isNull();
              assertThat(shard.sequenceNumberRange().startingSequenceNumber().shardId())
                  .isEqualTo(shard.shardId());
              assertThat(shard.sequenceNumberRange().startingSequenceNumber().createdSeconds())
                  .isEqualTo(now().getEpochSecond());
            });
  }

  @Test
  void onDemandStreamStartsWithFourShardsWhateverIsAsked() {
    get(client().createStream(CreateStreamRequest.onDemand("orders")));
    get(
        client()
            .createStream(
                new CreateStreamRequest(
                    "bills", 9, StreamModeDetails.ON_DEMAND, null, 2048, null, null)));
    get(engine().awaitActive("orders"));
    get(engine().awaitActive("bills"));

    assertThat(summary("orders").openShardCount()).isEqualTo(4);
    assertThat(summary("bills").openShardCount()).isEqualTo(4);
    assertThat(summary("bills").maxRecordSizeInKiB()).isEqualTo(2048);
    assertThat(summary("orders").streamModeDetails()).isEqualTo(StreamModeDetails.ON_DEMAND);
  }

  @Test
  void nameThatIsTakenIsInUse() {
    create("orders", 1);

    ResourceInUseException taken =
        failure(ResourceInUseException.class, client().createStream("orders", 2));

    assertThat(taken.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(summary("orders").openShardCount()).isEqualTo(1);
  }

  @Test
  void manyCallersOfOneNameMakeOneStream() {
    List<CompletionStage<Void>> calls =
        IntStream.range(0, 10).mapToObj(i -> client().createStream("orders", 1)).toList();

    long made =
        calls.stream()
            .filter(
                call -> {
                  try {
                    get(call);
                    return true;
                  } catch (ResourceInUseException taken) {
                    return false;
                  }
                })
            .count();

    assertThat(made).isEqualTo(1);
  }

  @Test
  void shardCountIsRequiredForAProvisionedStream() {
    failure(
        InvalidArgumentException.class,
        client()
            .createStream(
                new CreateStreamRequest(
                    "orders", null, StreamModeDetails.PROVISIONED, null, null, null, null)));
    failure(
        InvalidArgumentException.class,
        client()
            .createStream(new CreateStreamRequest("orders", null, null, null, null, null, null)));
  }

  @Test
  void creationThatBreaksAConstraintIsRefused() {
    for (CreateStreamRequest request :
        List.of(
            CreateStreamRequest.provisioned(null, 1),
            CreateStreamRequest.provisioned("", 1),
            CreateStreamRequest.provisioned("x".repeat(129), 1),
            CreateStreamRequest.provisioned("or ders", 1),
            CreateStreamRequest.provisioned("orders/1", 1),
            CreateStreamRequest.provisioned("orders", 0),
            CreateStreamRequest.provisioned("orders", -1),
            CreateStreamRequest.provisioned("orders", 1).withMaxRecordSizeInKiB(1023),
            CreateStreamRequest.provisioned("orders", 1).withMaxRecordSizeInKiB(10_241),
            new CreateStreamRequest(
                "orders", 1, new StreamModeDetails(null), null, null, null, null))) {
      failure(ValidationException.class, client().createStream(request));
    }
    assertThat(get(client().listStreams(ListStreamsRequest.all())).streamNames()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "A.b-c_9", "..", "-", "con", "stream~1"})
  void everyNameOfTheRightFormWorks(String name) {
    if (name.contains("~")) {
      failure(ValidationException.class, client().createStream(name, 1));
      return;
    }
    create(name, 1);
    put(name, "a");

    assertThat(texts(name)).containsExactly("a");
  }

  // CREATING

  @Test
  void creatingStreamCanBeSeenAndNothingElse() {
    createSlowly("orders");

    assertThat(status("orders")).isEqualTo(StreamStatus.CREATING);
    assertThat(describe("orders").streamStatus()).isEqualTo(StreamStatus.CREATING);
    assertThat(describe("orders").shards()).isEmpty();
    assertThat(get(client().listStreams(ListStreamsRequest.all())).streamSummaries().get(0))
        .satisfies(listed -> assertThat(listed.streamStatus()).isEqualTo(StreamStatus.CREATING));
    failure(ResourceInUseException.class, client().listShards(ListShardsRequest.of("orders")));
    failure(ResourceInUseException.class, deletion("orders"));
    failure(ResourceInUseException.class, increase("orders", 48));
    failure(ResourceInUseException.class, decrease("orders", 24));
    failure(ResourceInUseException.class, resize("orders", 2048));
    failure(ResourceInUseException.class, client().createStream("orders", 1));
    failure(ResourceNotFoundException.class, client().putRecord("orders", "k", data("a")));
    failure(
        ResourceNotFoundException.class,
        client()
            .putRecords(PutRecordsRequest.of("orders", PutRecordsRequestEntry.of("k", data("a")))));
    failure(
        ResourceNotFoundException.class,
        client().getShardIterator(GetShardIteratorRequest.trimHorizon("orders", SHARD_0)));
  }

  @Test
  void creatingStreamBecomesActiveAfterItsDelay() {
    createSlowly("orders");
    CompletionStage<Void> active = engine().awaitActive("orders");

    manualTime().timePasses(Duration.ofMillis(59_999));
    assertThat(active.toCompletableFuture()).isNotDone();
    assertThat(status("orders")).isEqualTo(StreamStatus.CREATING);
    manualTime().timePasses(Duration.ofMillis(1));

    get(active);
    assertThat(status("orders")).isEqualTo(StreamStatus.ACTIVE);
    put("orders", "a");
    assertThat(texts("orders")).containsExactly("a");
  }

  @Test
  void creationGoesOnAfterARestartForWhatIsLeftOfTheDelay() {
    createSlowly("orders");
    restart();
    clock.advance(Duration.ofSeconds(40));
    CompletionStage<Void> active = engine().awaitActive("orders");
    assertThat(status("orders")).isEqualTo(StreamStatus.CREATING);

    manualTime().timePasses(Duration.ofSeconds(20));

    get(active);
    put("orders", "a");
  }

  // settings

  @Test
  void retentionGoesUpAndDownWithinItsBounds() {
    create("orders", 1);

    get(increase("orders", 8760));
    assertThat(describe("orders").retentionPeriodHours()).isEqualTo(8760);
    get(decrease("orders", 25));
    assertThat(summary("orders").retentionPeriodHours()).isEqualTo(25);
    assertThat(status("orders")).isEqualTo(StreamStatus.ACTIVE);
  }

  @Test
  void retentionOutOfBoundsOrInTheWrongDirectionIsInvalid() {
    create("orders", 1);
    get(increase("orders", 48));

    failure(InvalidArgumentException.class, increase("orders", 47));
    failure(InvalidArgumentException.class, increase("orders", 8761));
    failure(InvalidArgumentException.class, increase("orders", 23));
    failure(InvalidArgumentException.class, decrease("orders", 49));
    failure(InvalidArgumentException.class, decrease("orders", 23));
    failure(InvalidArgumentException.class, decrease("orders", 8761));
    failure(InvalidArgumentException.class, decrease("orders", -1));
    failure(
        ValidationException.class,
        client()
            .increaseStreamRetentionPeriod(
                new IncreaseStreamRetentionPeriodRequest("orders", null, null)));
    failure(
        ValidationException.class,
        client()
            .decreaseStreamRetentionPeriod(
                new DecreaseStreamRetentionPeriodRequest("orders", null, null)));

    assertThat(describe("orders").retentionPeriodHours()).isEqualTo(48);
  }

  @Test
  void presentRetentionIsAcceptedAndChangesNothing() {
    create("orders", 1);

    get(increase("orders", 24));
    get(decrease("orders", 24));

    assertThat(describe("orders").retentionPeriodHours()).isEqualTo(24);
  }

  @Test
  void recordSizeChangesWithinItsBounds() {
    create("orders", 1);

    get(resize("orders", 10_240));
    assertThat(summary("orders").maxRecordSizeInKiB()).isEqualTo(10_240);
    get(resize("orders", 1024));
    assertThat(summary("orders").maxRecordSizeInKiB()).isEqualTo(1024);
    failure(ValidationException.class, resize("orders", 1023));
    failure(ValidationException.class, resize("orders", 10_241));
    failure(
        ValidationException.class,
        client().updateMaxRecordSize(new UpdateMaxRecordSizeRequest(null, 2048)));
    failure(
        ValidationException.class,
        client().updateMaxRecordSize(new UpdateMaxRecordSizeRequest(arn("orders"), null)));
  }

  @Test
  void settingsOutliveARestart() {
    create("orders", 2);
    get(increase("orders", 100));
    get(resize("orders", 2000));
    StreamDescriptionSummary before = summary("orders");
    clock.advance(Duration.ofHours(1));
    restart();

    assertThat(summary("orders")).isEqualTo(before);
  }

  // which stream

  @Test
  void operationsOnAStreamThatIsNotThereSayNotFound() {
    for (CompletionStage<?> call : callsOn("orders")) {
      ResourceNotFoundException missing = failure(ResourceNotFoundException.class, call);
      assertThat(missing).hasMessage("Stream orders under account 000000000000 not found.");
      assertThat(missing.errorName()).isEqualTo("ResourceNotFoundException");
    }
  }

  @Test
  void streamIsNamedByNameOrArnOrBothConsistently() {
    create("orders", 1);
    create("bills", 1);

    for (String[] names :
        new String[][] {{"orders", null}, {null, arn("orders")}, {"orders", arn("orders")}}) {
      get(client().describeStream(new DescribeStreamRequest(names[0], names[1], null, null)));
      get(client().describeStreamSummary(new DescribeStreamSummaryRequest(names[0], names[1])));
      get(
          client()
              .increaseStreamRetentionPeriod(
                  new IncreaseStreamRetentionPeriodRequest(names[0], names[1], 24)));
      get(
          client()
              .listShards(new ListShardsRequest(names[0], names[1], null, null, null, null, null)));
    }
    for (String[] names : new String[][] {{null, null}, {"orders", arn("bills")}}) {
      for (CompletionStage<?> call :
          List.of(
              client().describeStream(new DescribeStreamRequest(names[0], names[1], null, null)),
              client().describeStreamSummary(new DescribeStreamSummaryRequest(names[0], names[1])),
              client().deleteStream(new DeleteStreamRequest(names[0], names[1], null)),
              client()
                  .increaseStreamRetentionPeriod(
                      new IncreaseStreamRetentionPeriodRequest(names[0], names[1], 24)),
              client()
                  .decreaseStreamRetentionPeriod(
                      new DecreaseStreamRetentionPeriodRequest(names[0], names[1], 24)),
              client()
                  .listShards(
                      new ListShardsRequest(names[0], names[1], null, null, null, null, null)))) {
        failure(InvalidArgumentException.class, call);
      }
    }
    assertThat(status("orders")).isEqualTo(StreamStatus.ACTIVE);
  }

  @Test
  void nameThatBreaksItsConstraintIsRefusedBeforeAnythingIsLookedFor() {
    for (CompletionStage<?> call : callsOn("or ders")) {
      failure(ValidationException.class, call);
    }
  }
}
