package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.CorruptRecordException;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.KMSAccessDeniedException;
import io.millrace.engine.api.KMSDisabledException;
import io.millrace.engine.api.KMSNotFoundException;
import io.millrace.engine.api.StartStreamEncryptionRequest;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.keys.KeyFile;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.testkit.Awaits;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Encryption at rest with a real key file, seen from the files of real databases. */
@Tag("database")
@ExtendWith(Seeds.class)
class EncryptionAtRestTest {

  private static final String ENCRYPTED = "orders";
  private static final String CONTROL = "bills";
  private static final String SHARD = "shardId-000000000000";
  private static final String SECRET_KEY = "customer-4711";
  private static final String SECRET_DATA = "the recipe of the miller's bread";
  private static final int RECORDS = 20;

  abstract static class Contract {

    @TempDir Path directory;

    private Path keyPath;
    private KeyFile keyFile;
    private Millrace millrace;
    private List<SequenceNumber> numbers;

    abstract Config database();

    /** Stops the database, and names the directory with all that it has written. */
    abstract Path stopped();

    abstract Connection connect() throws SQLException;

    @BeforeEach
    void storeRecords() throws IOException {
      keyPath = directory.resolve("keys/keys.json");
      keyFile = KeyFile.create(keyPath);
      open();
      for (String stream : List.of(ENCRYPTED, CONTROL)) {
        Awaits.get(client().createStream(stream, 1));
        Awaits.get(millrace.awaitActive(stream));
      }
      Awaits.get(
          client()
              .startStreamEncryption(
                  StartStreamEncryptionRequest.of(ENCRYPTED, "alias/aws/kinesis")));
      numbers = new ArrayList<>();
      for (int i = 0; i < RECORDS; i++) {
        numbers.add(put(i));
      }
    }

    @AfterEach
    void close() {
      millrace.close();
    }

    final void open() {
      millrace =
          Millrace.open(
              ConfigFactory.parseString("millrace.limits.mode = off")
                  .withValue(
                      "millrace.encryption.key-store.file",
                      ConfigValueFactory.fromAnyRef(keyPath.toString()))
                  .withFallback(database()));
    }

    final void reopen() {
      millrace.close();
      open();
    }

    private StreamClient client() {
      return millrace.client();
    }

    private SequenceNumber put(int number) {
      return Awaits.get(client().putRecord(ENCRYPTED, SECRET_KEY, data(number))).sequenceNumber();
    }

    private static Payload data(int number) {
      return Payload.utf8(SECRET_DATA + " " + number);
    }

    private String iterator(GetShardIteratorRequest request) {
      return Awaits.get(client().getShardIterator(request)).shardIterator();
    }

    private String start() {
      return iterator(GetShardIteratorRequest.trimHorizon(ENCRYPTED, SHARD));
    }

    private List<Record> read(String iterator) {
      return Awaits.get(client().getRecords(GetRecordsRequest.of(iterator))).records();
    }

    private Throwable failureOfRead(String iterator) {
      return Awaits.failureOf(client().getRecords(GetRecordsRequest.of(iterator)));
    }

    private void assertAllThere() {
      assertThat(read(start())).extracting(Record::sequenceNumber).isEqualTo(numbers);
      assertThat(read(start()))
          .extracting(record -> record.data().utf8())
          .allMatch(text -> text.startsWith(SECRET_DATA));
    }

    // what lies in the files

    @Test
    void noFileOfTheDatabaseHoldsTheKeysAndDataOfAnEncryptedStream() throws IOException {
      reopen();
      assertAllThere();
      put(RECORDS);
      millrace.close();
      Path files = stopped();
      assertThat(count(files, SECRET_KEY)).isZero();
      assertThat(count(files, SECRET_DATA)).isZero();
    }

    @Test
    void theSameSearchFindsWhatIsNotEncrypted() throws IOException {
      Awaits.get(client().putRecord(CONTROL, SECRET_KEY, data(0)));
      millrace.close();
      Path files = stopped();
      assertThat(count(files, SECRET_KEY)).isPositive();
      assertThat(count(files, SECRET_DATA)).isPositive();
    }

