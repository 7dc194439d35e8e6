package io.millrace.engine.keys;

import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.KeyId;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A file of master keys. Whoever has it can read what is encrypted under them; whoever loses it
 * never can again: keep a copy, away from the data. It is created readable by its owner only, and
 * refused when it is readable by others, where the file system knows owners.
 *
 * <p>Each change replaces the file as a whole. One writer at a time; an engine that uses the file
 * only reads it, and sees a change at its next use of a key.
 *
 * @param path where it is
 */
public record KeyFile(Path path) {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  /**
   * Creates the file with one key, known as {@code alias/aws/kinesis}.
   *
   * @throws IOException when it exists, or cannot be written
   */
  public static KeyFile create(Path path) throws IOException {
    if (Files.exists(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    KeyFile file = new KeyFile(path);
    file.write(
        MasterKeys.NONE.with(
            MasterKey.create(UUID.randomUUID().toString(), List.of(KeyId.DEFAULT.value()))));
    return file;
  }

  /**
   * Adds a key.
   *
   * @param alias another name of it, {@code alias/...}; taken from the key that had it
   * @return its key id
   * @throws IllegalArgumentException when that is no alias
   */
  public String addKey(String alias) throws IOException {
    if (!new KeyId(alias).value().startsWith("alias/")) {
      throw new IllegalArgumentException(alias + " is no alias");
    }
    String id = UUID.randomUUID().toString();
    write(read().changed(key -> key.unknown(alias)).with(MasterKey.create(id, List.of(alias))));
    return id;
  }

  /** From here on this key wraps with fresh key material. What it wrapped before stays readable. */
  public void rotate(String id) throws IOException {
    change(id, MasterKey::rotated);
  }

  /** Nobody may use this key until it is enabled. */
  public void disable(String id) throws IOException {
    change(id, key -> key.in(MasterKey.State.DISABLED));
  }

  /** This key may be used again. */
  public void enable(String id) throws IOException {
    change(id, key -> key.in(MasterKey.State.ENABLED));
  }

  /** This key is about to be deleted: nobody may use it, but it can be enabled again. */
  public void scheduleDeletion(String id) throws IOException {
    change(id, key -> key.in(MasterKey.State.PENDING_DELETION));
  }

  /** Deletes this key: what is encrypted under it can never be read again. */
  public void delete(String id) throws IOException {
    requireKey(id);
    write(read().without(id));
  }

  /** The id of the key that has this alias. */
  public String idOf(String alias) {
    return read()
        .withAlias(alias)
        .orElseThrow(() -> notFound("no key of " + path + " is known as " + alias))
        .id();
  }

  private void change(String id, UnaryOperator<MasterKey> change) throws IOException {
    requireKey(id);
    write(read().changed(key -> key.id().equals(id) ? change.apply(key) : key));
  }

  private void requireKey(String id) {
    if (read().withId(id).isEmpty()) {
      throw notFound("there is no key " + id + " in " + path);
    }
  }

  /**
   * The keys in it.
   *
   * @throws KeyStoreException when it is not there, readable by others, or no such file
   */
  MasterKeys read() {
    try {
      refuseOthers();
      return MasterKeys.parse(Files.readString(path), path.toString());
    } catch (NoSuchFileException missing) {
      throw notFound("there is no key file " + path);
    } catch (IOException failure) {
      throw new KeyStoreException(
          KeyFailure.ACCESS_DENIED, "the key file " + path + " cannot be read", failure);
    }
  }

  private void refuseOthers() throws IOException {
    PosixFileAttributeView owners = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (owners == null) {
      return;
    }
    Set<PosixFilePermission> granted = EnumSet.noneOf(PosixFilePermission.class);
    granted.addAll(owners.readAttributes().permissions());
    granted.retainAll(OTHERS);
    if (!granted.isEmpty()) {
      throw new KeyStoreException(
          KeyFailure.ACCESS_DENIED,
          "the key file %s is open to others than its owner (%s): chmod 600"
              .formatted(path, PosixFilePermissions.toString(granted)));
    }
  }

  /** Others see the old keys or the new ones, and never a part. */
  private void write(MasterKeys keys) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    Path fresh = Files.createTempFile(directory, "keys", ".new", ownerOnly(directory));
    try {
      Files.writeString(fresh, keys.document(), StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
      try {
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException elsewhere) {
        Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path directory) {
    return Files.getFileAttributeView(directory, PosixFileAttributeView.class) == null
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)};
  }

  private static KeyStoreException notFound(String message) {
    return new KeyStoreException(KeyFailure.NOT_FOUND, message);
  }
}
