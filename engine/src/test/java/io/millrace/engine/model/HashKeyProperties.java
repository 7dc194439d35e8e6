package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class HashKeyProperties {

  @Property
  void decimalFormRoundTrips(@ForAll long high, @ForAll long low) {
    HashKey key = new HashKey(high, low);
    assertThat(HashKey.parse(key.toString())).isEqualTo(key);
    assertThat(HashKey.of(key.toBigInteger())).isEqualTo(key);
  }

  @Property
  void ordersAsIntegersDo(
      @ForAll long high, @ForAll long low, @ForAll long otherHigh, @ForAll long otherLow) {
    HashKey one = new HashKey(high, low);
    HashKey other = new HashKey(otherHigh, otherLow);
    assertThat(Integer.signum(one.compareTo(other)))
        .isEqualTo(one.toBigInteger().compareTo(other.toBigInteger()));
  }

  @Property
  void nextIsOneMore(@ForAll long high, @ForAll long low) {
    HashKey key = new HashKey(high, low);
    if (!key.equals(HashKey.MAX)) {
      assertThat(key.next().toBigInteger()).isEqualTo(key.toBigInteger().add(BigInteger.ONE));
      assertThat(key.next().previous()).isEqualTo(key);
    }
  }

  @Property
  void partitionKeyHashesToItsMd5(@ForAll String partitionKey) throws NoSuchAlgorithmException {
    byte[] md5 =
        MessageDigest.getInstance("MD5").digest(partitionKey.getBytes(StandardCharsets.UTF_8));
    assertThat(HashKey.ofPartitionKey(partitionKey).toBigInteger())
        .isEqualTo(new BigInteger(1, md5));
  }
}
