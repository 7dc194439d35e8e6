package io.millrace.engine.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DeaggregatorTest {

  /** Two records as the producer library writes them: pk1 with hello, pk2 with world. */
  private static final String PUBLISHED =
      "f3899ac20a03706b310a03706b321a0908001a0568656c6c6f1a0908011a05776f726c64"
          + "87c22af1ed18e292eb55b018413a3cff";

  private static final SequenceNumber NUMBER = new SequenceNumber(1, 1 << 20, 1, 0);
  private static final Instant ARRIVAL = Instant.ofEpochMilli(1_700_000_000_000L);

  private static Record record(byte[] data) {
    return new Record(NUMBER, ARRIVAL, Payload.of(data), "a");
  }

  @Test
  void takesApartWhatTheProducerLibraryWrites() {
    List<UserRecord> users = Deaggregator.expand(record(HexFormat.of().parseHex(PUBLISHED)));

    assertThat(users)
        .containsExactly(
            new UserRecord(
                NUMBER, 0, true, ARRIVAL, Payload.utf8("hello"), "pk1", Optional.empty()),
            new UserRecord(
                NUMBER, 1, true, ARRIVAL, Payload.utf8("world"), "pk2", Optional.empty()));
  }

  @Test
  void leavesAnyChangedByteAsAnOrdinaryRecord() {
    for (int at = 0; at < PUBLISHED.length() / 2; at++) {
      byte[] changed = HexFormat.of().parseHex(PUBLISHED);
      changed[at] ^= 1;

      assertThat(Deaggregator.expand(record(changed)))
          .as("byte " + at)
          .containsExactly(
              new UserRecord(
                  NUMBER, 0, false, ARRIVAL, Payload.of(changed), "a", Optional.empty()));
    }
  }

  @Property(tries = 200)
  void leavesAnythingElseAsItIs(@ForAll @Size(max = 64) byte[] data) {
    assertThat(Deaggregator.expand(record(data)))
        .extracting(UserRecord::data)
        .containsExactly(Payload.of(data));
  }

  @Test
  void leavesAValidDigestOverNoMessageAsItIs() {
    byte[] data = framed(new byte[] {0x0f});

    assertThat(Deaggregator.expand(record(data)))
        .extracting(UserRecord::isAggregated)
        .containsExactly(false);
  }

  @Test
  void leavesAnEntryWithoutDataAsItIs() {
    byte[] data =
        framed(message(out -> out.writeByteArray(3, message(entry -> entry.writeUInt64(1, 0)))));

    assertThat(Deaggregator.expand(record(data)))
        .extracting(UserRecord::isAggregated)
        .containsExactly(false);
  }

  @Test
  void readsExplicitHashKeysAndPassesOverTags() {
    byte[] data =
        framed(
            message(
                out -> {
                  out.writeString(1, "pk");
                  out.writeString(2, "42");
                  out.writeByteArray(
                      3,
                      message(
                          entry -> {
                            entry.writeUInt64(1, 0);
                            entry.writeUInt64(2, 0);
                            entry.writeByteArray(3, new byte[] {7});
                            entry.writeByteArray(4, message(tag -> tag.writeString(1, "t")));
                          }));
                }));

    assertThat(Deaggregator.expand(record(data)))
        .extracting(UserRecord::hashKey)
        .containsExactly(new HashKey(0, 42));
  }

  @Test
  void leavesOutTheRestFromAnEntryOnWhoseKeyIsMissing() {
    byte[] data =
        framed(
            message(
                out -> {
                  out.writeString(1, "pk");
                  for (int key : new int[] {0, 1, 0}) {
                    out.writeByteArray(
                        3,
                        message(
                            entry -> {
                              entry.writeUInt64(1, key);
                              entry.writeByteArray(3, new byte[0]);
                            }));
                  }
                }));

    assertThat(Deaggregator.expand(record(data)))
        .extracting(UserRecord::subSequenceNumber)
        .containsExactly(0L);
  }

  @Test
  void yieldsNothingWhenOneOfThemBelongsToAnotherShard() {
    Record record = record(HexFormat.of().parseHex(PUBLISHED));
    HashKeyRange first =
        new HashKeyRange(HashKey.ofPartitionKey("pk1"), HashKey.ofPartitionKey("pk1"));

    assertThat(expandedIn(first, record)).isEmpty();
    assertThat(expandedIn(HashKeyRange.FULL, record)).hasSize(2);
  }

  @Test
  void keepsAnOrdinaryRecordWhateverItsExplicitHashKeyWas() {
    HashKeyRange elsewhere = new HashKeyRange(HashKey.MIN, HashKey.MIN);

    assertThat(expandedIn(elsewhere, record(new byte[] {1}))).hasSize(1);
  }

  private static List<UserRecord> expandedIn(HashKeyRange range, Record record) {
    List<UserRecord> users = new ArrayList<>();
    Deaggregator.expand(record, range, users);
    return users;
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      writing.to(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] framed(byte[] message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2});
    bytes.writeBytes(message);
    try {
      bytes.writeBytes(MessageDigest.getInstance("MD5").digest(message));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }
}
