package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.engine.keys.KeyFile;
import io.millrace.testkit.Awaits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KmsDisabledException;
import software.amazon.awssdk.services.kinesis.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kinesis.model.KmsNotFoundException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** Encryption at rest as the official client of Java sees it, with a real key file. */
@Tag("database")
class SdkEncryptionTest {

  private static final String KEY = "alias/aws/kinesis";
  private static final String SHARD = "shardId-000000000000";

  @TempDir private static Path directory;

  private static KeyFile keys;
  private static TestServer server;
  private static KinesisClient kinesis;

  @BeforeAll
  static void start() throws IOException {
    keys = KeyFile.create(directory.resolve("keys.json"));
    server =
        TestServer.start(
            """
            millrace.encryption { key-store.file = "%s", data-key-life = 1ms }
            """
                .formatted(keys.path()));
    kinesis = SdkClients.sync(server.endpoint(), ApacheHttpClient.builder());
  }

  @AfterAll
  static void stop() {
    kinesis.close();
    server.close();
  }

  private static void create(String stream) {
    kinesis.createStream(r -> r.streamName(stream).shardCount(1));
    Awaits.await(
        "an active stream",
        () ->
            kinesis
                .describeStreamSummary(r -> r.streamName(stream))
                .streamDescriptionSummary()
                .streamStatus()
                .equals(StreamStatus.ACTIVE));
  }

  private static void encrypt(String stream) {
    kinesis.startStreamEncryption(
        r -> r.streamName(stream).encryptionType(EncryptionType.KMS).keyId(KEY));
  }

  private static SdkBytes bytes(String text) {
    return SdkBytes.fromUtf8String(text);
  }

  private static EncryptionType put(String stream, String text) {
    return kinesis
        .putRecord(r -> r.streamName(stream).partitionKey("key").data(bytes(text)))
        .encryptionType();
  }

  private static List<Record> readAll(String stream) {
    String iterator =
        kinesis
            .getShardIterator(
                r ->
                    r.streamName(stream)
                        .shardId(SHARD)
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();
    return kinesis.getRecords(r -> r.shardIterator(iterator)).records();
  }

  @Test
  void startsShowsAndStops() {
    create("shown");
    assertThat(put("shown", "a")).isEqualTo(EncryptionType.NONE);
    encrypt("shown");
    assertThat(put("shown", "b")).isEqualTo(EncryptionType.KMS);
    assertThat(
            kinesis
                .putRecords(
                    r ->
                        r.streamName("shown")
                            .records(
                                PutRecordsRequestEntry.builder()
                                    .partitionKey("key")
                                    .data(bytes("c"))
                                    .build()))
                .encryptionType())
        .isEqualTo(EncryptionType.KMS);
    var description = kinesis.describeStream(r -> r.streamName("shown")).streamDescription();
    assertThat(description.encryptionType()).isEqualTo(EncryptionType.KMS);
    assertThat(description.keyId()).isEqualTo(KEY);
    var summary =
        kinesis.describeStreamSummary(r -> r.streamName("shown")).streamDescriptionSummary();
    assertThat(summary.encryptionType()).isEqualTo(EncryptionType.KMS);
    assertThat(summary.keyId()).isEqualTo(KEY);

    assertThatThrownBy(
            () ->
                kinesis.stopStreamEncryption(
                    r ->
                        r.streamName("shown")
                            .encryptionType(EncryptionType.KMS)
                            .keyId("alias/other")))
        .isInstanceOf(InvalidArgumentException.class);
    kinesis.stopStreamEncryption(
        r -> r.streamName("shown").encryptionType(EncryptionType.KMS).keyId(KEY));

    assertThat(put("shown", "d")).isEqualTo(EncryptionType.NONE);
    assertThat(readAll("shown"))
        .extracting(Record::encryptionType)
        .containsExactly(
            EncryptionType.NONE, EncryptionType.KMS, EncryptionType.KMS, EncryptionType.NONE);
    assertThat(readAll("shown"))
        .extracting(record -> record.data().asUtf8String())
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void namesWhatIsWrongWithAKey() throws IOException {
    create("refused");
    assertThatThrownBy(
            () ->
                kinesis.startStreamEncryption(
                    r ->
                        r.streamName("refused")
                            .encryptionType(EncryptionType.KMS)
                            .keyId("alias/nobody")))
        .isInstanceOf(KmsNotFoundException.class);
    String id = keys.addKey("alias/refused");
    kinesis.startStreamEncryption(
        r -> r.streamName("refused").encryptionType(EncryptionType.KMS).keyId("alias/refused"));
    put("refused", "a");

    keys.disable(id);
    Awaits.await(
        "the end of the data key",
        () -> catchThrowable(() -> readAll("refused")) instanceof KmsDisabledException);
    assertThatThrownBy(() -> put("refused", "b")).isInstanceOf(KmsDisabledException.class);
    assertThatThrownBy(
            () ->
                kinesis.putRecords(
                    r ->
                        r.streamName("refused")
                            .records(
                                PutRecordsRequestEntry.builder()
                                    .partitionKey("key")
                                    .data(bytes("c"))
                                    .build())))
        .isInstanceOf(KmsDisabledException.class);
    keys.scheduleDeletion(id);
    assertThatThrownBy(() -> readAll("refused")).isInstanceOf(KmsInvalidStateException.class);

    keys.enable(id);
    assertThat(readAll("refused"))
        .extracting(record -> record.data().asUtf8String())
        .containsExactly("a");
  }

  @Test
  void aSubscriptionEndsWithTheErrorOfItsKey() throws IOException {
    create("pushed");
    String id = keys.addKey("alias/pushed");
    kinesis.startStreamEncryption(
        r -> r.streamName("pushed").encryptionType(EncryptionType.KMS).keyId("alias/pushed"));
    put("pushed", "a");
    keys.disable(id);
    Awaits.await(
        "the end of the data key",
        () -> catchThrowable(() -> readAll("pushed")) instanceof KmsDisabledException);

    try (KinesisAsyncClient async =
        SdkClients.async(server.endpoint(), NettyNioAsyncHttpClient.builder())) {
      String consumer = register(async);
      Throwable failure =
          catchThrowable(
              () ->
                  async
                      .subscribeToShard(
                          r ->
                              r.consumerARN(consumer)
                                  .shardId(SHARD)
                                  .startingPosition(p -> p.type(ShardIteratorType.TRIM_HORIZON)),
                          SubscribeToShardResponseHandler.builder().subscriber(event -> {}).build())
                      .join());
      assertThat(failure)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(KmsDisabledException.class);
    }
  }

  private static String register(KinesisAsyncClient async) {
    String arn =
        kinesis
            .describeStreamSummary(r -> r.streamName("pushed"))
            .streamDescriptionSummary()
            .streamARN();
    String consumer =
        async
            .registerStreamConsumer(r -> r.streamARN(arn).consumerName("reader"))
            .join()
            .consumer()
            .consumerARN();
    Awaits.await(
        "an active consumer",
        () ->
            async
                    .describeStreamConsumer(r -> r.consumerARN(consumer))
                    .join()
                    .consumerDescription()
                    .consumerStatus()
                == ConsumerStatus.ACTIVE);
    return consumer;
  }
}
