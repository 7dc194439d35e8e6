package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class SequenceNumberProperties {

  private static final long MAX_SECONDS = (1L << 36) - 1;

  @Property
  void decimalFormRoundTrips(@ForAll("numbers") SequenceNumber number) {
    assertThat(SequenceNumber.parse(number.toString())).isEqualTo(number);
  }

  @Property
  void decimalFormMatchesThePatternOfTheApi(@ForAll("numbers") SequenceNumber number) {
    assertThat(number.toString()).matches("^(0|([1-9]\\d{0,128}))$");
  }

  @Property
  void decimalFormIsTheLayoutInHexadecimal(@ForAll("numbers") SequenceNumber number) {
    assertThat(new BigInteger(number.toString()).toString(16))
        .isEqualTo(
            "2%09x%x%016x00%09x%08x2",
            number.createdSeconds(),
            number.shardIndex() & 0xf,
            number.counter(),
            number.putSeconds(),
            number.shardIndex());
  }

  @Property
  void ordersAsIntegersDo(
      @ForAll("numbers") SequenceNumber one, @ForAll("numbers") SequenceNumber other) {
    assertThat(Integer.signum(one.compareTo(other)))
        .isEqualTo(new BigInteger(one.toString()).compareTo(new BigInteger(other.toString())));
  }

  @Property
  void neighboursInAShardOrderByCounter(
      @ForAll("numbers") SequenceNumber number,
      @ForAll @LongRange(min = 0, max = MAX_SECONDS) long laterOrNot) {
    if (number.counter() < Long.MAX_VALUE) {
      SequenceNumber next =
          new SequenceNumber(
              number.createdSeconds(), number.counter() + 1, laterOrNot, number.shardIndex());
      assertThat(next).isGreaterThan(number);
    }
  }

  @Property
  void counterNamesEventAndIndex(
      @ForAll @LongRange(min = 1, max = (1L << 43) - 1) long eventNumber,
      @ForAll @IntRange(max = SequenceNumber.MAX_RECORDS_PER_EVENT - 1) int index) {
    long counter = SequenceNumber.counter(eventNumber, index);
    assertThat(counter).isPositive();
    assertThat(SequenceNumber.eventNumberOf(counter)).isEqualTo(eventNumber);
    assertThat(SequenceNumber.indexOf(counter)).isEqualTo(index);
  }

  @Provide
  Arbitrary<SequenceNumber> numbers() {
    Arbitrary<Long> seconds = Arbitraries.longs().between(0, MAX_SECONDS);
    return Combinators.combine(
            seconds,
            Arbitraries.longs().greaterOrEqual(0),
            seconds,
            Arbitraries.integers().greaterOrEqual(0))
        .as(SequenceNumber::new);
  }
}
