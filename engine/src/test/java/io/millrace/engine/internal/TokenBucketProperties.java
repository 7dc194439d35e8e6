package io.millrace.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class TokenBucketProperties {

  private static final long SECOND = 1_000_000_000L;
  private static final BigInteger NANOS = BigInteger.valueOf(SECOND);

  private record Grant(long atNanos, long tokens) {}

  private record Attempt(int tokens, long pause) {}

  @Property
  void grantsNoMoreThanCapacityAndRateInAnyWindow(
      @ForAll @LongRange(min = 1, max = 2000) long capacity,
      @ForAll @LongRange(min = 1, max = 2000) long perSecond,
      @ForAll @Size(max = 40) List<@IntRange(max = 3000) Integer> tokens,
      @ForAll @Size(min = 40, max = 40) List<@LongRange(max = SECOND) Long> pauses) {
    List<Grant> grants = new ArrayList<>();
    long now = -SECOND;
    TokenBucket bucket = new TokenBucket(capacity, perSecond, now);
    for (Attempt attempt : attempts(tokens, pauses)) {
      now += attempt.pause();
      if (bucket.tryTake(attempt.tokens(), now)) {
        grants.add(new Grant(now, attempt.tokens()));
      }
    }
    assertBounded(grants, capacity, perSecond, 0);
  }

  @Property
  void grantsOneRequestMoreAtMostWhenItGoesIntoDebt(
      @ForAll @LongRange(min = 1, max = 2000) long capacity,
      @ForAll @LongRange(min = 1, max = 2000) long perSecond,
      @ForAll @Size(max = 40) List<@IntRange(max = 3000) Integer> tokens,
      @ForAll @Size(min = 40, max = 40) List<@LongRange(max = SECOND) Long> pauses) {
    List<Grant> grants = new ArrayList<>();
    long now = 0;
    TokenBucket bucket = new TokenBucket(capacity, perSecond, now);
    for (Attempt attempt : attempts(tokens, pauses)) {
      now += attempt.pause();
      if (bucket.takeIfPositive(attempt.tokens(), now)) {
        grants.add(new Grant(now, attempt.tokens()));
      }
    }
    assertBounded(grants, capacity, perSecond, 3000);
  }

  @Property
  void grantsExactlyWhenItSaidItWould(
      @ForAll @LongRange(min = 1, max = 4_000_000_000L) long capacity,
      @ForAll @LongRange(min = 1, max = 4_000_000_000L) long perSecond,
      @ForAll @LongRange(max = 4_000_000_000L) long debt,
      @ForAll @LongRange(min = 1, max = 4_000_000_000L) long wanted) {
    TokenBucket bucket = new TokenBucket(capacity, perSecond, 0);
    assertThat(bucket.takeIfPositive(debt, 0)).isTrue();

    long wait = bucket.nanosUntil(Math.min(wanted, capacity), 0);
    if (wait > 0) {
      assertThat(bucket.tryTake(Math.min(wanted, capacity), wait - 1)).isFalse();
    }
    assertThat(bucket.tryTake(Math.min(wanted, capacity), wait)).isTrue();
  }

  @Property
  void becomesPositiveExactlyWhenItSaidItWould(
      @ForAll @LongRange(min = 1, max = 4_000_000_000L) long capacity,
      @ForAll @LongRange(min = 1, max = 4_000_000_000L) long perSecond,
      @ForAll @LongRange(max = 4_000_000_000L) long debt) {
    TokenBucket bucket = new TokenBucket(capacity, perSecond, 0);
    assertThat(bucket.takeIfPositive(debt, 0)).isTrue();

    long wait = bucket.nanosUntilPositive(0);
    if (wait > 0) {
      assertThat(bucket.isPositive(wait - 1)).isFalse();
    }
    assertThat(bucket.isPositive(wait)).isTrue();
  }

  @Example
  void blocksForFiveSecondsAfterTenMebibytesAtTwoPerSecond() {
    long mib = 1 << 20;
    TokenBucket bucket = new TokenBucket(2 * mib, 2 * mib, 0);

    assertThat(bucket.takeIfPositive(12 * mib, 0)).isTrue();

    assertThat(bucket.nanosUntilPositive(0)).isBetween(5 * SECOND, 5 * SECOND + 1);
  }

  @Example
  void holdsNoMoreThanItsCapacityAfterAnyRest() {
    TokenBucket bucket = new TokenBucket(5, 5, Long.MAX_VALUE - 10);

    // The monotonic clock may wrap around.
    assertThat(bucket.tryTake(6, Long.MIN_VALUE + 100 * SECOND)).isFalse();
    assertThat(bucket.tryTake(5, Long.MIN_VALUE + 100 * SECOND)).isTrue();
    assertThat(bucket.tryTake(1, Long.MIN_VALUE + 100 * SECOND)).isFalse();
  }

  @Example
  void countsAClockThatStepsBackAsNoTime() {
    TokenBucket bucket = new TokenBucket(5, 5, 10 * SECOND);
    assertThat(bucket.tryTake(5, 10 * SECOND)).isTrue();

    assertThat(bucket.tryTake(1, 0)).isFalse();
    assertThat(bucket.tryTake(1, 10 * SECOND)).isFalse();
    assertThat(bucket.tryTake(1, 10 * SECOND + SECOND / 5)).isTrue();
  }

  @Example
  void saysThatMoreThanItsCapacityIsNeverGranted() {
    assertThat(new TokenBucket(5, 5, 0).nanosUntil(6, 0)).isEqualTo(Long.MAX_VALUE);
  }

  @Example
  void refusesFiguresThatItCannotCountExactly() {
    assertThatThrownBy(() -> new TokenBucket(0, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenBucket(1, 4_000_000_001L, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenBucket(1, 1, 0).tryTake(-1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Attempt> attempts(List<Integer> tokens, List<Long> pauses) {
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      attempts.add(new Attempt(tokens.get(i), pauses.get(i)));
    }
    return attempts;
  }

  private static void assertBounded(
      List<Grant> grants, long capacity, long perSecond, long oneRequest) {
    for (int first = 0; first < grants.size(); first++) {
      BigInteger granted = BigInteger.ZERO;
      for (Grant grant : grants.subList(first, grants.size())) {
        granted = granted.add(BigInteger.valueOf(grant.tokens()).multiply(NANOS));
        long window = grant.atNanos() - grants.get(first).atNanos();
        BigInteger bound =
            BigInteger.valueOf(capacity + oneRequest)
                .multiply(NANOS)
                .add(BigInteger.valueOf(window).multiply(BigInteger.valueOf(perSecond)));
        assertThat(granted).isLessThanOrEqualTo(bound);
      }
    }
  }
}
