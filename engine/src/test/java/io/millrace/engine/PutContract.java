package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.UpdateMaxRecordSizeRequest;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PutRecord and PutRecords. */
public abstract class PutContract extends StreamClientContract {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;
  private static final String BEYOND_HASH_SPACE = "340282366920938463463374607431768211456";

  private PutRecordResponse put(PutRecordRequest request) {
    return get(client().putRecord(request));
  }

  private PutRecordsResponse putAll(PutRecordsRequestEntry... entries) {
    return get(client().putRecords(PutRecordsRequest.of("orders", entries)));
  }

  private static PutRecordsRequestEntry entry(String key, Payload data) {
    return PutRecordsRequestEntry.of(key, data);
  }

  private static PutRecordRequest order(Payload data) {
    return PutRecordRequest.of("orders", "key", data);
  }

  private List<Record> everything(int shards) {
    return IntStream.range(0, shards)
        .mapToObj(index -> readAll("orders", new ShardId(index).toString()))
        .flatMap(List::stream)
        .toList();
  }

  // what is stored

  @Test
  void storesTheRecordAsItIs() {
    create("orders", 1);
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }

    PutRecordResponse response = put(PutRecordRequest.of("orders", "né👍", Payload.of(bytes)));

    assertThat(response.shardId()).isEqualTo(new ShardId(0));
    assertThat(response.encryptionType()).isEqualTo(EncryptionType.NONE);
    assertThat(readAll("orders", SHARD_0))
        .containsExactly(new Record(response.sequenceNumber(), now(), Payload.of(bytes), "né👍"));
  }

  @Test
  void storesRecordWithoutData() {
    create("orders", 1);

    put(order(Payload.EMPTY));

    assertThat(texts("orders")).containsExactly("");
  }

  @Test
  void findsStreamByArnAlone() {
    create("orders", 1);

    put(new PutRecordRequest(null, arn("orders"), data("a"), "key", null, null));
    get(
        client()
            .putRecords(
                new PutRecordsRequest(null, arn("orders"), List.of(entry("key", data("b"))))));

    assertThat(texts("orders")).containsExactly("a", "b");
  }

  @Test
  void numbersLieAboveTheStartingNumberAndCarryShardAndTime() {
    create("orders", 2);
    clock.advance(Duration.ofMinutes(7));

    SequenceNumber number =
        put(order(data("a")).withExplicitHashKey(HashKey.MAX.toString())).sequenceNumber();

    SequenceNumber starting =
        describe("orders").shards().get(1).sequenceNumberRange().startingSequenceNumber();
    assertThat(number).isGreaterThan(starting);
    assertThat(number.shardId()).isEqualTo(new ShardId(1));
    assertThat(number.createdSeconds()).isEqualTo(starting.createdSeconds());
    assertThat(number.putSeconds()).isEqualTo(now().getEpochSecond());
  }

  @Test
  void numbersIncreaseInTheOrderOfAwaitedPuts() {
    create("orders", 1);

    List<SequenceNumber> numbers =
        IntStream.range(0, 50).mapToObj(i -> put("orders", "record " + i)).toList();

    assertThat(numbers).isSorted().doesNotHaveDuplicates();
    assertThat(readAll("orders", SHARD_0).stream().map(Record::sequenceNumber))
        .containsExactlyElementsOf(numbers);
  }

  @Test
  void arrivalTimeNeverFallsWhenTheWallClockDoes() {
    create("orders", 1);
    clock.advance(Duration.ofMinutes(1));
    put("orders", "a");
    clock.jumpWall(Duration.ofSeconds(-30));
    put("orders", "b");
    clock.jumpWall(Duration.ofSeconds(31));
    put("orders", "c");

    List<Record> records = readAll("orders", SHARD_0);

    assertThat(records.stream().map(Record::approximateArrivalTimestamp))
        .containsExactly(now().minusSeconds(1), now().minusSeconds(1), now());
    assertThat(records.stream().map(Record::sequenceNumber)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void concurrentPutsAreEachStoredOnce() {
    create("orders", 2);
    List<CompletionStage<PutRecordResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      calls.add(client().putRecord("orders", "key " + i, data("record " + i)));
    }

    List<SequenceNumber> numbers = calls.stream().map(call -> get(call).sequenceNumber()).toList();

    List<Record> stored = everything(2);
    assertThat(numbers).doesNotHaveDuplicates();
    assertThat(stored.stream().map(Record::sequenceNumber))
        .containsExactlyInAnyOrderElementsOf(numbers);
    for (Record record : stored) {
      int i = numbers.indexOf(record.sequenceNumber());
      assertThat(record.partitionKey()).isEqualTo("key " + i);
      assertThat(record.data().utf8()).isEqualTo("record " + i);
    }
  }

  // routing

  @ParameterizedTest
  @CsvSource({"a,0", "partitionKey-1,1", "user-42,1", "é,1"})
  void partitionKeyLeadsToTheShardOfItsMd5(String key, int third) {
    create("orders", 3);

    PutRecordResponse single = put(PutRecordRequest.of("orders", key, data("a")));
    PutRecordsResponse batch = putAll(entry(key, data("b")));

    assertThat(single.shardId()).isEqualTo(new ShardId(third));
    assertThat(batch.records().get(0).shardId()).isEqualTo(new ShardId(third));
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "170141183460469231731687303715884105727,0",
    "170141183460469231731687303715884105728,1",
    "340282366920938463463374607431768211455,1"
  })
  void explicitHashKeyLeadsToTheShardThatOwnsIt(String hashKey, int half) {
    create("orders", 2);

    PutRecordResponse single = put(order(data("a")).withExplicitHashKey(hashKey));
    PutRecordsResponse batch = putAll(entry("key", data("b")).withExplicitHashKey(hashKey));

    assertThat(single.shardId()).isEqualTo(new ShardId(half));
    assertThat(batch.records().get(0).shardId()).isEqualTo(new ShardId(half));
    assertThat(readAll("orders", new ShardId(half).toString()).stream().map(Record::partitionKey))
        .containsExactly("key", "key");
  }

  @Test
  void everyEndOfEveryRangeBelongsToItsShard() {
    create("orders", 7);

    for (var shard : describe("orders").shards()) {
      for (HashKey end : List.of(shard.hashKeyRange().starting(), shard.hashKeyRange().ending())) {
        PutRecordResponse response = put(order(data("a")).withExplicitHashKey(end.toString()));
        assertThat(response.shardId()).isEqualTo(shard.shardId());
        assertThat(response.sequenceNumber().shardId()).isEqualTo(shard.shardId());
      }
    }
  }

  @Test
  void explicitHashKeyBeyondTheHashSpaceIsInvalid() {
    create("orders", 1);

    InvalidArgumentException single =
        failure(
            InvalidArgumentException.class,
            client().putRecord(order(data("a")).withExplicitHashKey(BEYOND_HASH_SPACE)));
    failure(
        InvalidArgumentException.class,
        client()
            .putRecords(
                PutRecordsRequest.of(
                    "orders",
                    entry("key", data("b")),
                    entry("key", data("c")).withExplicitHashKey(BEYOND_HASH_SPACE))));

    assertThat(single).hasMessageContaining(BEYOND_HASH_SPACE);
    assertThat(texts("orders")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        "01",
        "1.0",
        " 1",
        "x",
        "1000000000000000000000000000000000000000"
      })
  void explicitHashKeyThatIsNoDecimalBreaksItsConstraint(String hashKey) {
    create("orders", 1);

    failure(
        ValidationException.class,
        client().putRecord(order(data("a")).withExplicitHashKey(hashKey)));
    failure(
        ValidationException.class,
        client()
            .putRecords(
                PutRecordsRequest.of(
                    "orders",
                    entry("key", data("b")),
                    entry("key", data("c")).withExplicitHashKey(hashKey))));

    assertThat(texts("orders")).isEmpty();
  }

  // what is refused

  @Test
  void streamMustExist() {
    assertThat(failure(ResourceNotFoundException.class, client().putRecord(order(data("a")))))
        .hasMessage("Stream orders under account 000000000000 not found.");
    failure(
        ResourceNotFoundException.class,
        client().putRecords(PutRecordsRequest.of("orders", entry("key", data("a")))));
  }

  @Test
  void streamMustBeNamedOnceOrConsistently() {
    create("orders", 1);
    create("bills", 1);

    for (String[] names : new String[][] {{null, null}, {"orders", arn("bills")}}) {
      failure(
          InvalidArgumentException.class,
          client()
              .putRecord(new PutRecordRequest(names[0], names[1], data("a"), "key", null, null)));
      failure(
          InvalidArgumentException.class,
          client()
              .putRecords(
                  new PutRecordsRequest(names[0], names[1], List.of(entry("key", data("a"))))));
    }
    assertThat(texts("orders")).isEmpty();
    assertThat(texts("bills")).isEmpty();
  }

  @Test
  void arnOfAnotherRegionOrAccountIsNotFound() {
    create("orders", 1);

    for (String arn :
        List.of(
            arn("orders").replace("us-east-1", "eu-west-1"),
            arn("orders").replace(ACCOUNT, "123456789012"))) {
      failure(
          ResourceNotFoundException.class,
          client().putRecord(new PutRecordRequest(null, arn, data("a"), "key", null, null)));
    }
  }

  @Test
  void dataAndPartitionKeyAreRequired() {
    create("orders", 1);

    failure(ValidationException.class, client().putRecord(order(null)));
    failure(
        InvalidArgumentException.class,
        client().putRecord(PutRecordRequest.of("orders", null, data("a"))));
    failure(
        ValidationException.class,
        client().putRecords(PutRecordsRequest.of("orders", entry("key", null))));
    failure(
        InvalidArgumentException.class,
        client()
            .putRecords(
                PutRecordsRequest.of("orders", entry("key", data("a")), entry(null, data("b")))));
    assertThat(texts("orders")).isEmpty();
  }

  @Test
  void partitionKeyHas256CharactersAtMost() {
    create("orders", 1);
    String longest = "👍".repeat(256);

    put(PutRecordRequest.of("orders", longest, data("a")));

    assertThat(readAll("orders", SHARD_0).get(0).partitionKey()).isEqualTo(longest);
    failure(
        ValidationException.class,
        client().putRecord(PutRecordRequest.of("orders", "x".repeat(257), data("b"))));
    failure(
        ValidationException.class,
        client().putRecord(PutRecordRequest.of("orders", "", data("b"))));
  }

  @Test
  void recordIsChargedItsDataAndTheUtf8OfItsKey() {
    create("orders", 1);
    int room = MIB - "é".getBytes(java.nio.charset.StandardCharsets.UTF_8).length;

    put(PutRecordRequest.of("orders", "é", bytes(room)));

    failure(
        InvalidArgumentException.class,
        client().putRecord(PutRecordRequest.of("orders", "é", bytes(room + 1))));
    assertThat(readAll("orders", SHARD_0)).hasSize(1);
  }

  @Test
  void oneOversizedRecordHasTheWholeRequestRefused() {
    create("orders", 1);

    failure(
        InvalidArgumentException.class,
        client()
            .putRecords(
                PutRecordsRequest.of("orders", entry("k", data("fits")), entry("k", bytes(MIB)))));

    assertThat(texts("orders")).isEmpty();
  }

  @Test
  void requestHas500RecordsAtMostAndOneAtLeast() {
    create("orders", 1);

    PutRecordsResponse full =
        putAll(
            IntStream.range(0, 500)
                .mapToObj(i -> entry("key " + i, data("record " + i)))
                .toArray(PutRecordsRequestEntry[]::new));

    assertThat(full.failedRecordCount()).isZero();
    assertThat(readAll("orders", SHARD_0)).hasSize(500);
    failure(
        ValidationException.class,
        client()
            .putRecords(
                PutRecordsRequest.of("orders", Collections.nCopies(501, entry("k", data("a"))))));
    failure(
        ValidationException.class, client().putRecords(PutRecordsRequest.of("orders", List.of())));
    assertThat(readAll("orders", SHARD_0)).hasSize(500);
  }

  @Test
  void requestHas10MebibytesAtMostKeysIncluded() {
    create("orders", 1);
    PutRecordsRequestEntry mebibyte = entry("k", bytes(MIB - 1));
    List<PutRecordsRequestEntry> full = new ArrayList<>(Collections.nCopies(10, mebibyte));

    assertThat(get(client().putRecords(PutRecordsRequest.of("orders", full))).failedRecordCount())
        .isZero();
    full.add(entry("k", Payload.EMPTY));
    failure(
        InvalidArgumentException.class, client().putRecords(PutRecordsRequest.of("orders", full)));

    assertThat(readAll("orders", SHARD_0)).hasSize(10);
  }

  @Test
  void sizeOfRequestIsASetting() {
    with("millrace.max-request-bytes = 1000");
    create("orders", 1);

    assertThat(putAll(entry("k", bytes(499)), entry("k", bytes(499))).failedRecordCount()).isZero();
    failure(
        InvalidArgumentException.class,
        client()
            .putRecords(
                PutRecordsRequest.of("orders", entry("k", bytes(499)), entry("k", bytes(500)))));
  }

  // the record size of the stream

  @Test
  void streamTakesRecordsUpToItsOwnSize() {
    get(
        client()
            .createStream(
                CreateStreamRequest.provisioned("orders", 1).withMaxRecordSizeInKiB(10_240)));
    get(engine().awaitActive("orders"));

    put(order(bytes(10 * MIB - 3)));

    failure(InvalidArgumentException.class, client().putRecord(order(bytes(10 * MIB - 2))));
    failure(ValidationException.class, client().putRecord(order(bytes(10 * MIB + 1))));
    assertThat(readAll("orders", SHARD_0))
        .singleElement()
        .satisfies(record -> assertThat(record.data()).isEqualTo(bytes(10 * MIB - 3)));
  }

  @Test
  void changedRecordSizeHoldsForLaterPutsAndStoredOnesStay() {
    create("orders", 1);
    failure(InvalidArgumentException.class, client().putRecord(order(bytes(2 * MIB))));

    get(client().updateMaxRecordSize(UpdateMaxRecordSizeRequest.of(arn("orders"), 3072)));
    put(order(bytes(2 * MIB)));
    get(client().updateMaxRecordSize(UpdateMaxRecordSizeRequest.of(arn("orders"), 1024)));

    failure(InvalidArgumentException.class, client().putRecord(order(bytes(2 * MIB))));
    assertThat(readAll("orders", SHARD_0))
        .singleElement()
        .satisfies(record -> assertThat(record.data().size()).isEqualTo(2 * MIB));
  }

  // PutRecords

  @Test
  void resultsComeInTheOrderOfTheRequest() {
    create("orders", 4);
    Random random = new Random(42);
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      entries.add(
          entry("key " + i, data("record " + i))
              .withExplicitHashKey(new BigInteger(128, random).toString()));
    }

    PutRecordsResponse response = get(client().putRecords(PutRecordsRequest.of("orders", entries)));

    assertThat(response.failedRecordCount()).isZero();
    assertThat(response.encryptionType()).isEqualTo(EncryptionType.NONE);
    assertThat(response.records()).hasSize(300);
    List<Record> stored = everything(4);
    for (int i = 0; i < 300; i++) {
      PutRecordsResultEntry result = response.records().get(i);
      Record record =
          stored.stream()
              .filter(candidate -> candidate.sequenceNumber().equals(result.sequenceNumber()))
              .findFirst()
              .orElseThrow();
      assertThat(record.data().utf8()).isEqualTo("record " + i);
      assertThat(result.shardId()).isEqualTo(result.sequenceNumber().shardId());
      assertThat(result.errorCode()).isNull();
      assertThat(result.errorMessage()).isNull();
    }
  }

  @Test
  void recordsOfOneRequestKeepTheirOrderWithinAShard() {
    create("orders", 1);

    putAll(
        IntStream.range(0, 100)
            .mapToObj(i -> entry("key " + i, data("record " + i)))
            .toArray(PutRecordsRequestEntry[]::new));

    assertThat(texts("orders"))
        .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> "record " + i).toList());
  }

  @Test
  void throttledRecordsFailAloneAndSmallerLaterOnesMayFit() {
    with("millrace.limits.mode = kinesis");
    create("orders", 2);
    String low = "0";
    String high = HashKey.MAX.toString();

    PutRecordsResponse response =
        putAll(
            entry("k", bytes(800 * KIB)).withExplicitHashKey(low),
            entry("k", bytes(300 * KIB)).withExplicitHashKey(low),
            entry("k", bytes(300 * KIB)).withExplicitHashKey(high),
            entry("k", bytes(100 * KIB)).withExplicitHashKey(low));

    assertThat(response.failedRecordCount()).isEqualTo(1);
    assertThat(response.records().stream().map(PutRecordsResultEntry::isStored))
        .containsExactly(true, false, true, true);
    PutRecordsResultEntry refused = response.records().get(1);
    assertThat(refused.errorCode()).isEqualTo("ProvisionedThroughputExceededException");
    assertThat(refused.errorMessage())
        .isEqualTo(
            "Rate exceeded for shard shardId-000000000000 in stream orders under account"
                + " 000000000000.");
    assertThat(refused.failure()).isEqualTo(Outcome.THROTTLED);
    assertThat(refused.shardId()).isNull();
    assertThat(refused.sequenceNumber()).isNull();
    assertThat(readAll("orders", SHARD_0).stream().map(record -> record.data().size()))
        .containsExactly(800 * KIB, 100 * KIB);
  }

  @Test
  void requestSucceedsEvenIfEveryRecordIsThrottled() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    put(order(bytes(MIB - 3)));

    PutRecordsResponse response = putAll(entry("k", data("a")), entry("k", data("b")));

    assertThat(response.failedRecordCount()).isEqualTo(2);
    assertThat(response.records()).noneMatch(PutRecordsResultEntry::isStored);
    assertThat(readAll("orders", SHARD_0)).hasSize(1);
  }

  // write limits

  @Test
  void shardTakes1000RecordsASecond() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    PutRecordsRequestEntry[] batch = new PutRecordsRequestEntry[500];
    java.util.Arrays.fill(batch, entry("k", Payload.EMPTY));

    assertThat(putAll(batch).failedRecordCount()).isZero();
    assertThat(putAll(batch).failedRecordCount()).isZero();
    assertThat(putAll(batch).failedRecordCount()).isEqualTo(500);
    ProvisionedThroughputExceededException throttled =
        failure(
            ProvisionedThroughputExceededException.class, client().putRecord(order(Payload.EMPTY)));
    assertThat(throttled)
        .hasMessage(
            "Rate exceeded for shard shardId-000000000000 in stream orders under account"
                + " 000000000000.");
    assertThat(throttled.outcome()).isEqualTo(Outcome.THROTTLED);
    clock.advance(Duration.ofMillis(100));
    assertThat(putAll(batch).failedRecordCount()).isEqualTo(400);
    clock.advance(Duration.ofMinutes(1));
    assertThat(putAll(batch).failedRecordCount()).isZero();
    assertThat(putAll(batch).failedRecordCount()).isZero();
    assertThat(putAll(batch).failedRecordCount()).isEqualTo(500);
  }

  @Test
  void shardTakesOneMebibyteASecondKeysIncluded() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);

    put(order(bytes(MIB - 3)));
    failure(ProvisionedThroughputExceededException.class, client().putRecord(order(Payload.EMPTY)));
    clock.advance(Duration.ofMillis(500));
    failure(
        ProvisionedThroughputExceededException.class,
        client().putRecord(order(bytes(MIB / 2 - 2))));
    put(order(bytes(MIB / 2 - 3)));

    assertThat(readAll("orders", SHARD_0).stream().map(record -> record.data().size()))
        .containsExactly(MIB - 3, MIB / 2 - 3);
  }

  @Test
  void streamOfLargerRecordsHasALargerBurst() {
    with("millrace.limits.mode = kinesis");
    get(
        client()
            .createStream(
                CreateStreamRequest.provisioned("orders", 1).withMaxRecordSizeInKiB(10_240)));
    get(engine().awaitActive("orders"));

    put(order(bytes(10 * MIB - 3)));
    failure(ProvisionedThroughputExceededException.class, client().putRecord(order(Payload.EMPTY)));
    clock.advance(Duration.ofSeconds(9));
    failure(
        ProvisionedThroughputExceededException.class,
        client().putRecord(order(bytes(10 * MIB - 3))));
    clock.advance(Duration.ofSeconds(1));
    put(order(bytes(10 * MIB - 3)));
  }

  @Test
  void limitsMayBeOfOnesOwnChoice() {
    with("millrace.limits { mode = custom, custom.write-records-per-second = 2 }");
    create("orders", 1);

    assertThat(
            putAll(entry("k", data("a")), entry("k", data("b")), entry("k", data("c")))
                .failedRecordCount())
        .isEqualTo(1);
  }

  @Test
  void refusedRequestTakesNothingFromTheBudget() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    PutRecordsRequestEntry[] oversized = new PutRecordsRequestEntry[500];
    java.util.Arrays.fill(oversized, entry("k", data("a")));
    oversized[499] = entry("k", bytes(MIB));

    for (int i = 0; i < 5; i++) {
      failure(
          InvalidArgumentException.class,
          client().putRecords(PutRecordsRequest.of("orders", oversized)));
    }

    put(order(bytes(MIB - 3)));
    assertThat(readAll("orders", SHARD_0)).hasSize(1);
  }

  // SequenceNumberForOrdering

  @Test
  void orderingNumberOfThePreviousRecordIsExceeded() {
    create("orders", 1);
    SequenceNumber previous = put("orders", "a");

    for (int i = 0; i < 10; i++) {
      SequenceNumber next =
          put(order(data("b")).withSequenceNumberForOrdering(previous.toString())).sequenceNumber();
      assertThat(next).isGreaterThan(previous);
      previous = next;
    }
  }

  @Test
  void orderingNumberMayBeOldAndIsNoCondition() {
    create("orders", 1);
    String first = put("orders", "a").toString();
    put("orders", "b");

    put(order(data("c")).withSequenceNumberForOrdering(first));
    put(
        order(data("d"))
            .withSequenceNumberForOrdering(
                describe("orders")
                    .shards()
                    .get(0)
                    .sequenceNumberRange()
                    .startingSequenceNumber()
                    .toString()));

    assertThat(texts("orders")).containsExactly("a", "b", "c", "d");
  }

  @Test
  void orderingNumberOfAnotherShardIsSatisfiedByItself() {
    create("orders", 2);
    SequenceNumber other =
        put(order(data("a")).withExplicitHashKey(HashKey.MAX.toString())).sequenceNumber();

    PutRecordResponse response =
        put(
            order(data("b"))
                .withExplicitHashKey("0")
                .withSequenceNumberForOrdering(other.toString()));

    assertThat(response.shardId()).isEqualTo(new ShardId(0));
  }

  @Test
  void orderingNumberMustNotLieInTheFuture() {
    create("orders", 1);
    SequenceNumber newest = put("orders", "a");
    SequenceNumber future =
        new SequenceNumber(
            newest.createdSeconds(),
            SequenceNumber.counter(SequenceNumber.eventNumberOf(newest.counter()) + 1, 0),
            newest.putSeconds(),
            0);

    failure(
        InvalidArgumentException.class,
        client().putRecord(order(data("b")).withSequenceNumberForOrdering(future.toString())));

    assertThat(texts("orders")).containsExactly("a");
  }

  @Test
  void orderingNumberMustComeFromTheStream() {
    create("orders", 1);
    create("bills", 2);
    SequenceNumber own = put("orders", "a");
    List<Function<SequenceNumber, String>> foreign =
        List.of(
            number -> "0",
            number -> "12345",
            number -> number.toString().substring(1),
            number ->
                new SequenceNumber(
                        number.createdSeconds(), number.counter(), number.putSeconds(), 1)
                    .toString(),
            number ->
                new SequenceNumber(
                        number.createdSeconds() - 1, number.counter(), number.putSeconds(), 0)
                    .toString());

    for (Function<SequenceNumber, String> forged : foreign) {
      failure(
          InvalidArgumentException.class,
          client().putRecord(order(data("b")).withSequenceNumberForOrdering(forged.apply(own))));
    }
    failure(
        ValidationException.class,
        client().putRecord(order(data("b")).withSequenceNumberForOrdering("one")));

    assertThat(texts("orders")).containsExactly("a");
  }
}
