package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.KeyFailures;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.StartStreamEncryptionRequest;
import io.millrace.engine.api.StopStreamEncryptionRequest;
import io.millrace.engine.api.StreamDescriptionSummary;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.testing.FakeKeyStore;
import io.millrace.engine.testing.FakeKeyStoreProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encryption at rest: what it shows, what it stores, and what happens when a key is away. */
public abstract class EncryptionContract extends StreamClientContract {

  private static final String KEY = "alias/aws/kinesis";
  private static final String OTHER_KEY = "alias/other";
  private static final Duration KEPT = Duration.ofMinutes(5);

  private FakeKeyStore keyStore;

  /** Gives this test an engine of its own, with a key store of its own. */
  private void withKeys(String more) {
    String name = UUID.randomUUID().toString();
    keyStore = FakeKeyStore.named(name);
    with(
        """
        millrace.encryption.key-store { provider = "%s", name = "%s" }
        %s
        """
            .formatted(FakeKeyStoreProvider.class.getName(), name, more));
  }

  private void start(String stream, String key) {
    get(client().startStreamEncryption(StartStreamEncryptionRequest.of(stream, key)));
  }

  private void stop(String stream, String key) {
    get(client().stopStreamEncryption(StopStreamEncryptionRequest.of(stream, key)));
  }

  private void createEncrypted(String stream) {
    create(stream, 1);
    start(stream, KEY);
  }

  private CompletionStage<PutRecordsResponse> putAll(String stream, String... texts) {
    return client()
        .putRecords(
            PutRecordsRequest.of(
                stream,
                List.of(texts).stream()
                    .map(text -> PutRecordsRequestEntry.of(text, data(text)))
                    .toList()));
  }

  private List<EncryptionType> types(String stream) {
    return readAll(stream, SHARD_0).stream().map(Record::encryptionType).toList();
  }

  private static MillraceException failure(KeyFailure reason, CompletionStage<?> call) {
    return failure(KeyFailures.of(reason, "").getClass(), call);
  }

  /** Every byte that is stored of the first shard of a stream. */
  private String stored(String stream) {
    StringBuilder bytes = new StringBuilder();
    long from = 1;
    List<JournalRow> rows;
    do {
      rows = get(watched().pages().read("shard|" + stream, from, Long.MAX_VALUE, 1 << 20));
      for (JournalRow row : rows) {
        bytes.append(new String(row.payload(), StandardCharsets.ISO_8859_1));
        from = row.eventNumber() + 1;
      }
    } while (!rows.isEmpty());
    return bytes.toString();
  }

  // what it shows

  @Test
  void recordsThatAProducerNumberedAreKnownAgainThoughTheyAreSealed() {
    withKeys("");
    createEncrypted("orders");
    ProducerId producer = engine().newProducer();
    PutRecordRequest first =
        PutRecordRequest.of("orders", "key", data("once")).withProducer(producer, 1);
    PutRecordResponse answer = get(client().putRecord(first));
    put("orders", "another");

    for (int opened = 0; opened < 2; opened++) {
      assertThat(get(client().putRecord(first))).isEqualTo(answer);
      assertThat(texts("orders")).containsExactly("once", "another");
      assertThat(stored("orders")).doesNotContain("once");
      restart();
    }
  }

  @Test
  void eachRecordSaysHowItWasWritten() {
    withKeys("");
    create("orders", 1);
    assertThat(get(client().putRecord("orders", "key", data("a"))).encryptionType())
        .isEqualTo(EncryptionType.NONE);
    start("orders", KEY);
    assertThat(get(client().putRecord("orders", "key", data("b"))).encryptionType())
        .isEqualTo(EncryptionType.KMS);
    PutRecordsResponse several = get(putAll("orders", "c", "d"));
    assertThat(several.encryptionType()).isEqualTo(EncryptionType.KMS);
    assertThat(several.failedRecordCount()).isZero();
    start("orders", OTHER_KEY);
    put("orders", "e");
    stop("orders", OTHER_KEY);
    assertThat(get(client().putRecord("orders", "key", data("f"))).encryptionType())
        .isEqualTo(EncryptionType.NONE);

    for (int opened = 0; opened < 2; opened++) {
      assertThat(texts("orders")).containsExactly("a", "b", "c", "d", "e", "f");
      assertThat(types("orders"))
          .containsExactly(
              EncryptionType.NONE,
              EncryptionType.KMS,
              EncryptionType.KMS,
              EncryptionType.KMS,
              EncryptionType.KMS,
              EncryptionType.NONE);
      restart();
    }
  }

