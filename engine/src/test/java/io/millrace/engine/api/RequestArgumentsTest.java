package io.millrace.engine.api;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardFilterType;
import io.millrace.engine.model.ShardIteratorType;
import io.millrace.engine.model.StreamMode;
import java.time.Instant;
import java.util.Collections;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What members mean, as far as a request alone can tell. */
class RequestArgumentsTest {

  private static final String SHARD = "shardId-000000000000";
  private static final String NUMBER = SequenceNumber.first(1_700_000_000, 0).toString();
  private static final String TWO_TO_THE_128TH = "340282366920938463463374607431768211456";
  private static final int MIB = 1024 * 1024;

  // CreateStream

  @Test
  void provisionedStreamNeedsAShardCount() {
    refused(new CreateStreamRequest("orders", null, null, null, null, null, null))
        .hasMessageContaining("ShardCount");
    refused(
        new CreateStreamRequest(
            "orders", null, StreamModeDetails.PROVISIONED, null, null, null, null));
    accepted(CreateStreamRequest.provisioned("orders", 1));
  }

  @Test
  void onDemandStreamNeedsNoShardCount() {
    accepted(CreateStreamRequest.onDemand("orders"));
    accepted(
        new CreateStreamRequest(
            "orders", 3, new StreamModeDetails(StreamMode.ON_DEMAND), null, null, null, null));
  }

  @Test
  void warmThroughputIsForOnDemandStreams() {
    refused(CreateStreamRequest.provisioned("orders", 1).withWarmThroughputMiBps(0))
        .hasMessageContaining("WarmThroughputMiBps");
    accepted(CreateStreamRequest.onDemand("orders").withWarmThroughputMiBps(8));
    refused(
            UpdateStreamModeRequest.of("arn", StreamModeDetails.PROVISIONED)
                .withWarmThroughputMiBps(0))
        .hasMessageContaining("WarmThroughputMiBps");
    accepted(
        UpdateStreamModeRequest.of("arn", StreamModeDetails.ON_DEMAND).withWarmThroughputMiBps(8));
  }

  // Listings

  @Test
  void listStreamsStartsInOneWay() {
    refused(new ListStreamsRequest(null, "orders", "token")).hasMessageContaining("NextToken");
    accepted(ListStreamsRequest.next("token").withLimit(5));
    accepted(ListStreamsRequest.after("orders").withLimit(5));
  }

  @Test
  void nextTokenOfListShardsStandsAlone() {
    accepted(ListShardsRequest.next("token").withMaxResults(5));
    refused(new ListShardsRequest("orders", null, "token", null, null, null, null));
    refused(new ListShardsRequest(null, "arn", "token", null, null, null, null));
    refused(new ListShardsRequest(null, null, "token", SHARD, null, null, null));
    refused(new ListShardsRequest(null, null, "token", null, null, Instant.EPOCH, null));
    refused(ListShardsRequest.next("token").withShardFilter(ShardFilter.atLatest()));
  }

  @ParameterizedTest
  @EnumSource
  void shardFilterHasTheMembersItsTypeSpeaksOf(ShardFilterType type) {
    boolean ofShard = type == ShardFilterType.AFTER_SHARD_ID;
    boolean ofTime = type == ShardFilterType.AT_TIMESTAMP || type == ShardFilterType.FROM_TIMESTAMP;
    for (String shardId : new String[] {null, SHARD}) {
      for (Instant timestamp : new Instant[] {null, Instant.EPOCH}) {
        ListShardsRequest request =
            ListShardsRequest.of("orders")
                .withShardFilter(new ShardFilter(type, shardId, timestamp));
        if (ofShard == (shardId != null) && ofTime == (timestamp != null)) {
          accepted(request);
        } else {
          refused(request).hasMessageContaining(type.name());
        }
      }
    }
  }

  // Retention

