package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.CorruptRecordException;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.testkit.Awaits;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Stored bytes that have changed: reported by name, never served, never deleted. */
@Tag("database")
@ExtendWith(Seeds.class)
class CorruptionTest {

  private static final String STREAM = "damaged";
  private static final String SHARD = "shardId-000000000000";
  private static final String OTHER_SHARD = "shardId-000000000001";
  private static final String DAMAGED_ID = "shard|" + STREAM + "~1~0";
  private static final int RECORDS = 30;

  @TempDir Path directory;

  private Millrace millrace;
  private List<SequenceNumber> numbers;
  private List<SequenceNumber> otherNumbers;

  @BeforeEach
  void storeRecords() {
    open();
    Awaits.get(millrace.client().createStream(STREAM, 2));
    Awaits.get(millrace.awaitActive(STREAM));
    numbers = new ArrayList<>();
    otherNumbers = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      numbers.add(put(HashKey.MIN, i));
      otherNumbers.add(put(HashKey.MAX, i));
    }
  }

  @AfterEach
  void close() {
    millrace.close();
  }

  private void open() {
    Config config =
        ConfigFactory.parseString("millrace.limits.mode = off")
            .withFallback(CrashDatabase.h2Settings(directory, "process"));
    millrace = Millrace.open(config);
  }

  private StreamClient client() {
    return millrace.client();
  }

  /** One record, and so one event. */
  private SequenceNumber put(HashKey hashKey, int number) {
    return Awaits.get(
            client()
                .putRecord(
                    PutRecordRequest.of(STREAM, "key", data(number))
                        .withExplicitHashKey(hashKey.toString())))
        .sequenceNumber();
  }

  private static Payload data(int number) {
    return Payload.utf8("record " + number + " ".repeat(200));
  }

  /** Changes bits of the event that holds this record, while nobody has the database open. */
  private byte[] damage(SequenceNumber record, Random random) throws SQLException {
    millrace.close();
    byte[] bytes;
    try (Connection connection = connect()) {
      bytes = payload(connection, record);
      for (int i = 0; i < 3; i++) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try (PreparedStatement update =
          connection.prepareStatement(
              "UPDATE \"event_journal\" SET \"event_payload\" = ?"
                  + " WHERE \"persistence_id\" = ? AND \"sequence_number\" = ?")) {
        update.setBytes(1, bytes);
        update.setString(2, DAMAGED_ID);
        update.setLong(3, SequenceNumber.eventNumberOf(record.counter()));
        assertThat(update.executeUpdate()).isEqualTo(1);
      }
    }
    open();
    return bytes;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:h2:" + directory.resolve("millrace"));
  }

  private static byte[] payload(Connection connection, SequenceNumber record) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT \"event_payload\" FROM \"event_journal\""
                + " WHERE \"persistence_id\" = ? AND \"sequence_number\" = ?")) {
      select.setString(1, DAMAGED_ID);
      select.setLong(2, SequenceNumber.eventNumberOf(record.counter()));
      try (ResultSet rows = select.executeQuery()) {
        assertThat(rows.next()).as("the event of %s is there", record).isTrue();
        return rows.getBytes(1);
      }
    }
  }

  private String iterator(GetShardIteratorRequest request) {
    return Awaits.get(client().getShardIterator(request)).shardIterator();
  }

  private String afterNumber(SequenceNumber number) {
    return iterator(GetShardIteratorRequest.afterSequenceNumber(STREAM, SHARD, number.toString()));
  }

  private String atNumber(SequenceNumber number) {
    return iterator(GetShardIteratorRequest.atSequenceNumber(STREAM, SHARD, number.toString()));
  }

  private GetRecordsResponse read(String iterator) {
    return Awaits.get(client().getRecords(GetRecordsRequest.of(iterator)));
  }

  private Throwable failureOfRead(String iterator) {
    return Awaits.failureOf(client().getRecords(GetRecordsRequest.of(iterator)));
  }

  private static List<SequenceNumber> numbersOf(GetRecordsResponse response) {
    return response.records().stream().map(Record::sequenceNumber).toList();
  }

  @Test
  void readThatReachesDamageIsToldEachTimeAndEverythingElseGoesOn(Seed seed) throws Exception {
    int damaged = 10 + seed.random("which").nextInt(10);
    damage(numbers.get(damaged), seed.random("bits"));

    GetRecordsResponse before = read(iterator(GetShardIteratorRequest.trimHorizon(STREAM, SHARD)));

    assertThat(numbersOf(before)).isEqualTo(numbers.subList(0, damaged));
    String at = before.nextShardIterator();
    for (int i = 0; i < 3; i++) {
      assertThat(failureOfRead(at)).isInstanceOf(CorruptRecordException.class);
    }
    assertThat(failureOfRead(afterNumber(numbers.get(damaged - 1))))
        .isInstanceOf(CorruptRecordException.class)
        .hasMessageContaining(STREAM)
        .hasMessageContaining(
            Long.toString(SequenceNumber.eventNumberOf(numbers.get(damaged).counter())));
    assertThat(numbersOf(read(atNumber(numbers.get(damaged + 1)))))
        .as("behind the damage")
        .isEqualTo(numbers.subList(damaged + 1, RECORDS));
    assertThat(numbersOf(read(iterator(GetShardIteratorRequest.trimHorizon(STREAM, OTHER_SHARD)))))
        .as("in the other shard")
        .isEqualTo(otherNumbers);
    SequenceNumber next = put(HashKey.MIN, RECORDS);
    assertThat(next).isGreaterThan(numbers.get(RECORDS - 1));
    assertThat(numbersOf(read(afterNumber(numbers.get(RECORDS - 1))))).containsExactly(next);
  }

  @Test
  void damageIsNeitherMendedNorDeleted(Seed seed) throws Exception {
    byte[] damaged = damage(numbers.get(5), seed.random("bits"));

    assertThat(failureOfRead(afterNumber(numbers.get(4))))
        .isInstanceOf(CorruptRecordException.class);
    put(HashKey.MIN, RECORDS);
    millrace.close();
    open();
    assertThat(failureOfRead(afterNumber(numbers.get(4))))
        .isInstanceOf(CorruptRecordException.class);
    millrace.close();

    try (Connection connection = connect()) {
      assertThat(payload(connection, numbers.get(5))).isEqualTo(damaged);
    }
  }

  @Test
  void damageInTheNewestEventDoesNotStopTheShard(Seed seed) throws Exception {
    SequenceNumber newest = numbers.get(RECORDS - 1);
    damage(newest, seed.random("bits"));

    assertThat(failureOfRead(afterNumber(numbers.get(RECORDS - 2))))
        .isInstanceOf(CorruptRecordException.class);
    SequenceNumber next = put(HashKey.MIN, RECORDS);

    assertThat(next).isGreaterThan(newest);
    assertThat(numbersOf(read(atNumber(next)))).containsExactly(next);
    millrace.close();
    open();
    SequenceNumber afterReopening = put(HashKey.MIN, RECORDS + 1);
    assertThat(afterReopening).isGreaterThan(next);
    assertThat(numbersOf(read(atNumber(next)))).containsExactly(next, afterReopening);
    assertThat(failureOfRead(afterNumber(numbers.get(RECORDS - 2))))
        .isInstanceOf(CorruptRecordException.class);
  }
}
