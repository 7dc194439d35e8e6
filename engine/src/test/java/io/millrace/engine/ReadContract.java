package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.ExpiredIteratorException;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardIteratorType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GetShardIterator and GetRecords. */
public abstract class ReadContract extends StreamClientContract {

  private static final int MIB = 1 << 20;
  private static final Duration LIFE = Duration.ofMinutes(5);

  private List<String> textsFrom(GetShardIteratorRequest from) {
    return texts(read(from).records());
  }

  private List<String> textsFrom(String iterator) {
    return texts(read(iterator).records());
  }

  private static GetShardIteratorRequest request(
      ShardIteratorType type, String number, Instant time) {
    return new GetShardIteratorRequest("orders", null, SHARD_0, type, number, time);
  }

  private GetShardIteratorRequest at(SequenceNumber number) {
    return GetShardIteratorRequest.atSequenceNumber("orders", SHARD_0, number.toString());
  }

  private GetShardIteratorRequest after(SequenceNumber number) {
    return GetShardIteratorRequest.afterSequenceNumber("orders", SHARD_0, number.toString());
  }

  private GetShardIteratorRequest at(Instant time) {
    return GetShardIteratorRequest.atTimestamp("orders", SHARD_0, time);
  }

  private SequenceNumber startingNumber() {
    return describe("orders").shards().get(0).sequenceNumberRange().startingSequenceNumber();
  }

  private void putMany(int records, String data) {
    for (int left = records; left > 0; left -= 500) {
      get(
          client()
              .putRecords(
                  PutRecordsRequest.of(
                      "orders",
                      Collections.nCopies(
                          Math.min(500, left), PutRecordsRequestEntry.of("k", data(data))))));
    }
  }

  // positions

  @Test
  void trimHorizonIsTheOldestRecord() {
    create("orders", 1);
    String early = trimHorizon("orders");
    put("orders", "a");
    put("orders", "b");

    assertThat(textsFrom(early)).containsExactly("a", "b");
    assertThat(textsFrom(trimHorizon("orders"))).containsExactly("a", "b");
  }

  @Test
  void latestIsAfterTheNewestRecordAtTheTimeOfIssue() {
    create("orders", 1);
    put("orders", "a");
    String latest = iterator(GetShardIteratorRequest.latest("orders", SHARD_0));
    put("orders", "b");
    put("orders", "c");

    assertThat(textsFrom(latest)).containsExactly("b", "c");
    assertThat(textsFrom(GetShardIteratorRequest.latest("orders", SHARD_0))).isEmpty();
  }

  @Test
  void latestOfAnEmptyShardSeesWhatComes() {
    create("orders", 1);
    String latest = iterator(GetShardIteratorRequest.latest("orders", SHARD_0));
    put("orders", "a");

    assertThat(textsFrom(latest)).containsExactly("a");
  }

  @Test
  void sequenceNumberIsAPositionAtOrAfterItsRecord() {
    create("orders", 1);
    SequenceNumber a = put("orders", "a");
    SequenceNumber b = put("orders", "b");
    SequenceNumber c = put("orders", "c");

    assertThat(textsFrom(at(a))).containsExactly("a", "b", "c");
    assertThat(textsFrom(after(a))).containsExactly("b", "c");
    assertThat(textsFrom(at(b))).containsExactly("b", "c");
    assertThat(textsFrom(at(c))).containsExactly("c");
    assertThat(textsFrom(after(c))).isEmpty();
  }

  @Test
  void sequenceNumbersOfOneRequestAreEachAPosition() {
    create("orders", 1);
    List<SequenceNumber> numbers =
        get(
                client()
                    .putRecords(
                        PutRecordsRequest.of(
                            "orders",
                            PutRecordsRequestEntry.of("k", data("a")),
                            PutRecordsRequestEntry.of("k", data("b")),
                            PutRecordsRequestEntry.of("k", data("c")))))
            .records()
            .stream()
            .map(result -> result.sequenceNumber())
            .toList();

    assertThat(textsFrom(at(numbers.get(1)))).containsExactly("b", "c");
    assertThat(textsFrom(after(numbers.get(1)))).containsExactly("c");
    assertThat(textsFrom(after(numbers.get(2)))).isEmpty();
  }

