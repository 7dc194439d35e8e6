package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.DecreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.IncreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.model.SequenceNumber;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Records expire by their arrival time, and what has expired gives its storage back. */
public abstract class RetentionContract extends StreamClientContract {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  private void increase(int hours) {
    get(
        client()
            .increaseStreamRetentionPeriod(
                IncreaseStreamRetentionPeriodRequest.of("orders", hours)));
  }

  private void decrease(int hours) {
    get(
        client()
            .decreaseStreamRetentionPeriod(
                DecreaseStreamRetentionPeriodRequest.of("orders", hours)));
  }

  // expiry

  @Test
  void recordExpiresExactlyWhenItsAgeReachesTheRetention() {
    create("orders", 1);
    put("orders", "a");
    clock.advance(MILLI);
    put("orders", "b");

    clock.advance(DAY.minus(MILLI).minus(MILLI));
    assertThat(texts("orders")).containsExactly("a", "b");
    clock.advance(MILLI);
    assertThat(texts("orders")).containsExactly("b");
    clock.advance(MILLI);
    assertThat(texts("orders")).isEmpty();
  }

  @Test
  void recordExpiresInHistoryAsInMemory() {
    create("orders", 1);
    for (int i = 0; i < 50; i++) {
      put("orders", "record " + i);
      clock.advance(Duration.ofMinutes(1));
    }
    clock.advance(DAY.minus(Duration.ofMinutes(25)));
    assertThat(texts("orders")).hasSize(24).startsWith("record 26");
    restart();

    assertThat(texts("orders")).hasSize(24).startsWith("record 26");
  }

  @Test
  void positionBelowTheHorizonReadsFromTheHorizon() {
    create("orders", 1);
    SequenceNumber a = put("orders", "a");
    put("orders", "b");
    clock.advance(Duration.ofHours(1));
    put("orders", "c");
    clock.advance(DAY.minus(Duration.ofHours(1)));

    for (GetShardIteratorRequest from :
        new GetShardIteratorRequest[] {
          GetShardIteratorRequest.trimHorizon("orders", SHARD_0),
          GetShardIteratorRequest.atSequenceNumber("orders", SHARD_0, a.toString()),
          GetShardIteratorRequest.afterSequenceNumber("orders", SHARD_0, a.toString()),
          GetShardIteratorRequest.atTimestamp("orders", SHARD_0, now().minus(DAY)),
          GetShardIteratorRequest.atTimestamp("orders", SHARD_0, now().minus(DAY.multipliedBy(9)))
        }) {
      assertThat(texts(read(from).records())).containsExactly("c");
    }
  }

  @Test
  void trimHorizonIsEvaluatedWhenReading() {
    create("orders", 1);
    put("orders", "a");
    clock.advance(DAY.minus(MILLI));
    String iterator = trimHorizon("orders");
    put("orders", "b");
    clock.advance(MILLI);

    assertThat(texts(read(iterator).records())).containsExactly("b");
  }

  @Test
  void nothingIsBehindWhenAllThatIsUnreadHasExpired() {
    create("orders", 1);
    put("orders", "a");
    put("orders", "b");
    clock.advance(DAY);

    GetRecordsResponse page =
        get(client().getRecords(GetRecordsRequest.of(trimHorizon("orders")).withLimit(1)));

    assertThat(page.records()).isEmpty();
    assertThat(page.millisBehindLatest()).isZero();
    put("orders", "c");
    assertThat(texts(read(page.nextShardIterator()).records())).containsExactly("c");
  }

  @Test
  void longerRetentionKeepsRecordsLonger() {
    create("orders", 1);
    put("orders", "a");
    increase(48);
    clock.advance(DAY.multipliedBy(2).minus(MILLI));
    assertThat(texts("orders")).containsExactly("a");
    clock.advance(MILLI);
    assertThat(texts("orders")).isEmpty();
  }

  @Test
  void increaseBringsNothingBackThatHadExpired() {
    create("orders", 1);
    put("orders", "a");
    clock.advance(DAY.minus(MILLI));
    put("orders", "b");
    clock.advance(MILLI);
    assertThat(texts("orders")).containsExactly("b");

    increase(48);

    assertThat(texts("orders")).containsExactly("b");
    restart();
    assertThat(texts("orders")).containsExactly("b");
  }

  @Test
  void decreaseDropsOlderRecordsAtOnceAndIncreaseBringsNoneBack() {
    create("orders", 1);
    increase(72);
    put("orders", "a");
    clock.advance(DAY);
    put("orders", "b");
    clock.advance(DAY.minus(MILLI));
    assertThat(texts("orders")).containsExactly("a", "b");

    decrease(24);
    assertThat(texts("orders")).containsExactly("b");
    increase(8760);
    assertThat(texts("orders")).containsExactly("b");
    restart();
    assertThat(texts("orders")).containsExactly("b");
    clock.advance(DAY.multipliedBy(300));
    assertThat(texts("orders")).containsExactly("b");
  }

  @Test
  void decreaseFreesTheStorage() {
    with("");
    create("orders", 1);
    increase(72);
    for (int i = 0; i < 30; i++) {
      put("orders", "record " + i);
    }
    clock.advance(DAY);
    put("orders", "newest");
    assertThat(storedEvents("orders")).isGreaterThan(30);

    decrease(24);

    eventually(() -> assertThat(storedEvents("orders")).isLessThanOrEqualTo(3));
    assertThat(texts("orders")).containsExactly("newest");
    restart();
    assertThat(texts("orders")).containsExactly("newest");
  }

