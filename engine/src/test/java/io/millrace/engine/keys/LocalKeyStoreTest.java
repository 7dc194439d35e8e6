package io.millrace.engine.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.keys.KeyStore.NewDataKey;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.WrappedKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Master keys in a real file. */
class LocalKeyStoreTest {

  private static final Account HOME = Account.of("us-east-1", "000000000000");
  private static final Map<String, String> ORDERS = Map.of("stream", "orders~1");

  @TempDir Path directory;
  private Path path;
  private KeyFile file;
  private KeyStore store;

  @BeforeEach
  void create() throws IOException {
    path = directory.resolve("secret/keys.json");
    file = KeyFile.create(path);
    store = LocalKeyStore.of(file, HOME);
  }

  @Test
  void unwrapsWhatItWrapped() {
    NewDataKey first = store.generateDataKey(KeyId.DEFAULT, ORDERS);
    NewDataKey second = store.generateDataKey(KeyId.DEFAULT, ORDERS);
    assertThat(first.plain().size()).isEqualTo(KeyStore.DATA_KEY_BYTES);
    assertThat(first.plain()).isNotEqualTo(second.plain());
    assertThat(store.unwrap(first.wrapped(), ORDERS)).isEqualTo(first.plain());
    assertThat(store.unwrap(second.wrapped(), ORDERS)).isEqualTo(second.plain());
  }

  @Test
  void aDataKeyIsForItsContextAlone() {
    WrappedKey wrapped = store.generateDataKey(KeyId.DEFAULT, ORDERS).wrapped();
    assertFails(KeyFailure.ACCESS_DENIED, () -> store.unwrap(wrapped, Map.of("stream", "bills~1")));
  }

  @Test
  void aDataKeyThatWasChangedIsNotUnwrapped() {
    WrappedKey wrapped = store.generateDataKey(KeyId.DEFAULT, ORDERS).wrapped();
    byte[] bytes = wrapped.bytes().toByteArray();
    bytes[bytes.length - 1] ^= 1;
    WrappedKey changed = new WrappedKey(wrapped.masterKey(), Payload.of(bytes));
    assertFails(KeyFailure.ACCESS_DENIED, () -> store.unwrap(changed, ORDERS));
  }

  @Test
  void aKeyGoesByEachOfItsNames() {
    String id = file.idOf("alias/aws/kinesis");
    NewDataKey made = store.generateDataKey(KeyId.DEFAULT, ORDERS);
    assertThat(made.wrapped().masterKey())
        .isEqualTo("arn:aws:kms:us-east-1:000000000000:key/" + id);
    for (String name :
        new String[] {
          id,
          "arn:aws:kms:us-east-1:000000000000:key/" + id,
          "arn:aws:kms:us-east-1:000000000000:alias/aws/kinesis"
        }) {
      assertThat(store.generateDataKey(new KeyId(name), ORDERS).wrapped().masterKey())
          .isEqualTo(made.wrapped().masterKey());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alias/other",
        "12345678-1234-1234-1234-123456789012",
        "arn:aws:kms:eu-west-1:000000000000:alias/aws/kinesis",
        "arn:aws:kms:us-east-1:111111111111:alias/aws/kinesis"
      })
  void aKeyThatIsNotHereIsNotFound(String name) {
    assertFails(KeyFailure.NOT_FOUND, () -> store.generateDataKey(new KeyId(name), ORDERS));
  }

  @Test
  void rotationWrapsWithAnotherKeyAndForgetsNone() throws IOException {
    NewDataKey before = store.generateDataKey(KeyId.DEFAULT, ORDERS);
    String old = Files.readString(path);
    file.rotate(file.idOf("alias/aws/kinesis"));
    NewDataKey after = store.generateDataKey(KeyId.DEFAULT, ORDERS);
    assertThat(store.unwrap(before.wrapped(), ORDERS)).isEqualTo(before.plain());
    assertThat(store.unwrap(after.wrapped(), ORDERS)).isEqualTo(after.plain());
    KeyStore withoutRotation = LocalKeyStore.of(old, "an old copy", HOME);
    assertThat(withoutRotation.unwrap(before.wrapped(), ORDERS)).isEqualTo(before.plain());
    assertFails(KeyFailure.ACCESS_DENIED, () -> withoutRotation.unwrap(after.wrapped(), ORDERS));
  }

  @Test
  void anAliasMovesToItsNewestKey() throws IOException {
    WrappedKey old = store.generateDataKey(KeyId.DEFAULT, ORDERS).wrapped();
    String id = file.addKey("alias/aws/kinesis");
    assertThat(store.generateDataKey(KeyId.DEFAULT, ORDERS).wrapped().masterKey()).endsWith(id);
    assertThat(store.unwrap(old, ORDERS).size()).isEqualTo(KeyStore.DATA_KEY_BYTES);
  }