    private static long count(Path directory, String text) throws IOException {
      long found = 0;
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
          for (int at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
            found++;
          }
        }
      }
      return found;
    }

    // the key file

    @Test
    void oldRecordsStayReadableWhenTheMasterKeyIsRotated() throws IOException {
      String id = keyFile.idOf("alias/aws/kinesis");
      keyFile.rotate(id);
      reopen();
      numbers.add(put(RECORDS));
      keyFile.rotate(id);
      reopen();
      numbers.add(put(RECORDS + 1));
      assertAllThere();
      reopen();
      assertAllThere();
    }

    @Test
    void withoutTheKeyFileNothingIsReadOrWrittenAndWithItAllIsThere() throws IOException {
      Path elsewhere = directory.resolve("elsewhere");
      millrace.close();
      Files.move(keyPath, elsewhere);
      open();
      assertThat(failureOfRead(start())).isInstanceOf(KMSNotFoundException.class);
      assertThat(Awaits.failureOf(client().putRecord(ENCRYPTED, "key", data(0))))
          .isInstanceOf(KMSNotFoundException.class);
      assertThat(Awaits.get(client().putRecord(CONTROL, "key", data(0)))).isNotNull();
      Files.move(elsewhere, keyPath);
      assertAllThere();
      numbers.add(put(RECORDS));
      reopen();
      assertAllThere();
    }

    @Test
    void anotherKeyFileOpensNothing() throws IOException {
      Path ours = directory.resolve("ours");
      millrace.close();
      Files.move(keyPath, ours);
      KeyFile.create(keyPath);
      open();
      assertThat(failureOfRead(start())).isInstanceOf(KMSNotFoundException.class);
      Files.delete(keyPath);
      Files.move(ours, keyPath);
      assertAllThere();
    }

    @Test
    void aKeyFileThatOthersMayReadIsRefused() throws IOException {
      Files.setPosixFilePermissions(keyPath, PosixFilePermissions.fromString("rw-r--r--"));
      reopen();
      assertThat(failureOfRead(start()))
          .isInstanceOf(KMSAccessDeniedException.class)
          .hasMessageContaining(keyPath.toString());
      Files.setPosixFilePermissions(keyPath, PosixFilePermissions.fromString("rw-------"));
      assertAllThere();
    }

    @Test
    void aDisabledKeyIsNotUsedUntilItIsEnabled() throws IOException {
      String id = keyFile.idOf("alias/aws/kinesis");
      keyFile.disable(id);
      reopen();
      assertThat(failureOfRead(start())).isInstanceOf(KMSDisabledException.class);
      keyFile.enable(id);
      assertAllThere();
    }

    // tampering

    @Test
    void bitsThatAreFlippedAreFoundAndNobodyElseIsStopped(Seed seed) throws SQLException {
      Random random = seed.random("bits");
      assertDamageIsFound(
          11,
          bytes -> {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            return bytes;
          });
    }

    /** Whoever changes a row can make its checksums fit. */
    @Test
    void flippedBitsAreFoundThoughTheChecksumsFit(Seed seed) throws SQLException {
      Random random = seed.random("bits");
      assertDamageIsFound(
          12,
          bytes -> {
            // The last bytes are ciphertext and tag, whatever the length of the key before them.
            bytes[bytes.length - 1 - random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
            return Frame.read(bytes).with(Frame.SEALED, bytes).bytes();
          });
    }

    @Test
    void aRowInThePlaceOfAnotherIsFound() throws SQLException {
      millrace.close();
      byte[] other = payload(numbers.get(3));
      open();
      assertDamageIsFound(13, bytes -> Frame.read(bytes).with(Frame.SEALED, other.clone()).bytes());
    }

    private interface Damage {
      byte[] to(byte[] row);
    }

    private void assertDamageIsFound(int which, Damage damage) throws SQLException {
      millrace.close();
      update(numbers.get(which), damage.to(payload(numbers.get(which))));
      open();

      assertThat(read(start()))
          .extracting(Record::sequenceNumber)
          .isEqualTo(numbers.subList(0, which));
      assertThat(
              failureOfRead(
                  iterator(
                      GetShardIteratorRequest.afterSequenceNumber(
                          ENCRYPTED, SHARD, numbers.get(which - 1).toString()))))
          .isInstanceOf(CorruptRecordException.class)
          .hasMessageContaining(
              Long.toString(SequenceNumber.eventNumberOf(numbers.get(which).counter())));
      assertThat(
              read(
                  iterator(
                      GetShardIteratorRequest.atSequenceNumber(
                          ENCRYPTED, SHARD, numbers.get(which + 1).toString()))))
          .extracting(Record::sequenceNumber)
          .isEqualTo(numbers.subList(which + 1, RECORDS));
      assertThat(put(RECORDS)).isGreaterThan(numbers.get(RECORDS - 1));
    }

    private byte[] payload(SequenceNumber record) throws SQLException {
      try (Connection connection = connect();
          PreparedStatement select =
              connection.prepareStatement("SELECT \"event_payload\" FROM " + table() + place())) {
        place(select, 1, record);
        try (ResultSet rows = select.executeQuery()) {
          assertThat(rows.next()).as("the event of %s is there", record).isTrue();
          return rows.getBytes(1);
        }
      }
    }

    private void update(SequenceNumber record, byte[] payload) throws SQLException {
      try (Connection connection = connect();
          PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE " + table() + " SET \"event_payload\" = ?" + place())) {
        update.setBytes(1, payload);
        place(update, 2, record);
        assertThat(update.executeUpdate()).isEqualTo(1);
      }
    }

    abstract String table();

    private static String place() {
      return " WHERE \"persistence_id\" = ? AND \"sequence_number\" = ?";
    }

    private static void place(PreparedStatement statement, int at, SequenceNumber record)
        throws SQLException {
      statement.setString(at, "shard|" + ENCRYPTED + "~1~0");
      statement.setLong(at + 1, SequenceNumber.eventNumberOf(record.counter()));
    }
  }

  @Nested
  class OnH2 extends Contract {

    private Path data() {
      return directory.resolve("data");
    }

    @Override
    Config database() {
      return CrashDatabase.h2Settings(data(), "process");
    }

    @Override
    Path stopped() {
      return data();
    }

    @Override
    String table() {
      return "\"event_journal\"";
    }

    @Override
    Connection connect() throws SQLException {
      return DriverManager.getConnection("jdbc:h2:" + data().resolve("millrace"));
    }
  }

  @Nested
  class OnPostgres extends Contract {

    private PostgresServer server;

    @Override
    Config database() {
      if (server == null) {
        server = PostgresServer.start(directory.resolve("data"));
      }
      return server.settings("millrace");
    }

    @Override
    Path stopped() {
      server.stop();
      server = null;
      return directory.resolve("data");
    }

    @Override
    String table() {
      return "millrace.\"event_journal\"";
    }

    @Override
    Connection connect() throws SQLException {
      Connection connection = server.connect();
      try (var statement = connection.createStatement()) {
        // Without the triggers by which the schema knows its owner.
        statement.execute("SET session_replication_role = replica");
      }
      return connection;
    }

    @AfterEach
    void stopServer() {
      close();
      if (server != null) {
        server.stop();
      }
    }
  }
}
