package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of values, each a line of JSON. What was appended is synced when the call returns. A last
 * line that a crash has left incomplete is removed when the file is opened. Safe for any thread.
 */
final class JsonLines<T> {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Class<T> type;

  JsonLines(Path file, Class<T> type) {
    this.file = file;
    this.type = type;
    cutIncompleteLine();
  }

  private void cutIncompleteLine() {
    try {
      String text = text();
      String complete = completeLines(text);
      if (complete.length() < text.length()) {
        Files.writeString(file, complete);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All values, in order; none where there is no file. */
  synchronized List<T> read() {
    try {
      List<T> values = new ArrayList<>();
      for (String line : completeLines(text()).lines().toList()) {
        values.add(JSON.readValue(line, type));
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text() throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static String completeLines(String text) {
    return text.substring(0, text.lastIndexOf('\n') + 1);
  }

  synchronized void append(List<T> values) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      StringBuilder lines = new StringBuilder();
      for (T value : values) {
        lines.append(JSON.writeValueAsString(value)).append('\n');
      }
      ByteBuffer bytes = UTF_8.encode(lines.toString());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