  @Test
  void aKeyIsUsedInStateEnabledOnly() throws IOException {
    String id = file.idOf("alias/aws/kinesis");
    NewDataKey made = store.generateDataKey(KeyId.DEFAULT, ORDERS);
    file.disable(id);
    assertFails(KeyFailure.DISABLED, () -> store.generateDataKey(KeyId.DEFAULT, ORDERS));
    assertFails(KeyFailure.DISABLED, () -> store.unwrap(made.wrapped(), ORDERS));
    file.scheduleDeletion(id);
    assertFails(KeyFailure.INVALID_STATE, () -> store.unwrap(made.wrapped(), ORDERS));
    file.enable(id);
    assertThat(store.unwrap(made.wrapped(), ORDERS)).isEqualTo(made.plain());
    file.delete(id);
    assertFails(KeyFailure.NOT_FOUND, () -> store.unwrap(made.wrapped(), ORDERS));
    assertThatThrownBy(() -> file.enable(id)).isInstanceOf(KeyStoreException.class);
  }

  @Test
  void theFileIsItsOwnersOnlyAndStaysSo() throws IOException {
    assertPermissions("rw-------");
    file.rotate(file.idOf("alias/aws/kinesis"));
    assertPermissions("rw-------");
    assertThat(directory.resolve("secret").toFile().list()).containsExactly("keys.json");
  }

  private void assertPermissions(String expected) throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwxrwxrwx"})
  void aFileThatIsOpenToOthersIsRefused(String permissions) throws IOException {
    NewDataKey made = store.generateDataKey(KeyId.DEFAULT, ORDERS);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    assertFails(KeyFailure.ACCESS_DENIED, () -> store.unwrap(made.wrapped(), ORDERS));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r--------"));
    assertThat(store.unwrap(made.wrapped(), ORDERS)).isEqualTo(made.plain());
  }

  @Test
  void aFileThatIsAwayDoesNoLastingHarm() throws IOException {
    NewDataKey made = store.generateDataKey(KeyId.DEFAULT, ORDERS);
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(path, elsewhere);
    assertFails(KeyFailure.NOT_FOUND, () -> store.unwrap(made.wrapped(), ORDERS));
    assertFails(KeyFailure.NOT_FOUND, () -> store.generateDataKey(KeyId.DEFAULT, ORDERS));
    assertThat(path).doesNotExist();
    Files.move(elsewhere, path);
    assertThat(store.unwrap(made.wrapped(), ORDERS)).isEqualTo(made.plain());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "nonsense", "{\"version\": 2, \"keys\": []}", "[1]"})
  void aFileOfSomethingElseIsNamedAndNotQuoted(String text) throws IOException {
    Files.writeString(path, text);
    assertFails(KeyFailure.INVALID_STATE, () -> store.generateDataKey(KeyId.DEFAULT, ORDERS));
    assertThatThrownBy(() -> store.generateDataKey(KeyId.DEFAULT, ORDERS))
        .hasMessageContaining(path.toString())
        .hasNoCause();
  }

  @Test
  void noSecretIsShown() throws IOException {
    String secret = Files.readString(path).replaceAll("(?s).*\"value\" : \"([^\"]+)\".*", "$1");
    assertThat(secret).hasSizeGreaterThan(32);
    assertThat(file.read().toString()).doesNotContain(secret);
  }

  @Test
  void anExistingFileIsNotReplaced() {
    assertThatThrownBy(() -> KeyFile.create(path)).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void theEnvironmentGoesBeforeTheFile() throws IOException {
    Config settings =
        ConfigFactory.parseMap(
            Map.of("environment-variable", "KEYS", "file", directory.resolve("none").toString()));
    String text = Files.readString(path);
    KeyStore ofEnvironment = new LocalKeyStoreProvider(Map.of("KEYS", text)).open(settings, HOME);
    NewDataKey made = store.generateDataKey(KeyId.DEFAULT, ORDERS);
    assertThat(ofEnvironment.unwrap(made.wrapped(), ORDERS)).isEqualTo(made.plain());
    KeyStore ofFile = new LocalKeyStoreProvider(Map.of()).open(settings, HOME);
    assertFails(KeyFailure.NOT_FOUND, () -> ofFile.unwrap(made.wrapped(), ORDERS));
    KeyStore ofNothing =
        new LocalKeyStoreProvider(Map.of()).open(settings.withoutPath("file"), HOME);
    assertFails(KeyFailure.NOT_FOUND, () -> ofNothing.unwrap(made.wrapped(), ORDERS));
  }

  private static void assertFails(KeyFailure reason, Runnable call) {
    KeyStoreException failure = catchThrowableOfType(KeyStoreException.class, call::run);
    assertThat(failure).isNotNull();
    assertThat(failure.reason()).isEqualTo(reason);
  }
}