  // trimming

  private void withTrimmingByHand() {
    withManualTime("");
  }

  private void trimRound() {
    manualTime().timePasses(Duration.ofMinutes(1));
  }

  @Test
  void trimmingFreesTheStorageOfExpiredRecordsOnly() {
    withTrimmingByHand();
    create("orders", 1);
    for (int day = 0; day < 5; day++) {
      for (int i = 0; i < 10; i++) {
        put("orders", "day " + day + ", record " + i);
        clock.advance(Duration.ofMinutes(1));
      }
      clock.advance(DAY.minus(Duration.ofMinutes(10)));
      trimRound();
      eventually(() -> assertThat(storedEvents("orders")).isLessThanOrEqualTo(14));
      put("orders", "day " + day + ", last");
      assertThat(texts("orders"))
          .hasSize(10)
          .startsWith("day " + day + ", record 1")
          .endsWith("day " + day + ", last");
    }
    restart();
    assertThat(texts("orders")).hasSize(10).endsWith("day 4, last");
  }

  @Test
  void trimmingLeavesWhatHasNotExpired() {
    withTrimmingByHand();
    create("orders", 1);
    SequenceNumber a = put("orders", "a");
    clock.advance(Duration.ofHours(1));
    for (int i = 0; i < 20; i++) {
      put("orders", "record " + i);
    }
    clock.advance(DAY.minus(MILLI));

    trimRound();

    eventually(() -> assertThat(firstStoredEvent()).isGreaterThan(eventOf(a)));
    assertThat(texts("orders")).hasSize(20).startsWith("record 0").endsWith("record 19");
    restart();
    assertThat(texts("orders")).hasSize(20);
    clock.advance(MILLI);
    assertThat(texts("orders")).isEmpty();
  }

  private long firstStoredEvent() {
    return get(watched().pages().read("shard|orders~1~0", 1, Long.MAX_VALUE, 1))
        .get(0)
        .eventNumber();
  }

  private static long eventOf(SequenceNumber number) {
    return SequenceNumber.eventNumberOf(number.counter());
  }

  @Test
  void shardThatWasTrimmedEmptyGoesOnCounting() {
    withTrimmingByHand();
    create("orders", 1);
    SequenceNumber a = put("orders", "a");
    String before = iterator(GetShardIteratorRequest.latest("orders", SHARD_0));
    clock.advance(DAY);
    trimRound();
    eventually(() -> assertThat(firstStoredEvent()).isGreaterThan(eventOf(a)));

    SequenceNumber b = put("orders", "b");
    restart();
    SequenceNumber c = put("orders", "c");

    assertThat(a).isLessThan(b);
    assertThat(b).isLessThan(c);
    assertThat(texts("orders")).containsExactly("b", "c");
    clock.jumpWall(DAY.negated());
    assertThat(texts(read(before).records())).containsExactly("b", "c");
    assertThat(
            texts(
                read(GetShardIteratorRequest.atSequenceNumber("orders", SHARD_0, a.toString()))
                    .records()))
        .containsExactly("b", "c");
  }

  @Test
  void storageStaysBoundedWhileAStreamIsAppendedAndTrimmed() {
    withTrimmingByHand();
    create("orders", 1);
    PutRecordsRequest batch =
        PutRecordsRequest.of("orders", PutRecordsRequestEntry.of("k", bytes(10_000)));
    for (int hour = 0; hour < 24 * 6; hour++) {
      get(client().putRecords(batch));
      clock.advance(Duration.ofHours(1));
      if (hour % 12 == 0) {
        trimRound();
      }
    }
    clock.advance(Duration.ofHours(1));
    trimRound();

    eventually(() -> assertThat(storedEvents("orders")).isBetween(23, 30));
    assertThat(readAll("orders", SHARD_0)).hasSize(22);
  }

  @Test
  void trimmingOfAnIdleShardWritesNothing() {
    withTrimmingByHand();
    create("orders", 1);
    put("orders", "a");
    clock.advance(DAY);
    trimRound();
    eventually(() -> assertThat(storedEvents("orders")).isEqualTo(1));
    long horizon = firstStoredEvent();

    for (int i = 0; i < 5; i++) {
      clock.advance(Duration.ofHours(1));
      trimRound();
    }
    put("orders", "b");

    assertThat(eventOf(readAll("orders", SHARD_0).get(0).sequenceNumber())).isEqualTo(horizon + 1);
  }

  @Test
  void readersInTheMiddleOfATrimMissNothing() {
    with("");
    create("orders", 1);
    increase(48);
    for (int i = 0; i < 10; i++) {
      put("orders", "old " + i);
    }
    clock.advance(DAY);
    put("orders", "a");
    put("orders", "b");
    String iterator = trimHorizon("orders");
    GetRecordsResponse old = get(client().getRecords(GetRecordsRequest.of(iterator).withLimit(3)));
    assertThat(texts(old.records())).containsExactly("old 0", "old 1", "old 2");

    decrease(24);
    eventually(() -> assertThat(storedEvents("orders")).isLessThan(10));

    assertThat(texts(read(old.nextShardIterator()).records())).containsExactly("a", "b");
  }
}