  @Test
  void descriptionsNameTheKey() {
    withKeys("");
    create("orders", 1);
    assertThat(describe("orders").encryptionType()).isEqualTo(EncryptionType.NONE);
    assertThat(describe("orders").keyId()).isNull();
    start("orders", KEY);
    restart();
    assertThat(describe("orders").encryptionType()).isEqualTo(EncryptionType.KMS);
    assertThat(describe("orders").keyId()).isEqualTo(KEY);
    StreamDescriptionSummary summary =
        get(client().describeStreamSummary(DescribeStreamSummaryRequest.of("orders")))
            .streamDescriptionSummary();
    assertThat(summary.encryptionType()).isEqualTo(EncryptionType.KMS);
    assertThat(summary.keyId()).isEqualTo(KEY);
    stop("orders", KEY);
    assertThat(describe("orders").encryptionType()).isEqualTo(EncryptionType.NONE);
    assertThat(describe("orders").keyId()).isNull();
  }

  // what it stores

  @Test
  void nothingOfAnEncryptedRecordIsStoredInTheClear() {
    withKeys("");
    createEncrypted("orders");
    create("bills", 1);
    get(putAll("orders", "the secret of the mill"));
    get(putAll("bills", "the secret of the mill"));
    assertThat(stored("bills~2~0")).contains("the secret of the mill");
    assertThat(stored("orders~1~0")).isNotEmpty().doesNotContain("secret").doesNotContain("mill");
  }

  @Test
  void recordsAreFoundByTimeAndNumberAsEver() {
    withKeys("");
    createEncrypted("orders");
    put("orders", "a");
    clock.advance(Duration.ofHours(1));
    SequenceNumber b = put("orders", "b");
    restart();
    assertThat(
            read(GetShardIteratorRequest.atTimestamp(
                    "orders", SHARD_0, now().minus(Duration.ofMinutes(1))))
                .records())
        .extracting(record -> record.data().utf8())
        .containsExactly("b");
    assertThat(
            read(GetShardIteratorRequest.atSequenceNumber("orders", SHARD_0, b.toString()))
                .records())
        .extracting(record -> record.data().utf8())
        .containsExactly("b");
    clock.advance(Duration.ofHours(23));
    assertThat(texts("orders")).containsExactly("b");
  }

  @Test
  void whatHasExpiredNeedsNoKey() {
    withKeys("");
    createEncrypted("orders");
    put("orders", "a");
    stop("orders", KEY);
    clock.advance(Duration.ofHours(24));
    put("orders", "b");
    restart();
    keyStore.fail(KeyFailure.NOT_FOUND);
    assertThat(texts("orders")).containsExactly("b");
  }

  @Test
  void childrenOfAShardAreEncryptedToo() {
    withKeys("");
    createEncrypted("orders");
    put("orders", "a");
    get(
        client()
            .splitShard(
                SplitShardRequest.of(
                    "orders", SHARD_0, "170141183460469231731687303715884105728")));
    get(engine().awaitActive("orders"));
    assertThat(get(client().putRecord("orders", "key", data("b"))).encryptionType())
        .isEqualTo(EncryptionType.KMS);
    assertThat(types("orders")).containsExactly(EncryptionType.KMS);
  }

  // a key that is away

  @ParameterizedTest
  @EnumSource(KeyFailure.class)
  void withoutItsKeyNothingIsWrittenAndNothingIsLost(KeyFailure reason) {
    withKeys("");
    createEncrypted("orders");
    put("orders", "a");
    keyStore.fail(reason);
    assertThat(put("orders", "while the key is kept")).isNotNull();
    assertThat(texts("orders")).containsExactly("a", "while the key is kept");
    clock.advance(KEPT);

    MillraceException refused = failure(reason, client().putRecord("orders", "key", data("never")));
    assertThat(refused.outcome()).isNotEqualTo(Outcome.UNKNOWN);
    failure(reason, putAll("orders", "never", "ever"));
    assertReadFails(reason);
    restart();
    assertReadFails(reason);

    keyStore.heal();
    put("orders", "b");
    assertThat(texts("orders")).containsExactly("a", "while the key is kept", "b");
  }

  private void assertReadFails(KeyFailure reason) {
    failure(reason, client().getRecords(GetRecordsRequest.of(trimHorizon("orders"))));
  }

  @Test
  void whatComesBeforeAnEncryptedRecordIsServedWithoutItsKey() {
    withKeys("");
    create("orders", 1);
    put("orders", "a");
    start("orders", KEY);
    put("orders", "b");
    stop("orders", KEY);
    put("orders", "c");
    restart();
    keyStore.fail(KeyFailure.DISABLED);

    var page = read(trimHorizon("orders"));
    assertThat(page.records()).extracting(record -> record.data().utf8()).containsExactly("a");
    failure(
        KeyFailure.DISABLED, client().getRecords(GetRecordsRequest.of(page.nextShardIterator())));
    keyStore.heal();
    assertThat(read(page.nextShardIterator()).records())
        .extracting(record -> record.data().utf8())
        .containsExactly("b", "c");
  }

