package io.millrace.engine.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.internal.SealedToken.Purpose;
import io.millrace.engine.model.Payload;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SealedTokenTest {

  private static final byte[] SECRET = new byte[32];
  private static final byte[] PAYLOAD = "somewhere in a shard".getBytes(UTF_8);

  private final SealedToken seal = new SealedToken(Payload.of(SECRET), new SecureRandom());

  @Test
  void opensWhatItSealed() {
    String token = seal.seal(Purpose.SHARD_ITERATOR, PAYLOAD);

    assertThat(seal.open(Purpose.SHARD_ITERATOR, token)).hasValue(PAYLOAD);
  }

  @Test
  void opensAnEmptyPayload() {
    String token = seal.seal(Purpose.LIST_STREAMS, new byte[0]);

    assertThat(seal.open(Purpose.LIST_STREAMS, token)).hasValue(new byte[0]);
  }

  @Test
  void sealsTheSamePayloadDifferentlyEachTime() {
    assertThat(seal.seal(Purpose.SHARD_ITERATOR, PAYLOAD))
        .isNotEqualTo(seal.seal(Purpose.SHARD_ITERATOR, PAYLOAD));
  }

  @Test
  void fitsAShardIteratorOfThePublishedLength() {
    byte[] largest = new byte[512 / 4 * 3 - SealedToken.OVERHEAD_BYTES];

    assertThat(seal.seal(Purpose.SHARD_ITERATOR, largest)).hasSize(512);
  }

  @Test
  void opensNoTokenOfAnotherPurpose() {
    String token = seal.seal(Purpose.LIST_SHARDS, PAYLOAD);

    assertThat(seal.open(Purpose.SHARD_ITERATOR, token)).isEmpty();
    byte[] relabelled = Base64.getDecoder().decode(token);
    relabelled[1] = 1;
    assertThat(seal.open(Purpose.SHARD_ITERATOR, Base64.getEncoder().encodeToString(relabelled)))
        .isEmpty();
  }

  @Test
  void opensNoTokenOfAnotherSecret() {
    byte[] otherSecret = SECRET.clone();
    otherSecret[31] = 1;
    SealedToken other = new SealedToken(Payload.of(otherSecret), new SecureRandom());

    assertThat(other.open(Purpose.LIST_SHARDS, seal.seal(Purpose.LIST_SHARDS, PAYLOAD))).isEmpty();
  }

  @Test
  void opensNothingThatWasChangedInAnyByteOrCutShort() {
    byte[] token = Base64.getDecoder().decode(seal.seal(Purpose.LIST_SHARDS, PAYLOAD));
    for (int i = 0; i < token.length; i++) {
      byte[] changed = token.clone();
      changed[i] ^= 0x10;
      assertThat(seal.open(Purpose.LIST_SHARDS, Base64.getEncoder().encodeToString(changed)))
          .as("byte %d changed", i)
          .isEmpty();
      byte[] cut = Arrays.copyOf(token, i);
      assertThat(seal.open(Purpose.LIST_SHARDS, Base64.getEncoder().encodeToString(cut)))
          .as("cut to %d bytes", i)
          .isEmpty();
    }
  }

  @Test
  void opensNothingThatWasNeverAToken() {
    for (String text : new String[] {"", "x", "no base64 at all!", "AQ==", "é".repeat(600)}) {
      assertThat(seal.open(Purpose.SHARD_ITERATOR, text)).as(text).isEmpty();
    }
  }

  @Test
  void opensNoSecondSpellingOfAToken() {
    String token = seal.seal(Purpose.LIST_SHARDS, PAYLOAD);
    String padding = token.replaceAll("[^=]", "");

    assertThat(padding).isNotEmpty();
    assertThat(seal.open(Purpose.LIST_SHARDS, token.replace("=", ""))).isEmpty();
  }

  @Test
  void refusesASecretOfAnotherSize() {
    assertThatThrownBy(() -> new SealedToken(Payload.EMPTY, new SecureRandom()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
