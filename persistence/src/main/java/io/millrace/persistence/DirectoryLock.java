package io.millrace.persistence;

import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Ownership of a storage directory: an exclusive lock on its file {@code millrace.lock}, which the
 * operating system releases when the process ends, however it ends. The file stays.
 */
final class DirectoryLock implements AutoCloseable {

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Locks an existing directory, or fails with {@link Reason#IN_USE}. */
  static DirectoryLock acquire(Path directory) {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              directory.resolve("millrace.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        return new DirectoryLock(channel);
      }
      throw inUse(directory, "another process", null);
    } catch (OverlappingFileLockException e) {
      throw closing(channel, inUse(directory, "this process", e));
    } catch (StorageException e) {
      throw closing(channel, e);
    } catch (IOException e) {
      throw closing(
          channel,
          new StorageException(
              Reason.UNAVAILABLE, "The directory " + directory + " cannot be locked: " + e, e));
    }
  }

  /** Whether a directory can be made and written at all. */
  static Path prepare(Path directory) {
    try {
      return Files.createDirectories(directory).toRealPath();
    } catch (IOException e) {
      throw new StorageException(
          Reason.UNAVAILABLE, "The directory " + directory + " cannot be used: " + e, e);
    }
  }

  static StorageException inUse(Path directory, String owner, Throwable cause) {
    return new StorageException(
        Reason.IN_USE,
        "The storage in "
            + directory
            + " is open in "
            + owner
            + ". Close it there, or choose another directory.",
        cause);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StorageException(Reason.UNAVAILABLE, "The lock cannot be released: " + e, e);
    }
  }

  private static StorageException closing(FileChannel channel, StorageException failure) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
    return failure;
  }
}
