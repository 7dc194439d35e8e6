package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class HashKeyRangeProperties {

  private static final BigInteger SPACE = BigInteger.ONE.shiftLeft(128);

  @Property(tries = 100)
  void uniformRangesCoverTheHashSpaceExactlyOnce(@ForAll @IntRange(min = 1, max = 2000) int count) {
    List<HashKeyRange> ranges = HashKeyRange.uniform(count);
    assertThat(ranges).hasSize(count);
    assertThat(ranges.get(0).starting()).isEqualTo(HashKey.MIN);
    assertThat(ranges.get(count - 1).ending()).isEqualTo(HashKey.MAX);
    for (int i = 1; i < count; i++) {
      assertThat(ranges.get(i).starting()).isEqualTo(ranges.get(i - 1).ending().next());
    }
  }

  @Property(tries = 100)
  void uniformRangesAreEquallyWideButTheLast(@ForAll @IntRange(min = 1, max = 2000) int count) {
    BigInteger[] widthAndRest = SPACE.divideAndRemainder(BigInteger.valueOf(count));
    List<HashKeyRange> ranges = HashKeyRange.uniform(count);
    assertThat(ranges.subList(0, count - 1))
        .allSatisfy(range -> assertThat(range.width()).isEqualTo(widthAndRest[0]));
    assertThat(ranges.get(count - 1).width()).isEqualTo(widthAndRest[0].add(widthAndRest[1]));
  }

  @Property
  void everyHashKeyLiesInOneUniformRange(
      @ForAll long high, @ForAll long low, @ForAll @IntRange(min = 1, max = 100) int count) {
    HashKey key = new HashKey(high, low);
    assertThat(HashKeyRange.uniform(count).stream().filter(range -> range.contains(key)))
        .hasSize(1);
  }

  @Property
  void shareOfSpaceIsTheWidthOverAll(
      @ForAll long a, @ForAll long b, @ForAll long c, @ForAll long d) {
    HashKeyRange range = between(new HashKey(a, b), new HashKey(c, d));
    double share = Math.scalb(range.width().doubleValue(), -128);
    assertThat(range.shareOfSpace()).isCloseTo(share, withinPercentage(1e-13));
  }

  @Property
  void shareOfSpaceOfANarrowRange(@ForAll long high, @ForAll long low, @ForAll byte width) {
    HashKey start = new HashKey(high, low);
    BigInteger end = start.toBigInteger().add(BigInteger.valueOf(width & 0xff));
    HashKeyRange range = new HashKeyRange(start, HashKey.of(end.min(HashKey.MAX.toBigInteger())));
    assertThat(range.shareOfSpace()).isEqualTo(Math.scalb(range.width().doubleValue(), -128));
  }

  @Property
  void midpointHalvesARange(@ForAll long a, @ForAll long b, @ForAll long c, @ForAll long d) {
    HashKeyRange range = between(new HashKey(a, b), new HashKey(c, d));
    HashKey middle = range.midpoint();
    BigInteger left = middle.toBigInteger().subtract(range.starting().toBigInteger());
    assertThat(left).isEqualTo(range.width().divide(BigInteger.TWO));
    assertThat(range.contains(middle)).isTrue();
    assertThat(range.allowsSplitAt(middle))
        .isEqualTo(range.width().compareTo(BigInteger.valueOf(4)) >= 0);
  }

  @Property
  void narrowRangesAllowNoSplit(@ForAll @IntRange(min = 1, max = 6) int width) {
    for (BigInteger start : List.of(BigInteger.ZERO, SPACE.subtract(BigInteger.valueOf(width)))) {
      HashKeyRange range =
          new HashKeyRange(
              HashKey.of(start),
              HashKey.of(start.add(BigInteger.valueOf(width)).subtract(BigInteger.ONE)));
      long allowed =
          IntStream.range(0, width)
              .mapToObj(i -> HashKey.of(start.add(BigInteger.valueOf(i))))
              .filter(range::allowsSplitAt)
              .count();
      assertThat(allowed).isEqualTo(Math.max(0, width - 3));
      assertThat(range.allowsSplitAt(range.midpoint())).isEqualTo(width >= 4);
    }
  }

  private static HashKeyRange between(HashKey one, HashKey other) {
    return one.compareTo(other) < 0 ? new HashKeyRange(one, other) : new HashKeyRange(other, one);
  }
}