  @Test
  void startingNumberOfTheShardIsAPosition() {
    create("orders", 1);
    SequenceNumber starting = startingNumber();
    String before = iterator(after(starting));
    put("orders", "a");

    assertThat(textsFrom(before)).containsExactly("a");
    assertThat(textsFrom(at(starting))).containsExactly("a");
    assertThat(textsFrom(after(starting))).containsExactly("a");
  }

  @Test
  void positionAfterTheNewestRecordSeesWhatComes() {
    create("orders", 1);
    String after = iterator(after(put("orders", "a")));
    put("orders", "b");

    assertThat(textsFrom(after)).containsExactly("b");
  }

  @Test
  void timestampIsThePositionOfTheFirstRecordThatArrivedThenOrLater() {
    create("orders", 1);
    clock.advance(Duration.ofSeconds(10));
    Instant first = now();
    put("orders", "a");
    put("orders", "b");
    clock.advance(Duration.ofSeconds(10));
    Instant second = now();
    put("orders", "c");
    clock.advance(Duration.ofSeconds(10));

    assertThat(textsFrom(at(first.minusSeconds(1)))).containsExactly("a", "b", "c");
    assertThat(textsFrom(at(first))).containsExactly("a", "b", "c");
    assertThat(textsFrom(at(first.plusMillis(1)))).containsExactly("c");
    assertThat(textsFrom(at(second))).containsExactly("c");
    assertThat(textsFrom(at(second.plusMillis(1)))).isEmpty();
    assertThat(textsFrom(at(now()))).isEmpty();
  }

  @Test
  void timestampBeforeTheHorizonActsAsTrimHorizon() {
    create("orders", 1);
    put("orders", "a");

    assertThat(textsFrom(at(now().minus(Duration.ofDays(500))))).containsExactly("a");
    assertThat(textsFrom(at(Instant.EPOCH))).containsExactly("a");
    assertThat(textsFrom(at(Instant.EPOCH.minusSeconds(1)))).containsExactly("a");
    assertThat(textsFrom(at(Instant.MIN))).containsExactly("a");
  }

  @Test
  void timestampBeyondTheNewestRecordIsTheTip() {
    create("orders", 1);
    put("orders", "a");
    clock.advance(Duration.ofMillis(1));
    String tip = iterator(at(now()));
    put("orders", "b");

    assertThat(textsFrom(tip)).containsExactly("b");
  }

  @Test
  void timestampInTheFutureIsInvalid() {
    create("orders", 1);

    failure(InvalidArgumentException.class, client().getShardIterator(at(now().plusMillis(1))));
    failure(InvalidArgumentException.class, client().getShardIterator(at(Instant.MAX)));
    iterator(at(now()));
  }

  @Test
  void timestampsAreFoundAmongManyEvents() {
    create("orders", 1);
    List<Instant> arrivals = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      clock.advance(Duration.ofMillis(i % 7 == 0 ? 0 : i));
      arrivals.add(now());
      put("orders", "record " + i);
    }

