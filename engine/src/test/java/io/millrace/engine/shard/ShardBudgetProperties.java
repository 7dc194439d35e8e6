package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.testing.ManualClock;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What a shard takes and gives in any stretch of time. */
class ShardBudgetProperties {

  private static final long SECOND = 1_000_000_000L;
  private static final int MEBIBYTE = 1 << 20;

  private record Granted(long atNanos, long amount) {}

  /** A bucket in exact arithmetic: billionths of a token. */
  private static final class Exact {
    private final BigInteger capacity;
    private final BigInteger rate;
    private BigInteger balance;
    private long at;

    Exact(long capacity, long rate, long now) {
      this.capacity = BigInteger.valueOf(capacity).multiply(BigInteger.valueOf(SECOND));
      this.rate = BigInteger.valueOf(rate);
      this.balance = this.capacity;
      this.at = now;
    }

    boolean holds(long tokens, long now) {
      balance = balance.add(rate.multiply(BigInteger.valueOf(now - at))).min(capacity);
      at = now;
      return balance.compareTo(BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(SECOND)))
          >= 0;
    }

    void take(long tokens) {
      balance = balance.subtract(BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(SECOND)));
    }
  }

  @Property(tries = 300)
  void writesAreAdmittedExactlyAsFarAsBothBucketsHoldThem(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 10) int burstMebibytes) {
    Random random = new Random(seed);
    ManualClock clock = new ManualClock();
    WriteBudget budget = new WriteBudget(ShardLimits.KINESIS, clock);
    budget.allowBurst(burstMebibytes * MEBIBYTE);
    int capacity = Math.max(1, burstMebibytes) * MEBIBYTE;
    Exact bytes = new Exact(capacity, MEBIBYTE, clock.nanoTime());
    Exact records = new Exact(1000, 1000, clock.nanoTime());
    List<Granted> granted = new ArrayList<>();
    boolean small = random.nextBoolean();
    for (int i = 0; i < 1500; i++) {
      if (random.nextInt(20) == 0) {
        clock.advanceMonotonic(Duration.ofNanos((long) (random.nextDouble() * SECOND / 20)));
      }
      int size = small ? 1 + random.nextInt(50) : 1 + random.nextInt(MEBIBYTE / 4);
      long now = clock.nanoTime();
      boolean expected = bytes.holds(size, now) && records.holds(1, now);

      boolean admitted = budget.admits(size);

      assertThat(admitted).isEqualTo(expected);
      if (admitted) {
        bytes.take(size);
        records.take(1);
        granted.add(new Granted(now, size));
      } else if (i % 50 == 0) {
        // The hint is long enough, and not longer than a millisecond too long.
        long millis = budget.millisUntil(size);
        clock.advanceMonotonic(Duration.ofMillis(millis));
        assertThat(bytes.holds(size, clock.nanoTime()) && records.holds(1, clock.nanoTime()))
            .isTrue();
      }
    }
    assertNoWindowExceeds(granted, capacity, MEBIBYTE);
    assertNoWindowExceeds(
        granted.stream().map(one -> new Granted(one.atNanos(), 1)).toList(), 1000, 1000);
  }

  @Property(tries = 100)
  void changingTheBurstBuysNothing(@ForAll long seed) {
    Random random = new Random(seed);
    ManualClock clock = new ManualClock();
    WriteBudget budget = new WriteBudget(ShardLimits.KINESIS, clock);
    List<Granted> granted = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      budget.allowBurst((1 + random.nextInt(3)) * MEBIBYTE);
      int size = 1 + random.nextInt(MEBIBYTE / 2);
      if (budget.admits(size)) {
        granted.add(new Granted(clock.nanoTime(), size));
      }
      if (random.nextInt(10) == 0) {
        clock.advanceMonotonic(Duration.ofMillis(random.nextInt(300)));
      }
    }

    assertNoWindowExceeds(granted, 3 * MEBIBYTE, MEBIBYTE);
  }

  @Property(tries = 300)
  void readsReturnAtMostOneResponseMoreThanTheBudget(@ForAll long seed) {
    Random random = new Random(seed);
    ManualClock clock = new ManualClock();
    ReadBudget budget = new ReadBudget(ShardLimits.KINESIS, clock);
    List<Granted> bytes = new ArrayList<>();
    List<Granted> calls = new ArrayList<>();
    long largest = 0;
    for (int i = 0; i < 400; i++) {
      clock.advanceMonotonic(Duration.ofMillis(random.nextInt(200)));
      if (budget.admitsCall()) {
        long response =
            random.nextInt(4) == 0
                ? 10L * MEBIBYTE
                : random.nextInt(random.nextBoolean() ? 10 : MEBIBYTE);
        budget.charge(response);
        bytes.add(new Granted(clock.nanoTime(), response));
        calls.add(new Granted(clock.nanoTime(), 1));
        largest = Math.max(largest, response);
      }
    }
    assertThat(calls).isNotEmpty();
    assertNoWindowExceeds(bytes, 2L * MEBIBYTE + largest, 2 * MEBIBYTE);
    assertNoWindowExceeds(calls, 5, 5);
  }

  /** In any window of w seconds at most {@code capacity + w * rate} is granted. */
  private static void assertNoWindowExceeds(List<Granted> granted, long capacity, long rate) {
    // A window from one grant to another has too much if what it granted, less what flowed in,
    // exceeds the capacity; the worst window so far starts where that balance was lowest.
    BigInteger balance = BigInteger.ZERO;
    BigInteger lowest = null;
    long start = granted.isEmpty() ? 0 : granted.get(0).atNanos();
    for (Granted one : granted) {
      BigInteger inflow = billionths(one.atNanos() - start, rate);
      BigInteger before = balance.subtract(inflow);
      lowest = lowest == null ? before : lowest.min(before);
      balance = balance.add(billionths(one.amount(), SECOND));
      assertThat(balance.subtract(inflow).subtract(lowest))
          .as("granted up to %d ns, less what flowed in", one.atNanos() - start)
          .isLessThanOrEqualTo(billionths(capacity, SECOND));
    }
  }

  private static BigInteger billionths(long value, long factor) {
    return BigInteger.valueOf(value).multiply(BigInteger.valueOf(factor));
  }
}
