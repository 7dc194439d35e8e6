package io.millrace.engine;

import static io.millrace.engine.model.RecordDistributionStrategy.AUTO;
import static io.millrace.engine.model.RecordDistributionStrategy.USER_PARTITION_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StreamModeDetails;
import io.millrace.engine.api.UpdateStreamModeRequest;
import io.millrace.engine.api.UpdateStreamRecordDistributionStrategyRequest;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.ShardId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who chooses the shards of records. */
public abstract class DistributionContract extends StreamClientContract {

  private void createOnDemand(String stream, RecordDistributionStrategy strategy) {
    get(
        client()
            .createStream(
                CreateStreamRequest.onDemand(stream).withRecordDistributionStrategy(strategy)));
    get(engine().awaitActive(stream));
  }

  private CompletionStage<Void> distribute(String stream, RecordDistributionStrategy strategy) {
    return client()
        .updateStreamRecordDistributionStrategy(
            new UpdateStreamRecordDistributionStrategyRequest(arn(stream), strategy));
  }

  private RecordDistributionStrategy strategy(String stream) {
    return get(client().describeStreamSummary(DescribeStreamSummaryRequest.of(stream)))
        .streamDescriptionSummary()
        .recordDistributionStrategy();
  }

  private ShardId put(PutRecordRequest request) {
    return get(client().putRecord(request)).shardId();
  }

  private Map<ShardId, Long> shardsOf(List<PutRecordsRequestEntry> records) {
    return get(client().putRecords(PutRecordsRequest.of("orders", records))).records().stream()
        .collect(Collectors.groupingBy(PutRecordsResultEntry::shardId, Collectors.counting()));
  }

  @Test
  void aRequestOfRecordsWithoutKeysIsStored() {
    createOnDemand("orders", AUTO);
    PutRecordsRequestEntry keyless = new PutRecordsRequestEntry(data("keyless"), null, null, null);

    assertThat(shardsOf(List.of(keyless, keyless)).values()).containsExactly(2L);
  }

  @Test
  void onlyOnDemandStreamsHaveAStrategy() {
    createOnDemand("orders", AUTO);
    createOnDemand("bills", null);
    create("parcels", 1);

    assertThat(strategy("orders")).isEqualTo(AUTO);
    assertThat(strategy("bills")).isEqualTo(USER_PARTITION_KEY);
    assertThat(strategy("parcels")).isNull();
    failure(InvalidArgumentException.class, distribute("parcels", AUTO));
    get(distribute("parcels", USER_PARTITION_KEY));
    failure(
        InvalidArgumentException.class,
        client()
            .createStream(
                CreateStreamRequest.provisioned("more", 1).withRecordDistributionStrategy(AUTO)));
    failure(ResourceNotFoundException.class, distribute("nowhere", AUTO));
    failure(ValidationException.class, distribute("orders", null));
  }

  @Test
  void recordsGoToTheShardsInTurn() {
    createOnDemand("orders", AUTO);

    Map<ShardId, Long> counts =
        IntStream.range(0, 40)
            .mapToObj(i -> put(PutRecordRequest.of("orders", "same", Payload.utf8("data"))))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

    assertThat(counts).hasSize(4).allSatisfy((shard, count) -> assertThat(count).isEqualTo(10));
  }

  @Test
  void aSmallRequestIsOneWriteAndALargeOneIsSpread() {
    createOnDemand("orders", AUTO);
    List<PutRecordsRequestEntry> small =
        Collections.nCopies(100, PutRecordsRequestEntry.of("key", Payload.utf8("data")));
    List<PutRecordsRequestEntry> many =
        Collections.nCopies(500, PutRecordsRequestEntry.of("key", Payload.utf8("data")));
    List<PutRecordsRequestEntry> large =
        Collections.nCopies(8, PutRecordsRequestEntry.of("key", bytes(128 * 1024)));

    assertThat(shardsOf(small).values()).containsExactly(100L);
    assertThat(shardsOf(many).values()).containsExactly(250L, 250L);
    assertThat(shardsOf(large).values()).containsExactly(2L, 2L, 2L, 2L);
  }

  @Test
  void keysAreOptionalAndAreReadBackIfGiven() {
    createOnDemand("orders", AUTO);
    PutRecordRequest keyless =
        new PutRecordRequest("orders", null, Payload.utf8("keyless"), null, null, null);
    ShardId first = put(keyless);
    ShardId second =
        put(PutRecordRequest.of("orders", "mine", Payload.utf8("mine")).withExplicitHashKey("0"));

    Record without = readAll("orders", first.toString()).get(0);
    assertThat(without.data().utf8()).isEqualTo("keyless");
    assertThat(without.partitionKey()).isEmpty();
    assertThat(readAll("orders", second.toString()).get(0).partitionKey()).isEqualTo("mine");
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void aSwitchOfStrategyHoldsForLaterPuts() {
    createOnDemand("orders", USER_PARTITION_KEY);
    PutRecordRequest keyed = PutRecordRequest.of("orders", "same", Payload.utf8("data"));
    PutRecordRequest keyless =
        new PutRecordRequest("orders", null, Payload.utf8("data"), null, null, null);
    ShardId home = put(keyed);
    assertThat(put(keyed)).isEqualTo(home);
    failure(InvalidArgumentException.class, client().putRecord(keyless));

    get(distribute("orders", AUTO));
    get(distribute("orders", AUTO));

    assertThat(IntStream.range(0, 4).mapToObj(i -> put(keyless)).distinct()).hasSize(4);
    get(distribute("orders", USER_PARTITION_KEY));
    assertThat(put(keyed)).isEqualTo(home);
    failure(InvalidArgumentException.class, client().putRecord(keyless));
  }

  @Test
  void aSwitchToProvisionedGivesTheChoiceBackToProducers() {
    createOnDemand("orders", AUTO);
    get(
        client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(arn("orders"), StreamModeDetails.PROVISIONED)));
    assertThat(strategy("orders")).isNull();
    failure(
        InvalidArgumentException.class,
        client()
            .putRecord(
                new PutRecordRequest("orders", null, Payload.utf8("data"), null, null, null)));
    get(
        client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(arn("orders"), StreamModeDetails.ON_DEMAND)));
    assertThat(strategy("orders")).isEqualTo(USER_PARTITION_KEY);
  }

  @Test
  void aStreamThatIsNotActiveKeepsItsStrategy() {
    withManualTime("millrace.streams.creating-delay = 10s");
    get(client().createStream(CreateStreamRequest.onDemand("orders")));

    failure(ResourceInUseException.class, distribute("orders", AUTO));
  }

  @Test
  void theStrategySurvivesARestart() {
    with("");
    createOnDemand("orders", AUTO);
    createOnDemand("bills", null);
    get(distribute("bills", AUTO));

    restart();

    assertThat(strategy("orders")).isEqualTo(AUTO);
    assertThat(strategy("bills")).isEqualTo(AUTO);
  }
}