    for (int i = 0; i < 300; i += 13) {
      int first = arrivals.indexOf(arrivals.get(i));
      assertThat(textsFrom(at(arrivals.get(i)))).hasSize(300 - first).startsWith("record " + first);
    }
  }

  // wrong arguments of GetShardIterator

  @ParameterizedTest
  @EnumSource(
      value = ShardIteratorType.class,
      names = {"TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"})
  void typesWithoutNumberTakeNone(ShardIteratorType type) {
    create("orders", 1);
    String number = put("orders", "a").toString();
    Instant time = type == ShardIteratorType.AT_TIMESTAMP ? now() : null;

    failure(InvalidArgumentException.class, client().getShardIterator(request(type, number, time)));
  }

  @ParameterizedTest
  @EnumSource(
      value = ShardIteratorType.class,
      names = {"AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"})
  void typesWithNumberNeedOne(ShardIteratorType type) {
    create("orders", 1);

    failure(InvalidArgumentException.class, client().getShardIterator(request(type, null, null)));
  }

  @ParameterizedTest
  @EnumSource(
      value = ShardIteratorType.class,
      names = "AT_TIMESTAMP",
      mode = EnumSource.Mode.EXCLUDE)
  void typesWithoutTimestampTakeNone(ShardIteratorType type) {
    create("orders", 1);
    boolean speaksOfNumber = type.name().endsWith("SEQUENCE_NUMBER");
    String number = speaksOfNumber ? put("orders", "a").toString() : null;

    failure(
        InvalidArgumentException.class, client().getShardIterator(request(type, number, now())));
  }

  @Test
  void timestampIsNeededByItsType() {
    create("orders", 1);

    failure(
        InvalidArgumentException.class,
        client().getShardIterator(request(ShardIteratorType.AT_TIMESTAMP, null, null)));
  }

  @Test
  void shardAndTypeAreRequired() {
    create("orders", 1);

    failure(ValidationException.class, client().getShardIterator(request(null, null, null)));
    failure(
        ValidationException.class,
        client()
            .getShardIterator(
                new GetShardIteratorRequest(
                    "orders", null, null, ShardIteratorType.LATEST, null, null)));
    failure(
        ValidationException.class,
        client()
            .getShardIterator(request(ShardIteratorType.AT_SEQUENCE_NUMBER, "not a number", null)));
    failure(
        InvalidArgumentException.class,
        client()
            .getShardIterator(
                new GetShardIteratorRequest(
                    null, null, SHARD_0, ShardIteratorType.LATEST, null, null)));
  }

  @Test
  void sequenceNumberMustComeFromTheShard() {
    create("orders", 2);
    SequenceNumber own =
        get(client()
                .putRecord(PutRecordRequest.of("orders", "k", data("a")).withExplicitHashKey("0")))
            .sequenceNumber();
    SequenceNumber others =
        get(client()
                .putRecord(
                    PutRecordRequest.of("orders", "k", data("b"))
                        .withExplicitHashKey(HashKey.MAX.toString())))
            .sequenceNumber();
    SequenceNumber otherLife =
        new SequenceNumber(own.createdSeconds() - 1, own.counter(), own.putSeconds(), 0);

    for (String foreign :
        List.of(others.toString(), otherLife.toString(), "0", own.toString() + "0", "4711")) {
      for (ShardIteratorType type :
          List.of(ShardIteratorType.AT_SEQUENCE_NUMBER, ShardIteratorType.AFTER_SEQUENCE_NUMBER)) {
        failure(
            InvalidArgumentException.class,
            client().getShardIterator(request(type, foreign, null)));
      }
    }
  }

  @Test
  void sequenceNumberMustNotLieInTheFuture() {
    create("orders", 1);
    SequenceNumber newest = put("orders", "a");
    long next = SequenceNumber.eventNumberOf(newest.counter()) + 1;

    for (long counter : new long[] {SequenceNumber.counter(next, 0), SequenceNumber.LAST_COUNTER}) {
      SequenceNumber future =
          new SequenceNumber(newest.createdSeconds(), counter, newest.putSeconds(), 0);
      failure(InvalidArgumentException.class, client().getShardIterator(at(future)));
      failure(InvalidArgumentException.class, client().getShardIterator(after(future)));
    }
  }

  @Test
  void streamAndShardMustExist() {
    assertThat(
            failure(
                ResourceNotFoundException.class,
                client().getShardIterator(GetShardIteratorRequest.latest("orders", SHARD_0))))
        .hasMessage("Stream orders under account 000000000000 not found.");
    create("orders", 2);
    for (String shard :
        List.of("shardId-000000000002", "shardId-999999999999999999", "shard", "shardId-")) {
      assertThat(
              failure(
                  ResourceNotFoundException.class,
                  client().getShardIterator(GetShardIteratorRequest.latest("orders", shard))))
          .hasMessage(
              "Shard %s in stream orders under account 000000000000 does not exist"
                  .formatted(shard));
    }
  }

  @Test
  void shardIdIsTakenByItsNumber() {
    create("orders", 2);
    put("orders", "a");

    assertThat(readAll("orders", "shardId-0").size() + readAll("orders", "shardId-01").size())
        .isEqualTo(1);
  }

  // pages

  @Test
  void pagesFollowEachOtherWithoutGapOrRepeat() {
    create("orders", 1);
    for (int i = 0; i < 4; i++) {
      putMany(7, "record");
    }

    List<SequenceNumber> seen = new ArrayList<>();
    String next = trimHorizon("orders");
    for (int pages = 0; pages < 10; pages++) {
      GetRecordsResponse page = get(client().getRecords(GetRecordsRequest.of(next).withLimit(3)));
      assertThat(page.records()).hasSize(pages == 9 ? 1 : 3);
      page.records().forEach(record -> seen.add(record.sequenceNumber()));
      next = page.nextShardIterator();
    }

    assertThat(seen).hasSize(28).isSorted().doesNotHaveDuplicates();
    assertThat(read(next).records()).isEmpty();
  }

  @Test
  void callReturns10000RecordsAtMost() {
    create("orders", 1);
    putMany(10_001, "");

    GetRecordsResponse first = read(trimHorizon("orders"));

    assertThat(first.records()).hasSize(10_000);
    assertThat(read(first.nextShardIterator()).records()).hasSize(1);
  }

  @Test
  void limitIsBetweenOneAnd10000() {
    create("orders", 1);
    put("orders", "a");
    GetRecordsRequest all = GetRecordsRequest.of(trimHorizon("orders"));

    assertThat(get(client().getRecords(all.withLimit(1))).records()).hasSize(1);
    assertThat(get(client().getRecords(all.withLimit(10_000))).records()).hasSize(1);
    failure(ValidationException.class, client().getRecords(all.withLimit(0)));
    failure(InvalidArgumentException.class, client().getRecords(all.withLimit(10_001)));
  }

  @Test
  void callReturns10MebibytesAtMost() {
    create("orders", 1);
    for (int i = 0; i < 11; i++) {
      get(client().putRecord("orders", "k", bytes(MIB - 1)));
    }

    GetRecordsResponse first = read(trimHorizon("orders"));

    assertThat(first.records()).hasSize(10);
    assertThat(read(first.nextShardIterator()).records()).hasSize(1);
  }

  @Test
  void callReturns10MebibytesAtMostFromHistory() {
    create("orders", 1);
    for (int i = 0; i < 11; i++) {
      get(client().putRecord("orders", "k", bytes(MIB - 1)));
    }
    restart();

    GetRecordsResponse first = read(trimHorizon("orders"));

    assertThat(first.records()).hasSize(10);
    assertThat(read(first.nextShardIterator()).records()).hasSize(1);
  }

  @Test
  void largeRecordIsReturnedThoughSmallOnesPrecedeIt() {
    get(
        client()
            .createStream(
                CreateStreamRequest.provisioned("orders", 1).withMaxRecordSizeInKiB(10_240)));
    get(engine().awaitActive("orders"));
    put("orders", "a");
    get(client().putRecord("orders", "k", bytes(10 * MIB - 1)));
    put("orders", "b");

    GetRecordsResponse small = read(trimHorizon("orders"));
    GetRecordsResponse large = read(small.nextShardIterator());
    GetRecordsResponse last = read(large.nextShardIterator());

    assertThat(texts(small.records())).containsExactly("a");
    assertThat(large.records())
        .singleElement()
        .satisfies(record -> assertThat(record.data().size()).isEqualTo(10 * MIB - 1));
    assertThat(texts(last.records())).containsExactly("b");
  }

  @Test
  void emptyShardGivesNoRecordAndAPlaceToGoOn() {
    create("orders", 1);

    GetRecordsResponse page = read(trimHorizon("orders"));

    assertThat(page.records()).isEmpty();
    assertThat(page.nextShardIterator()).isNotNull();
    assertThat(page.millisBehindLatest()).isZero();
    assertThat(page.childShards()).isEmpty();
    assertThat(page.isAtShardEnd()).isFalse();
  }

  @Test
  void readingNeverConsumes() {
    create("orders", 1);
    put("orders", "a");
    String iterator = trimHorizon("orders");

    for (int i = 0; i < 3; i++) {
      assertThat(textsFrom(iterator)).containsExactly("a");
    }
    put("orders", "b");
    assertThat(textsFrom(iterator)).containsExactly("a", "b");
  }

  // how far behind

  @Test
  void millisBehindLatestIsTheAgeOfTheFirstUnreadRecord() {
    create("orders", 1);
    put("orders", "a");
    clock.advance(Duration.ofSeconds(5));
    put("orders", "b");
    clock.advance(Duration.ofSeconds(7));
    put("orders", "c");
    clock.advance(Duration.ofSeconds(11));

    GetRecordsResponse first =
        get(client().getRecords(GetRecordsRequest.of(trimHorizon("orders")).withLimit(1)));
    GetRecordsResponse second =
        get(client().getRecords(GetRecordsRequest.of(first.nextShardIterator()).withLimit(1)));
    GetRecordsResponse third =
        get(client().getRecords(GetRecordsRequest.of(second.nextShardIterator()).withLimit(1)));

    assertThat(first.millisBehindLatest()).isEqualTo(18_000);
    assertThat(second.millisBehindLatest()).isEqualTo(11_000);
    assertThat(third.millisBehindLatest()).isZero();
    assertThat(read(third.nextShardIterator()).millisBehindLatest()).isZero();
  }

  @Test
  void millisBehindLatestHoldsWithinARequestAndInHistory() {
    create("orders", 1);
    putMany(3, "a");
    clock.advance(Duration.ofSeconds(5));
    restart();

    GetRecordsResponse page =
        get(client().getRecords(GetRecordsRequest.of(trimHorizon("orders")).withLimit(2)));

    assertThat(page.records()).hasSize(2);
    assertThat(page.millisBehindLatest()).isEqualTo(5000);
    assertThat(read(page.nextShardIterator()).millisBehindLatest()).isZero();
  }

  // the life of an iterator

  @Test
  void iteratorIsGoodForExactly300Seconds() {
    create("orders", 1);
    put("orders", "a");
    Instant issued = now();
    String iterator = trimHorizon("orders");
    String next = read(iterator).nextShardIterator();

    clock.advance(LIFE.minusMillis(1));
    read(iterator);
    read(next);
    clock.advance(Duration.ofMillis(1));

    assertThat(
            failure(
                ExpiredIteratorException.class,
                client().getRecords(GetRecordsRequest.of(iterator))))
        .hasMessage(
            "Iterator expired. The iterator was created at time %s while right now it is %s which is"
                    .formatted(issued, now())
                + " further in the future than the tolerated delay of 300000 milliseconds.");
    failure(ExpiredIteratorException.class, client().getRecords(GetRecordsRequest.of(next)));
  }

  @Test
  void everyReadIssuesAFreshIterator() {
    create("orders", 1);
    String next = trimHorizon("orders");
    for (int i = 0; i < 4; i++) {
      clock.advance(Duration.ofMinutes(4));
      next = read(next).nextShardIterator();
    }
  }

  @Test
  void wallClockThatJumpsBackNeverExpiresAnIterator() {
    create("orders", 1);
    put("orders", "a");
    String iterator = trimHorizon("orders");

    clock.jumpWall(Duration.ofDays(-2));

    assertThat(textsFrom(iterator)).containsExactly("a");
  }

  @Test
  void iteratorOutlivesARestart() {
    create("orders", 1);
    put("orders", "a");
    String iterator = trimHorizon("orders");
    String next = read(iterator).nextShardIterator();
    restart();
    put("orders", "b");

    assertThat(textsFrom(iterator)).containsExactly("a", "b");
    assertThat(textsFrom(next)).containsExactly("b");
    clock.advance(LIFE);
    failure(ExpiredIteratorException.class, client().getRecords(GetRecordsRequest.of(next)));
  }

  // what is no iterator

  @Test
  void iteratorIsBase64OfAtMost512Characters() {
    String longest = "x".repeat(128);
    create(longest, 1);

    String iterator = iterator(GetShardIteratorRequest.trimHorizon(longest, SHARD_0));

    assertThat(iterator).hasSizeLessThanOrEqualTo(512);
    assertThat(Base64.getDecoder().decode(iterator)).isNotEmpty();
    assertThat(read(iterator).records()).isEmpty();
  }

  @Test
  void noBitOfAnIteratorCanBeChanged() {
    create("orders", 1);
    byte[] genuine = Base64.getDecoder().decode(trimHorizon("orders"));

    for (int bit = 0; bit < genuine.length * 8; bit++) {
      byte[] forged = genuine.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      refusedIterator(Base64.getEncoder().encodeToString(forged));
    }
  }

  @Test
  void noCharacterOfAnIteratorCanBeChangedDroppedOrAdded() {
    create("orders", 1);
    String genuine = trimHorizon("orders");

    for (int at = 0; at < genuine.length(); at++) {
      String before = genuine.substring(0, at);
      String after = genuine.substring(at + 1);
      refusedIterator(before + (genuine.charAt(at) == 'A' ? 'B' : 'A') + after);
      refusedIterator(before + "é" + after);
      if (!(before + after).isEmpty()) {
        refusedIterator(before + after);
      }
      refusedIterator(before + "=" + genuine.substring(at));
    }
    refusedIterator(genuine + "A");
    refusedIterator(genuine + genuine);
    refusedIterator(" " + genuine);
    refusedIterator(genuine + "\n");
  }

  private void refusedIterator(String forged) {
    assertThat(
            failure(
                InvalidArgumentException.class, client().getRecords(GetRecordsRequest.of(forged))))
        .hasMessage("Invalid ShardIterator.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "AAAA", "iterator", "\0"})
  void anyOtherTextIsNoIterator(String text) {
    refusedIterator(text);
  }

  @Test
  void textOfTheWrongLengthBreaksTheConstraint() {
    failure(ValidationException.class, client().getRecords(GetRecordsRequest.of("")));
    failure(ValidationException.class, client().getRecords(GetRecordsRequest.of(null)));
    failure(ValidationException.class, client().getRecords(GetRecordsRequest.of("A".repeat(513))));
  }

  @Test
  void tokenOfAnotherOperationIsNoIterator() {
    create("bills", 2);
    create("orders", 1);

    refusedIterator(
        get(client().listShards(ListShardsRequest.of("bills").withMaxResults(1))).nextToken());
    refusedIterator(get(client().listStreams(ListStreamsRequest.all().withLimit(1))).nextToken());
  }

  // the stream of an iterator

  @Test
  void arnMayConfirmTheStreamOfTheIteratorAndNotContradictIt() {
    create("orders", 1);
    create("bills", 1);
    put("orders", "a");
    String iterator = trimHorizon("orders");

    assertThat(
            get(client().getRecords(new GetRecordsRequest(iterator, null, arn("orders"))))
                .records())
        .hasSize(1);
    for (String other :
        List.of(
            arn("bills"),
            arn("nowhere"),
            arn("orders").replace("us-east-1", "eu-west-1"),
            arn("orders").replace(ACCOUNT, "123456789012"))) {
      failure(
          InvalidArgumentException.class,
          client().getRecords(new GetRecordsRequest(iterator, null, other)));
    }
    failure(
        ValidationException.class,
        client().getRecords(new GetRecordsRequest(iterator, null, "orders")));
  }

  @Test
  void iteratorOfADeletedStreamFindsNothingNotEvenItsSuccessor() {
    create("orders", 1);
    put("orders", "a");
    String iterator = trimHorizon("orders");
    delete("orders");

    failure(ResourceNotFoundException.class, client().getRecords(GetRecordsRequest.of(iterator)));
    create("orders", 1);
    put("orders", "b");
    failure(ResourceNotFoundException.class, client().getRecords(GetRecordsRequest.of(iterator)));
    assertThat(texts("orders")).containsExactly("b");
  }

  // read limits

  @Test
  void shardServes5ReadsASecond() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    put("orders", "a");
    String iterator = trimHorizon("orders");

    for (int i = 0; i < 5; i++) {
      read(iterator);
    }
    assertThat(
            failure(
                ProvisionedThroughputExceededException.class,
                client().getRecords(GetRecordsRequest.of(iterator))))
        .hasMessage(
            "Rate exceeded for shard shardId-000000000000 in stream orders under account"
                + " 000000000000.");
    clock.advance(Duration.ofMillis(199));
    failure(
        ProvisionedThroughputExceededException.class,
        client().getRecords(GetRecordsRequest.of(iterator)));
    clock.advance(Duration.ofMillis(1));
    read(iterator);
  }

  @Test
  void largeReadClosesTheShardToReadersForAsLongAsItTakes() {
    with("millrace.limits { mode = custom, custom.write-bytes-per-second = 100 MiB }");
    create("orders", 1);
    for (int i = 0; i < 10; i++) {
      get(client().putRecord("orders", "k", bytes(MIB - 1)));
    }
    String iterator = trimHorizon("orders");

    assertThat(read(iterator).records()).hasSize(10);
    // The shard answers this after it has charged what it gave.
    iterator(GetShardIteratorRequest.latest("orders", SHARD_0));
    clock.advance(Duration.ofSeconds(5).minusMillis(1));
    failure(
        ProvisionedThroughputExceededException.class,
        client().getRecords(GetRecordsRequest.of(iterator)));
    clock.advance(Duration.ofMillis(1));
    assertThat(read(iterator).records()).hasSize(10);
  }

  @Test
  void refusedReadTakesNothingFromTheBudget() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    String iterator = trimHorizon("orders");

    for (int i = 0; i < 10; i++) {
      failure(
          InvalidArgumentException.class,
          client().getRecords(GetRecordsRequest.of(iterator).withLimit(10_001)));
    }

    for (int i = 0; i < 5; i++) {
      read(iterator);
    }
  }

  @Test
  void shardGives5IteratorsASecond() {
    with("millrace.limits.mode = kinesis");
    create("orders", 2);

    for (int i = 0; i < 5; i++) {
      trimHorizon("orders");
    }
    failure(
        ProvisionedThroughputExceededException.class,
        client().getShardIterator(GetShardIteratorRequest.trimHorizon("orders", SHARD_0)));
    iterator(GetShardIteratorRequest.trimHorizon("orders", "shardId-000000000001"));
    clock.advance(Duration.ofMillis(200));
    trimHorizon("orders");
  }

  @Test
  void recordsCarryWhatThePutAnswered() {
    create("orders", 1);
    SequenceNumber number = put("orders", "a");

    Record record = readAll("orders", SHARD_0).get(0);

    assertThat(record.sequenceNumber()).isEqualTo(number);
    assertThat(record.partitionKey()).isEqualTo("key");
    assertThat(record.approximateArrivalTimestamp()).isEqualTo(now());
  }
}