  @ParameterizedTest
  @ValueSource(ints = {24, 25, 168, 8760})
  void retentionBetweenADayAndAYear(int hours) {
    accepted(IncreaseStreamRetentionPeriodRequest.of("orders", hours));
    accepted(DecreaseStreamRetentionPeriodRequest.of("orders", hours));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 23, 8761, Integer.MAX_VALUE})
  void noOtherRetention(int hours) {
    refused(IncreaseStreamRetentionPeriodRequest.of("orders", hours)).hasMessageContaining("24");
    refused(DecreaseStreamRetentionPeriodRequest.of("orders", hours)).hasMessageContaining("8760");
  }

  // Puts

  @Test
  void hashKeyLiesInTheHashSpace() {
    PutRecordRequest put = PutRecordRequest.of("orders", "key", Payload.EMPTY);
    accepted(put.withExplicitHashKey("0"));
    accepted(put.withExplicitHashKey("340282366920938463463374607431768211455"));
    accepted(put.withExplicitHashKey("99999999999999999999999999999999999999"));
    refused(put.withExplicitHashKey(TWO_TO_THE_128TH)).hasMessageContaining(TWO_TO_THE_128TH);
    refused(put.withExplicitHashKey("9".repeat(39)));
    refused(
        PutRecordsRequest.of(
            "orders",
            PutRecordsRequestEntry.of("a", Payload.EMPTY),
            PutRecordsRequestEntry.of("b", Payload.EMPTY).withExplicitHashKey(TWO_TO_THE_128TH)));
  }

  @Test
  void putNeedsAPartitionKey() {
    refused(PutRecordRequest.of("orders", null, Payload.EMPTY))
        .hasMessageContaining("PartitionKey");
    refused(PutRecordRequest.of("orders", null, Payload.EMPTY).withExplicitHashKey("0"));
    refused(PutRecordsRequest.of("orders", PutRecordsRequestEntry.of(null, Payload.EMPTY)));
  }

  @Test
  void orderingNumberIsOneOfOurs() {
    PutRecordRequest put = PutRecordRequest.of("orders", "key", Payload.EMPTY);
    accepted(put.withSequenceNumberForOrdering(NUMBER));
    refused(put.withSequenceNumberForOrdering("0"));
    refused(put.withSequenceNumberForOrdering("9".repeat(129)));
  }

  @Test
  void recordFitsTheStreamWithItsKey() {
    PutRecordRequest put = PutRecordRequest.of("orders", "é", Payload.wrap(new byte[MIB - 2]));
    assertThatCode(() -> put.checkSize(MIB)).doesNotThrowAnyException();
    assertThatThrownBy(() -> put.checkSize(MIB - 1))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("1048576")
        .hasMessageContaining("1048575");
  }

  @Test
  void eachOfManyRecordsFitsTheStream() {
    PutRecordsRequest put =
        PutRecordsRequest.of(
            "orders",
            PutRecordsRequestEntry.of("a", Payload.EMPTY),
            PutRecordsRequestEntry.of("b", Payload.wrap(new byte[MIB])));
    assertThatThrownBy(() -> put.checkSize(MIB, 10 * MIB))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("The record has 1048577 bytes");
  }

  @Test
  void manyRecordsFitOneRequestWithTheirKeys() {
    PutRecordsRequest put =
        PutRecordsRequest.of(
            "orders",
            Collections.nCopies(
                10, PutRecordsRequestEntry.of("k", Payload.wrap(new byte[MIB - 1]))));
    int max = PutRecordsRequest.DEFAULT_MAX_REQUEST_BYTES;
    assertThatCode(() -> put.checkSize(MIB, max)).doesNotThrowAnyException();
    assertThatThrownBy(() -> put.checkSize(MIB, max - 1))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("The records have 10485760 bytes");
  }

  // Reads

  @ParameterizedTest
  @EnumSource
  void iteratorHasTheMembersItsTypeSpeaksOf(ShardIteratorType type) {
    boolean ofNumber =
        type == ShardIteratorType.AT_SEQUENCE_NUMBER
            || type == ShardIteratorType.AFTER_SEQUENCE_NUMBER;
    boolean ofTime = type == ShardIteratorType.AT_TIMESTAMP;
    for (String number : new String[] {null, NUMBER}) {
      for (Instant timestamp : new Instant[] {null, Instant.EPOCH}) {
        GetShardIteratorRequest request =
            new GetShardIteratorRequest("orders", null, SHARD, type, number, timestamp);
        if (ofNumber == (number != null) && ofTime == (timestamp != null)) {
          accepted(request);
        } else {
          refused(request).hasMessageContaining(type.name());
        }
      }
    }
  }

  @Test
  void iteratorFactoriesAreComplete() {
    accepted(GetShardIteratorRequest.trimHorizon("orders", SHARD));
    accepted(GetShardIteratorRequest.latest("orders", SHARD));
    accepted(GetShardIteratorRequest.atSequenceNumber("orders", SHARD, NUMBER));
    accepted(GetShardIteratorRequest.afterSequenceNumber("orders", SHARD, NUMBER));
    accepted(GetShardIteratorRequest.atTimestamp("orders", SHARD, Instant.EPOCH));
  }

  @Test
  void startingNumberIsOneOfOurs() {
    refused(GetShardIteratorRequest.atSequenceNumber("orders", SHARD, "12"))
        .hasMessageContaining("StartingSequenceNumber 12");
  }

  @Test
  void subscriptionStartsAsAnIteratorDoes() {
    accepted(subscription(StartingPosition.trimHorizon()));
    accepted(subscription(StartingPosition.atTimestamp(Instant.EPOCH)));
    refused(subscription(new StartingPosition(ShardIteratorType.AT_TIMESTAMP, null, null)))
        .hasMessage("Timestamp must be specified with Type AT_TIMESTAMP.");
    refused(subscription(new StartingPosition(ShardIteratorType.LATEST, NUMBER, null)))
        .hasMessage("SequenceNumber cannot be specified with Type LATEST.");
    refused(subscription(new StartingPosition(ShardIteratorType.AFTER_SEQUENCE_NUMBER, "12", null)))
        .hasMessageContaining("SequenceNumber 12");
  }

  private static SubscribeToShardRequest subscription(StartingPosition from) {
    return new SubscribeToShardRequest("consumer", SHARD, from);
  }

  @Test
  void limitOfAReadIsBounded() {
    accepted(GetRecordsRequest.of("iterator"));
    accepted(GetRecordsRequest.of("iterator").withLimit(10_000));
    refused(GetRecordsRequest.of("iterator").withLimit(10_001)).hasMessageContaining("10001");
  }

  private static void accepted(Request request) {
    assertThatCode(request::checkArguments).doesNotThrowAnyException();
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(Request request) {
    return assertThatThrownBy(request::checkArguments).isInstanceOf(InvalidArgumentException.class);
  }
}
