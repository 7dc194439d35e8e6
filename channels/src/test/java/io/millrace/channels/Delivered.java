package io.millrace.channels;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** What somebody finds who looks into the directory of the buckets. */
final class Delivered {

  private Delivered() {}

  /** The objects of a bucket whose keys begin so, by key. */
  static List<Path> objects(Path root, String bucket, String prefix) {
    Path directory = root.resolve(bucket);
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> directory.relativize(file).toString().startsWith(prefix))
          .sorted()
          .toList();
    } catch (NoSuchFileException nothing) {
      return List.of();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The lines of an object, whatever it was compressed by. */
  static List<String> lines(Path object) {
    String name = object.toString();
    try (InputStream in = Files.newInputStream(object);
        InputStream decoded =
            name.endsWith(".gz")
                ? new GZIPInputStream(in)
                : name.endsWith(".zst") ? new ZstdInputStream(in) : in) {
      return new String(decoded.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The lines of objects, one after the other. */
  static List<String> lines(List<Path> objects) {
    return objects.stream().flatMap(object -> lines(object).stream()).toList();
  }

  /** Bytes that are being written and that nobody is to see. */
  static long unfinishedBytes(Path root) {
    return objects(root, ".unfinished", "").stream().mapToLong(Delivered::size).sum();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }
}
