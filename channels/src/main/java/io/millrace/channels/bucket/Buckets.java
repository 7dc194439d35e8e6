package io.millrace.channels.bucket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directory whose subdirectories stand for buckets, each by the name of its bucket. What is being
 * written lies in another subdirectory, {@value #UNFINISHED}, which no bucket can be called, and is
 * moved when it is complete: whoever looks into a bucket sees whole objects only. Blocks; safe for
 * any thread.
 */
public final class Buckets {

  static final String UNFINISHED = ".unfinished";

  private static final Pattern NAME =
      Pattern.compile("(?!.*\\.\\.)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]");

  private final Path root;

  /** Buckets in this directory, which is made when it is needed. */
  public Buckets(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /**
   * The bucket that an ARN names.
   *
   * @throws IllegalArgumentException with a sentence for callers when that is no name of a bucket:
   *     it begins and ends with a letter or a digit and has no two dots in a row
   */
  public static String name(String bucketArn) {
    String name = bucketArn.substring(bucketArn.lastIndexOf(':') + 1);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("%s is not the name of a bucket.".formatted(name));
    }
    return name;
  }

  /**
   * The file of an object.
   *
   * @throws IllegalArgumentException when it would lie outside of its bucket, or this system has no
   *     file of this name
   */
  public Path file(String bucket, ObjectKey key) {
    Path directory = root.resolve(bucket);
    Path file = directory.resolve(key.value()).normalize();
    if (!file.startsWith(directory) || file.equals(directory) || !directory.startsWith(root)) {
      throw new IllegalArgumentException("The key %s leads out of its bucket.".formatted(key));
    }
    return file;
  }

  /**
   * Begins an object.
   *
   * @param owner whose it is; see {@link #clear}
   * @throws UncheckedIOException when the directory cannot be written
   */
  public UnfinishedObject begin(String owner) {
    try {
      Path directory = root.resolve(UNFINISHED).resolve(owner);
      Directories.create(directory);
      return new UnfinishedObject(directory.resolve(UUID.randomUUID() + ".part"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Deletes what an owner began and left behind. He has nothing under way. */
  public void clear(String owner) {
    Path directory = root.resolve(UNFINISHED).resolve(owner);
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
