package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.Awaits;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeLimitsResponse;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** Tags, policies, sizes and limits, as the official client sees them. */
@Tag("database")
class SdkControlTest {

  private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/";
  private static final String SHARD_0 = "shardId-000000000000";
  private static final int MIB = 1024 * 1024;

  private static TestServer server;

  private final String stream = "s-" + UUID.randomUUID();
  private KinesisClient kinesis;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private void connect(boolean speaksCbor) {
    System.setProperty("aws.cborEnabled", Boolean.toString(speaksCbor));
    kinesis = SdkClients.sync(server.endpoint(), ApacheHttpClient.builder());
  }

  @AfterEach
  void close() {
    kinesis.close();
    System.clearProperty("aws.cborEnabled");
  }

  private void create(Consumer<CreateStreamRequest.Builder> request) {
    kinesis.createStream(
        r -> {
          r.streamName(stream);
          request.accept(r);
        });
    Awaits.await("an active stream", () -> summary().streamStatus() == StreamStatus.ACTIVE);
  }

  private StreamDescriptionSummary summary() {
    return kinesis.describeStreamSummary(r -> r.streamName(stream)).streamDescriptionSummary();
  }

  private GetRecordsResponse read() {
    String iterator =
        kinesis
            .getShardIterator(
                r ->
                    r.streamName(stream)
                        .shardId(SHARD_0)
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();
    return kinesis.getRecords(r -> r.shardIterator(iterator));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tagsStreamsAndConsumers(boolean speaksCbor) {
    connect(speaksCbor);
    create(r -> r.shardCount(1).tags(Map.of("team", "mill")));
    kinesis.addTagsToStream(r -> r.streamName(stream).tags(Map.of("cost", "7")));
    kinesis.tagResource(r -> r.resourceARN(ARN + stream).tags(Map.of("über", "")));

    var page = kinesis.listTagsForStream(r -> r.streamName(stream).limit(2));
    assertThat(page.hasMoreTags()).isTrue();
    assertThat(page.tags()).extracting("key").containsExactly("cost", "team");
    assertThat(
            kinesis
                .listTagsForStream(r -> r.streamName(stream).exclusiveStartTagKey("team"))
                .tags())
        .singleElement()
        .satisfies(tag -> assertThat(tag.key() + "=" + tag.value()).isEqualTo("über="));
    kinesis.removeTagsFromStream(r -> r.streamName(stream).tagKeys("team", "cost"));
    kinesis.untagResource(r -> r.resourceARN(ARN + stream).tagKeys("none"));
    assertThat(kinesis.listTagsForResource(r -> r.resourceARN(ARN + stream)).tags()).hasSize(1);

    String consumer =
        kinesis
            .registerStreamConsumer(
                r -> r.streamARN(ARN + stream).consumerName("audit").tags(Map.of("of", "audit")))
            .consumer()
            .consumerARN();
    assertThat(kinesis.listTagsForResource(r -> r.resourceARN(consumer)).tags())
        .singleElement()
        .satisfies(tag -> assertThat(tag.value()).isEqualTo("audit"));
    assertThatThrownBy(
            () -> kinesis.addTagsToStream(r -> r.streamName(stream).tags(Map.of("aws:x", ""))))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsPolicies(boolean speaksCbor) {
    connect(speaksCbor);
    create(r -> r.shardCount(1));
    String policy =
        """
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
         "Principal": {"AWS": "123456789012"}, "Action": "kinesis:PutRecord", "Resource": "%s"}]}
        """
            .formatted(ARN + stream);

    kinesis.putResourcePolicy(r -> r.resourceARN(ARN + stream).policy(policy));
    assertThat(kinesis.getResourcePolicy(r -> r.resourceARN(ARN + stream)).policy())
        .isEqualTo(policy);
    kinesis.deleteResourcePolicy(r -> r.resourceARN(ARN + stream));
    assertThatThrownBy(() -> kinesis.getResourcePolicy(r -> r.resourceARN(ARN + stream)))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(
            () -> kinesis.putResourcePolicy(r -> r.resourceARN(ARN + stream).policy("{}")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("Invalid policy");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void carriesARecordOfTenMebibytes(boolean speaksCbor) {
    connect(speaksCbor);
    create(r -> r.shardCount(1));
    byte[] largest = new byte[10 * MIB - 1];
    new Random(7).nextBytes(largest);
    assertRefused(largest);

    kinesis.updateMaxRecordSize(r -> r.streamARN(ARN + stream).maxRecordSizeInKiB(10_240));
    kinesis.putRecord(
        r -> r.streamName(stream).partitionKey("k").data(SdkBytes.fromByteArray(largest)));
    kinesis.putRecords(
        r ->
            r.streamName(stream)
                .records(
                    PutRecordsRequestEntry.builder()
                        .partitionKey("k")
                        .data(SdkBytes.fromByteArray(largest))
                        .build()));

    assertThat(summary().maxRecordSizeInKiB()).isEqualTo(10_240);
    GetRecordsResponse first = read();
    assertThat(first.records()).hasSize(1);
    GetRecordsResponse second = kinesis.getRecords(r -> r.shardIterator(first.nextShardIterator()));
    assertThat(second.records()).hasSize(1);
    for (Record record : new Record[] {first.records().get(0), second.records().get(0)}) {
      assertThat(record.data().asByteArray()).isEqualTo(largest);
    }
    assertRefused(new byte[10 * MIB]);
    kinesis.updateMaxRecordSize(r -> r.streamARN(ARN + stream).maxRecordSizeInKiB(1024));
    assertRefused(largest);
    assertThat(read().records()).hasSize(1);
    assertThatThrownBy(
            () ->
                kinesis.updateMaxRecordSize(
                    r -> r.streamARN(ARN + stream).maxRecordSizeInKiB(10_241)))
        .isInstanceOf(KinesisException.class)
        .hasMessageContaining("maxRecordSizeInKiB");
  }

  private void assertRefused(byte[] data) {
    assertThatThrownBy(
            () ->
                kinesis.putRecord(
                    r -> r.streamName(stream).partitionKey("k").data(SdkBytes.fromByteArray(data))))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsAllLimits(boolean speaksCbor) {
    connect(speaksCbor);
    DescribeLimitsResponse before = kinesis.describeLimits();
    create(r -> r.shardCount(3));

    DescribeLimitsResponse limits = kinesis.describeLimits();

    assertThat(limits.shardLimit()).isEqualTo(20_000);
    assertThat(limits.openShardCount()).isEqualTo(before.openShardCount() + 3);
    assertThat(limits.onDemandStreamCount()).isEqualTo(before.onDemandStreamCount());
    assertThat(limits.onDemandStreamCountLimit()).isEqualTo(50);
    assertThat(
            kinesis
                .describeAccountSettings(r -> {})
                .minimumThroughputBillingCommitment()
                .statusAsString())
        .isEqualTo("DISABLED");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void changesTagsOfActiveConsumers(boolean speaksCbor) {
    connect(speaksCbor);
    create(r -> r.shardCount(1));
    String consumer =
        kinesis
            .registerStreamConsumer(r -> r.streamARN(ARN + stream).consumerName("audit"))
            .consumer()
            .consumerARN();
    Awaits.await(
        "an active consumer",
        () ->
            kinesis
                    .describeStreamConsumer(r -> r.consumerARN(consumer))
                    .consumerDescription()
                    .consumerStatus()
                == ConsumerStatus.ACTIVE);
    kinesis.tagResource(r -> r.resourceARN(consumer).tags(Map.of("a", "b")));
    assertThat(kinesis.listTagsForResource(r -> r.resourceARN(consumer)).tags()).hasSize(1);
    kinesis.untagResource(r -> r.resourceARN(consumer).tagKeys("a"));
    assertThat(kinesis.listTagsForResource(r -> r.resourceARN(consumer)).tags()).isEmpty();
  }
}