  @Test
  void otherStreamsGoOnWithoutTheKey() {
    withKeys("millrace.encryption.timeout = 100ms");
    createEncrypted("orders");
    create("bills", 1);
    keyStore.hang();
    try {
      CompletionStage<?> waiting = client().putRecord("orders", "key", data("never"));
      put("bills", "a");
      assertThat(texts("bills")).containsExactly("a");
      InternalFailureException late = failure(InternalFailureException.class, waiting);
      assertThat(late.outcome()).isEqualTo(Outcome.NOT_WRITTEN);
    } finally {
      keyStore.letGo();
    }
    assertThat(texts("orders")).isEmpty();
    put("orders", "b");
    assertThat(texts("orders")).containsExactly("b");
  }

  @Test
  void aDataKeyIsReplacedAfterFiveMinutesAndTheOldOnesStayGood() {
    withKeys("");
    createEncrypted("orders");
    int tried = keyStore.generated();
    put("orders", "a");
    put("orders", "b");
    assertThat(keyStore.generated()).isEqualTo(tried + 1);
    clock.advance(KEPT);
    put("orders", "c");
    assertThat(keyStore.generated()).isEqualTo(tried + 2);
    restart();
    assertThat(texts("orders")).containsExactly("a", "b", "c");
  }

  // starting and stopping

  @ParameterizedTest
  @EnumSource(KeyFailure.class)
  void aStreamIsNotEncryptedUnderAKeyThatCannotBeUsed(KeyFailure reason) {
    withKeys("");
    create("orders", 1);
    keyStore.fail(reason);
    failure(reason, client().startStreamEncryption(StartStreamEncryptionRequest.of("orders", KEY)));
    assertThat(describe("orders").encryptionType()).isEqualTo(EncryptionType.NONE);
    put("orders", "a");
  }

  @Test
  void stoppingNeedsTheNameOfTheKeyAndNotTheKey() {
    withKeys("");
    createEncrypted("orders");
    keyStore.fail(KeyFailure.NOT_FOUND);
    failure(
        InvalidArgumentException.class,
        client().stopStreamEncryption(StopStreamEncryptionRequest.of("orders", OTHER_KEY)));
    stop("orders", "arn:aws:kms:us-east-1:" + ACCOUNT + ":" + KEY);
    assertThat(put("orders", "a")).isNotNull();
    failure(
        InvalidArgumentException.class,
        client().stopStreamEncryption(StopStreamEncryptionRequest.of("orders", KEY)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"my key", "alias/", "arn:aws:kinesis:us-east-1:000000000000:stream/a"})
  void refusesWhatIsNoKey(String key) {
    withKeys("");
    create("orders", 1);
    failure(
        InvalidArgumentException.class,
        client().startStreamEncryption(StartStreamEncryptionRequest.of("orders", key)));
    failure(
        InvalidArgumentException.class,
        client()
            .startStreamEncryption(
                new StartStreamEncryptionRequest("orders", null, EncryptionType.NONE, KEY)));
  }

  @Test
  void onlyAStreamThatIsActiveCanBeChanged() {
    withKeys("millrace.streams.creating-delay = 1h");
    failure(
        ResourceNotFoundException.class,
        client().startStreamEncryption(StartStreamEncryptionRequest.of("orders", KEY)));
    get(client().createStream("orders", 1));
    failure(
        ResourceInUseException.class,
        client().startStreamEncryption(StartStreamEncryptionRequest.of("orders", KEY)));
    failure(
        ResourceInUseException.class,
        client().stopStreamEncryption(StopStreamEncryptionRequest.of("orders", KEY)));
  }

  @Test
  void eachCallSucceedsTwentyFiveTimesADay() {
    withKeys("");
    create("orders", 1);
    for (int i = 0; i < 25; i++) {
      start("orders", KEY);
      start("orders", KEY);
      stop("orders", KEY);
    }
    restart();
    LimitExceededException full =
        failure(
            LimitExceededException.class,
            client().startStreamEncryption(StartStreamEncryptionRequest.of("orders", KEY)));
    assertThat(full.outcome()).isEqualTo(Outcome.REFUSED);
    clock.advance(Duration.ofHours(24));
    start("orders", KEY);
    stop("orders", KEY);
  }

  @Test
  void withoutAKeyStoreThereIsNoKey() {
    create("orders", 1);
    MillraceException missing =
        failure(
            KeyFailure.NOT_FOUND,
            client().startStreamEncryption(StartStreamEncryptionRequest.of("orders", KEY)));
    assertThat(missing).hasMessageContaining("millrace.encryption.key-store");
  }
}
