package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.ForgottenPutException;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.UpdateShardCountRequest;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Records that their producer numbers: each is stored once, and each put of it answered alike. */
public abstract class IdempotentPutContract extends StreamClientContract {

  private static final int RECORDS = 40;

  private PutRecordResponse put(ProducerId producer, int sequence) {
    return get(client().putRecord(request(producer, sequence)));
  }

  private static PutRecordRequest request(ProducerId producer, int sequence) {
    return PutRecordRequest.of("orders", "key " + sequence, data("record " + sequence))
        .withProducer(producer, sequence);
  }

  private List<PutRecordResponse> putAll(ProducerId producer) {
    List<PutRecordResponse> answers = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      answers.add(put(producer, i));
    }
    return answers;
  }

  private void assertEachIsThereOnce(List<PutRecordResponse> answers) {
    assertThat(Lineage.read(client(), "orders").records())
        .extracting(Record::sequenceNumber)
        .containsExactlyInAnyOrderElementsOf(
            answers.stream().map(PutRecordResponse::sequenceNumber).toList());
  }

  private void split(int shard) {
    ShardId id = new ShardId(shard);
    HashKeyRange range = Lineage.read(client(), "orders").shard(id).hashKeyRange();
    get(
        client()
            .splitShard(
                SplitShardRequest.of("orders", id.toString(), range.midpoint().toString())));
    get(engine().awaitActive("orders"));
  }

  private void merge(int shard, int adjacent) {
    get(
        client()
            .mergeShards(
                MergeShardsRequest.of(
                    "orders", new ShardId(shard).toString(), new ShardId(adjacent).toString())));
    get(engine().awaitActive("orders"));
  }

  private void scale(int target) {
    get(client().updateShardCount(UpdateShardCountRequest.of("orders", target)));
    get(engine().awaitActive("orders"));
  }

  @Test
  void repeatIsAnsweredAlike() {
    create("orders", 3);
    ProducerId producer = engine().newProducer();
    List<PutRecordResponse> answers = putAll(producer);

    assertThat(putAll(producer)).isEqualTo(answers);

    assertEachIsThereOnce(answers);
  }

  @Test
  void repeatOfManyIsAnsweredAlike() {
    create("orders", 3);
    ProducerId producer = engine().newProducer();
    List<PutRecordResponse> answers = putAll(producer);
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < 2 * RECORDS; i++) {
      PutRecordRequest same = request(producer, i % (RECORDS + 1));
      entries.add(
          PutRecordsRequestEntry.of(same.partitionKey(), same.data())
              .withProducer(same.producerSequence()));
    }

    List<PutRecordsResultEntry> results =
        get(client().putRecords(PutRecordsRequest.of("orders", entries))).records();

    for (int i = 0; i < RECORDS; i++) {
      assertThat(results.get(i).sequenceNumber()).isEqualTo(answers.get(i).sequenceNumber());
      assertThat(results.get(i).shardId()).isEqualTo(answers.get(i).shardId());
    }
    assertThat(Lineage.read(client(), "orders").records()).hasSize(RECORDS + 1);
  }

  @Test
  void producersHaveTheirOwnNumbers() {
    create("orders", 1);
    ProducerId one = engine().newProducer();
    ProducerId other = engine().newProducer();

    assertThat(put(one, 5)).isNotEqualTo(put(other, 5));
    put("orders", "without a producer");

    assertThat(texts("orders")).containsExactly("record 5", "record 5", "without a producer");
  }

  @Test
  void repeatIsKnownAfterARestart() {
    create("orders", 2);
    ProducerId producer = ProducerId.parse(engine().newProducer().toString());
    List<PutRecordResponse> answers = putAll(producer);
    restart();

    assertThat(putAll(producer)).isEqualTo(answers);
    restart();
    assertThat(putAll(producer)).isEqualTo(answers);

    assertEachIsThereOnce(answers);
  }

  @Test
  void childrenKnowWhatTheirParentsStored() {
    create("orders", 2);
    ProducerId producer = engine().newProducer();
    List<PutRecordResponse> answers = putAll(producer);

    split(0);
    assertThat(putAll(producer)).isEqualTo(answers);
    merge(3, 1);
    assertThat(putAll(producer)).isEqualTo(answers);
    restart();
    assertThat(putAll(producer)).isEqualTo(answers);
    // With shards in between that open and close at one instant.
    scale(3);
    assertThat(putAll(producer)).isEqualTo(answers);
    scale(2);
    restart();
    assertThat(putAll(producer)).isEqualTo(answers);

    assertEachIsThereOnce(answers);
  }

  @Test
  void whatIsRememberedOutlivesTheRecords() {
    withManualTime("millrace.streams.trim-interval = 1m");
    create("orders", 1);
    ProducerId producer = engine().newProducer();
    SequenceNumber first = put(producer, 1).sequenceNumber();
    clock.advance(Duration.ofHours(25));
    manualTime().timePasses(Duration.ofMinutes(1));
    eventually(() -> assertThat(readAll("orders", SHARD_0)).isEmpty());

    assertThat(put(producer, 1).sequenceNumber()).isEqualTo(first);
    assertThat(readAll("orders", SHARD_0)).isEmpty();
  }

  @Test
  void whatMayBeForgottenIsToldSo() {
    create("orders", 1);
    ProducerId producer = engine().newProducer();
    for (int batch = 0; batch < 9; batch++) {
      List<PutRecordsRequestEntry> entries = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        entries.add(
            PutRecordsRequestEntry.of("key", data("x")).withProducer(producer, batch * 500L + i));
      }
      get(client().putRecords(PutRecordsRequest.of("orders", entries)));
    }

    ForgottenPutException forgotten =
        failure(
            ForgottenPutException.class,
            client()
                .putRecord(
                    PutRecordRequest.of("orders", "key", data("x")).withProducer(producer, 0)));

    assertThat(forgotten.outcome()).isEqualTo(Outcome.FORGOTTEN);
    PutRecordsResultEntry entry =
        get(client()
                .putRecords(
                    PutRecordsRequest.of(
                        "orders",
                        PutRecordsRequestEntry.of("key", data("x")).withProducer(producer, 1))))
            .records()
            .get(0);
    assertThat(entry.failure()).isEqualTo(Outcome.FORGOTTEN);
    assertThat(entry.errorCode()).isEqualTo("InvalidArgumentException");
    assertThat(readAll("orders", SHARD_0)).hasSize(4500);
  }

  @Test
  void retryingClientStoresEachRecordOnceThoughAcknowledgementsAreLost() {
    create("orders", 2);
    StreamClient retrying =
        new RetryingClient(
            losingAcknowledgements(new Random(7)),
            RetryPolicy.STANDARD.withMaxAttempts(100),
            (pause, action) -> action.run(),
            clock::epochMillis,
            new Random(8));
    List<PutRecordResponse> answers = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      answers.add(get(retrying.putRecord("orders", "key " + i, data("record " + i))));
    }
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      entries.add(PutRecordsRequestEntry.of("key " + i, data("further " + i)));
    }
    for (PutRecordsResultEntry result :
        get(retrying.putRecords(PutRecordsRequest.of("orders", entries))).records()) {
      answers.add(
          new PutRecordResponse(result.shardId(), result.sequenceNumber(), EncryptionType.NONE));
    }

    assertEachIsThereOnce(answers);
  }

  /** The client of the engine, of which two answers in three do not arrive. */
  private StreamClient losingAcknowledgements(Random random) {
    return (StreamClient)
        Proxy.newProxyInstance(
            StreamClient.class.getClassLoader(),
            new Class<?>[] {StreamClient.class},
            (proxy, method, arguments) -> {
              CompletionStage<?> answer = (CompletionStage<?>) method.invoke(client(), arguments);
              return random.nextInt(3) == 0
                  ? answer
                  : answer.thenCompose(
                      lost ->
                          CompletableFuture.failedStage(
                              InternalFailureException.unknown("the answer was lost")));
            });
  }
}
