package io.millrace.channels.bucket;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Directories that are still there after a loss of power. */
final class Directories {

  private Directories() {}

  /** Makes a directory and those above it, as far as they are not there. */
  static void create(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      create(parent);
    }
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException there) {
      // Somebody else made it, or a file is in its place, which shows when it is used.
      return;
    }
    if (parent != null) {
      sync(parent);
    }
  }

  /** What was made, moved and deleted in a directory is durable, where the system can say so. */
  static void sync(Path directory) throws IOException {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
