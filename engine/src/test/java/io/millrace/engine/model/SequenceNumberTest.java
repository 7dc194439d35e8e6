package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceNumberTest {

  private static final String PUBLISHED =
      "49590338271490256608559692538361571095921575989136588898";

  @Test
  void readsAPublishedNumber() {
    SequenceNumber number = SequenceNumber.parse(PUBLISHED);
    assertThat(number)
        .isEqualTo(new SequenceNumber(1_542_776_258L, 0x67648a17L, 1_545_084_650L, 6));
    assertThat(number.shardId()).isEqualTo(new ShardId(6));
    assertThat(number).hasToString(PUBLISHED);
  }

  @Test
  void hasTheLayoutOfVersionTwo() {
    assertThat(new BigInteger(PUBLISHED).toString(16))
        .isEqualTo("2" + "05bf4e5c2" + "6" + "0000000067648a17" + "00" + "05c181eea" + "000000062");
  }

  @Test
  void roundTripsTheOutermostValues() {
    long maxSeconds = (1L << 36) - 1;
    for (SequenceNumber number :
        new SequenceNumber[] {
          new SequenceNumber(0, 0, 0, 0),
          new SequenceNumber(maxSeconds, Long.MAX_VALUE, maxSeconds, Integer.MAX_VALUE)
        }) {
      assertThat(SequenceNumber.parse(number.toString())).isEqualTo(number);
      assertThat(number.toString()).hasSize(56);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "1",
        "-49590338271490256608559692538361571095921575989136588898",
        "+4959033827149025660855969253836157109592157598913658889",
        "049590338271490256608559692538361571095921575989136588898",
        "٤9590338271490256608559692538361571095921575989136588898",
        "shardId-000000000000",
        // the last digit is not the version
        "49590338271490256608559692538361571095921575989136588899",
        "99999999999999999999999999999999999999999999999999999999",
        "10000000000000000000000000000000000000000000000000000000",
      })
  void refusesWhatNoShardIssued(String text) {
    assertThatThrownBy(() -> SequenceNumber.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }

  @Test
  void refusesOtherVersionsAndBrokenLayouts() {
    String good = "2" + "05bf4e5c2" + "6" + "0000000067648a17" + "00" + "05c181eea" + "000000062";
    assertThat(SequenceNumber.parse(decimal(good))).isNotNull();
    refused("1" + good.substring(1)); // first digit
    refused(good.substring(0, 10) + "7" + good.substring(11)); // low bits of another shard
    refused(good.substring(0, 11) + "8" + good.substring(12)); // counter of 64 bits
    refused(good.substring(0, 27) + "01" + good.substring(29)); // the zeros between
    refused(good.substring(0, 38) + "800000062"); // shard index of 32 bits
    refused(good.substring(0, 46) + "1"); // version
  }

  @Test
  void everyRecordLiesBetweenFirstAndLast() {
    SequenceNumber first = SequenceNumber.first(100, 3);
    SequenceNumber last = SequenceNumber.last(100, 3, 200);
    SequenceNumber lowest = new SequenceNumber(100, SequenceNumber.counter(1, 0), 100, 3);
    SequenceNumber highest =
        new SequenceNumber(
            100,
            SequenceNumber.counter((1L << 43) - 1, SequenceNumber.MAX_RECORDS_PER_EVENT - 2),
            200,
            3);
    assertThat(first).isLessThan(lowest);
    assertThat(lowest).isLessThan(highest);
    assertThat(highest).isLessThan(last);
  }

  private static void refused(String hex) {
    assertThatThrownBy(() -> SequenceNumber.parse(decimal(hex)))
        .as(hex)
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String decimal(String hex) {
    return new BigInteger(hex, 16).toString();
  }
}
