package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.SequenceNumber;
import io.millrace.testkit.Awaits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.Consumer;
import software.amazon.awssdk.services.kinesis.model.ConsumerDescription;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescription;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.awssdk.services.kinesis.model.ValidationException;

/**
 * What the official client of Java sees, whatever its transport and its encoding. A subclass says
 * which.
 */
@Tag("database")
abstract class SdkClientContract {

  private static final String CBOR_SWITCH = "aws.cborEnabled";
  private static final String STREAM = "orders";

  private static TestServer server;

  private KinesisClient kinesis;

  /** The client under test, whose calls throw what its stages fail with. */
  abstract KinesisClient connect(TestServer server);

  /** Whether the client speaks CBOR, its default, or JSON. */
  abstract boolean speaksCbor();

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    System.setProperty(CBOR_SWITCH, Boolean.toString(speaksCbor()));
    kinesis = connect(server);
    kinesis.createStream(r -> r.streamName(STREAM).shardCount(2));
    awaitActive();
  }

  private void awaitActive() {
    Awaits.await(
        "an active stream",
        () ->
            kinesis
                .describeStreamSummary(r -> r.streamName(STREAM))
                .streamDescriptionSummary()
                .streamStatus()
                .equals(StreamStatus.ACTIVE));
  }

  @AfterEach
  void close() {
    kinesis.deleteStream(r -> r.streamName(STREAM).enforceConsumerDeletion(true));
    Awaits.await(
        "the end of the stream", () -> kinesis.listStreams(r -> {}).streamNames().isEmpty());
    kinesis.close();
    System.clearProperty(CBOR_SWITCH);
  }

  @Test
  void readsBackWhatWasPut() {
    byte[] bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);
    Instant before = Instant.now().minusSeconds(2);
    String number =
        kinesis
            .putRecord(
                r -> r.streamName(STREAM).partitionKey("ключ").data(SdkBytes.fromByteArray(bytes)))
            .sequenceNumber();

    List<Record> records = readAll();

    assertThat(records).hasSize(1);
    Record record = records.get(0);
    assertThat(record.data().asByteArray()).isEqualTo(bytes);
    assertThat(record.partitionKey()).isEqualTo("ключ");
    assertThat(record.sequenceNumber()).isEqualTo(number);
    assertThat(record.approximateArrivalTimestamp())
        .isBetween(before, Instant.now().plusSeconds(2));
  }

  @Test
  void putsManyAndKeepsTheirOrder() {
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      entries.add(
          PutRecordsRequestEntry.builder()
              .partitionKey("key-" + i % 10)
              .data(SdkBytes.fromUtf8String("record-" + i))
              .build());
    }
    PutRecordsResponse response = kinesis.putRecords(r -> r.streamName(STREAM).records(entries));

    assertThat(response.failedRecordCount()).isZero();
    assertThat(response.records()).hasSize(500).allMatch(entry -> entry.errorCode() == null);
    List<Record> records = readAll();
    assertThat(records).hasSize(500);
    for (int key = 0; key < 10; key++) {
      String partitionKey = "key-" + key;
      assertThat(records)
          .filteredOn(record -> record.partitionKey().equals(partitionKey))
          .extracting(record -> Integer.parseInt(record.data().asUtf8String().substring(7)))
          .isSorted()
          .hasSize(50);
    }
  }

  @Test
  void takesTheLargestRecordAndRefusesALargerOne() {
    byte[] largest = new byte[1024 * 1024 - 1];
    kinesis.putRecord(
        r -> r.streamName(STREAM).partitionKey("k").data(SdkBytes.fromByteArray(largest)));
    assertThat(readAll())
        .extracting(record -> record.data().asByteArray().length)
        .containsExactly(largest.length);
    assertThatThrownBy(
            () ->
                kinesis.putRecord(
                    r ->
                        r.streamName(STREAM)
                            .partitionKey("kk")
                            .data(SdkBytes.fromByteArray(largest))))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void readsFromATime() {
    kinesis.putRecord(
        r -> r.streamName(STREAM).partitionKey("k").data(SdkBytes.fromUtf8String("one")));
    Record first = readAll().get(0);
    assertThat(
            read(
                r ->
                    r.shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
                        .timestamp(first.approximateArrivalTimestamp())))
        .hasSize(1);
    assertThat(
            read(
                r ->
                    r.shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                        .startingSequenceNumber(first.sequenceNumber()),
                first.sequenceNumber()))
        .isEmpty();
  }

  @Test
  void describesStreams() {
    StreamDescription stream =
        kinesis.describeStream(r -> r.streamName(STREAM)).streamDescription();
    assertThat(stream.streamARN())
        .isEqualTo("arn:aws:kinesis:us-east-1:000000000000:stream/" + STREAM);
    assertThat(stream.shards()).hasSize(2);
    assertThat(stream.shards().get(0).hashKeyRange().startingHashKey()).isEqualTo("0");
    assertThat(stream.shards().get(1).hashKeyRange().endingHashKey())
        .isEqualTo("340282366920938463463374607431768211455");
    assertThat(stream.shards().get(0).parentShardId()).isNull();
    assertThat(stream.hasMoreShards()).isFalse();
    assertThat(stream.retentionPeriodHours()).isEqualTo(24);
    assertThat(stream.enhancedMonitoring()).hasSize(1);
    assertThat(stream.streamCreationTimestamp()).isBefore(Instant.now().plusSeconds(2));
    assertThat(kinesis.describeStream(r -> r.streamARN(stream.streamARN())).streamDescription())
        .isEqualTo(stream);

    StreamDescriptionSummary summary =
        kinesis.describeStreamSummary(r -> r.streamName(STREAM)).streamDescriptionSummary();
    assertThat(summary.openShardCount()).isEqualTo(2);
    assertThat(summary.consumerCount()).isZero();
    assertThat(summary.maxRecordSizeInKiB()).isEqualTo(1024);
    assertThat(summary.streamModeDetails().streamMode()).isEqualTo(StreamMode.PROVISIONED);
    assertThat(summary.streamCreationTimestamp()).isEqualTo(stream.streamCreationTimestamp());

    assertThat(kinesis.listStreams(r -> {}).streamSummaries())
        .singleElement()
        .satisfies(found -> assertThat(found.streamName()).isEqualTo(STREAM));
  }

  @Test
  void listsShardsPageByPage() {
    var first = kinesis.listShards(r -> r.streamName(STREAM).maxResults(1));
    assertThat(first.shards()).hasSize(1);
    var second = kinesis.listShards(r -> r.nextToken(first.nextToken()));
    assertThat(second.shards()).hasSize(1);
    assertThat(second.nextToken()).isNull();
    assertThat(
            kinesis
                .listShards(
                    r -> r.streamName(STREAM).shardFilter(f -> f.type(ShardFilterType.AT_LATEST)))
                .shards())
        .hasSize(2);
  }

  @Test
  void changesSettings() {
    kinesis.increaseStreamRetentionPeriod(r -> r.streamName(STREAM).retentionPeriodHours(48));
    kinesis.decreaseStreamRetentionPeriod(r -> r.streamName(STREAM).retentionPeriodHours(36));
    kinesis.updateMaxRecordSize(
        r ->
            r.streamARN("arn:aws:kinesis:us-east-1:000000000000:stream/" + STREAM)
                .maxRecordSizeInKiB(2048));
    StreamDescriptionSummary summary =
        kinesis.describeStreamSummary(r -> r.streamName(STREAM)).streamDescriptionSummary();
    assertThat(summary.retentionPeriodHours()).isEqualTo(36);
    assertThat(summary.maxRecordSizeInKiB()).isEqualTo(2048);
  }

  @Test
  void splitsAndMergesShards() {
    kinesis.updateShardCount(
        r -> r.streamName(STREAM).targetShardCount(1).scalingType(ScalingType.UNIFORM_SCALING));
    awaitActive();
    kinesis.splitShard(
        r ->
            r.streamName(STREAM)
                .shardToSplit("shardId-000000000002")
                .newStartingHashKey("170141183460469231731687303715884105728"));
    awaitActive();
    assertThat(
            kinesis
                .listShards(
                    r -> r.streamName(STREAM).shardFilter(f -> f.type(ShardFilterType.AT_LATEST)))
                .shards())
        .hasSize(2)
        .allMatch(shard -> shard.parentShardId().equals("shardId-000000000002"));
    assertThat(shardEnd("shardId-000000000000").childShards())
        .singleElement()
        .satisfies(
            child ->
                assertThat(child.parentShards())
                    .containsExactlyInAnyOrder("shardId-000000000000", "shardId-000000000001"));
    assertThat(kinesis.describeLimits(r -> {}).openShardCount()).isEqualTo(2);
  }

  private GetRecordsResponse shardEnd(String shard) {
    String iterator =
        kinesis
            .getShardIterator(
                r ->
                    r.streamName(STREAM)
                        .shardId(shard)
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();
    GetRecordsResponse page = kinesis.getRecords(r -> r.shardIterator(iterator));
    assertThat(page.nextShardIterator()).isNull();
    return page;
  }

  @Test
  void throwsTypedErrors() {
    assertThatThrownBy(() -> kinesis.describeStream(r -> r.streamName("nowhere")))
        .isInstanceOfSatisfying(
            ResourceNotFoundException.class,
            e -> {
              assertThat(e.awsErrorDetails().errorMessage())
                  .isEqualTo("Stream nowhere under account 000000000000 not found.");
              assertThat(e.statusCode()).isEqualTo(400);
              assertThat(e.requestId()).isNotBlank();
              assertThat(e.extendedRequestId()).isNotBlank();
            });
    assertThatThrownBy(() -> kinesis.createStream(r -> r.streamName(STREAM).shardCount(1)))
        .isInstanceOf(ResourceInUseException.class);
    assertThatThrownBy(() -> kinesis.describeStream(r -> r.streamName("a b").limit(0)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(
            "2 validation errors detected: Value 'a b' at 'streamName' failed to satisfy"
                + " constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+;"
                + " Value '0' at 'limit' failed to satisfy constraint: Member must have value"
                + " greater than or equal to 1");
    assertThatThrownBy(
            () ->
                kinesis.getShardIterator(
                    r -> r.streamName(STREAM).shardId("shardId-0").shardIteratorType("SOMEWHERE")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(
            "Value 'SOMEWHERE' at 'shardIteratorType' failed to satisfy constraint: Member must"
                + " satisfy enum value set: [AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER,"
                + " TRIM_HORIZON, LATEST, AT_TIMESTAMP]");
    assertThatThrownBy(() -> kinesis.getRecords(r -> r.shardIterator("nonsense")))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void registersAndDeregistersConsumers() {
    String streamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/" + STREAM;
    Consumer registered =
        kinesis
            .registerStreamConsumer(r -> r.streamARN(streamArn).consumerName("audit"))
            .consumer();
    assertThat(registered.consumerStatus()).isEqualTo(ConsumerStatus.CREATING);
    assertThat(registered.consumerARN()).startsWith(streamArn + "/consumer/audit:");
    Awaits.await(
        "an active consumer",
        () -> describe(registered).consumerStatus().equals(ConsumerStatus.ACTIVE));
    assertThat(
            kinesis
                .describeStreamConsumer(r -> r.streamARN(streamArn).consumerName("audit"))
                .consumerDescription())
        .satisfies(
            described -> {
              assertThat(described.streamARN()).isEqualTo(streamArn);
              assertThat(described.consumerARN()).isEqualTo(registered.consumerARN());
              assertThat(described.consumerCreationTimestamp())
                  .isEqualTo(registered.consumerCreationTimestamp());
            });
    assertThat(
            kinesis
                .describeStreamSummary(r -> r.streamName(STREAM))
                .streamDescriptionSummary()
                .consumerCount())
        .isEqualTo(1);
    kinesis.registerStreamConsumer(r -> r.streamARN(streamArn).consumerName("ship"));
    var first = kinesis.listStreamConsumers(r -> r.streamARN(streamArn).maxResults(1));
    assertThat(first.consumers()).extracting(Consumer::consumerName).containsExactly("audit");
    var second =
        kinesis.listStreamConsumers(r -> r.streamARN(streamArn).nextToken(first.nextToken()));
    assertThat(second.consumers()).extracting(Consumer::consumerName).containsExactly("ship");
    assertThat(second.nextToken()).isNull();
    assertThatThrownBy(() -> kinesis.deleteStream(r -> r.streamName(STREAM)))
        .isInstanceOf(ResourceInUseException.class);

    kinesis.deregisterStreamConsumer(r -> r.consumerARN(registered.consumerARN()));

    Awaits.await(
        "the end of the consumer",
        () ->
            kinesis.listStreamConsumers(r -> r.streamARN(streamArn)).consumers().stream()
                .noneMatch(consumer -> consumer.consumerName().equals("audit")));
    assertThatThrownBy(() -> describe(registered)).isInstanceOf(ResourceNotFoundException.class);
  }

  private ConsumerDescription describe(Consumer consumer) {
    return kinesis
        .describeStreamConsumer(r -> r.consumerARN(consumer.consumerARN()))
        .consumerDescription();
  }

  private List<Record> readAll() {
    return read(r -> r.shardIteratorType(ShardIteratorType.TRIM_HORIZON));
  }

  private interface Start {
    void accept(GetShardIteratorRequest.Builder builder);
  }

  private List<Record> read(Start start) {
    List<Record> records = new ArrayList<>();
    for (int shard = 0; shard < 2; shard++) {
      records.addAll(readShard("shardId-00000000000" + shard, start));
    }
    return records;
  }

  /** From the shard that gave this number. */
  private List<Record> read(Start start, String sequenceNumber) {
    String shard = SequenceNumber.parse(sequenceNumber).shardId().toString();
    return readShard(shard, start);
  }

  private List<Record> readShard(String shard, Start start) {
    String iterator =
        kinesis
            .getShardIterator(r -> start.accept(r.streamName(STREAM).shardId(shard)))
            .shardIterator();
    List<Record> records = new ArrayList<>();
    GetRecordsResponse page;
    do {
      String from = iterator;
      page = kinesis.getRecords(r -> r.shardIterator(from));
      assertThat(page.hasChildShards()).isFalse();
      records.addAll(page.records());
      iterator = page.nextShardIterator();
    } while (page.millisBehindLatest() > 0);
    return records;
  }
}
