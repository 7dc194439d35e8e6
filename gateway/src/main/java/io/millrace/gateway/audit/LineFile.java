package io.millrace.gateway.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that lines are added to by a thread of its own. At most {@value #MAX_WAITING} lines wait;
 * what comes on top is lost, and so is what the disk refuses: how many were lost is a line of its
 * own, written when writing goes on.
 */
final class LineFile implements AutoCloseable {

  static final int MAX_WAITING = 8192;

  private static final Logger LOG = LoggerFactory.getLogger(LineFile.class);
  private static final long CLOSE_SECONDS = 5;
  private static final long LOOK_MILLIS = 200;

  private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final Writer writer;
  private final LongFunction<String> ofLost;
  private final Thread thread;
  private volatile boolean isClosing;

  /**
   * Lines for a writer, which is closed with them.
   *
   * @param ofLost the line that says how many were lost
   */
  LineFile(Writer writer, LongFunction<String> ofLost) {
    this.writer = writer;
    this.ofLost = ofLost;
    this.thread = new Thread(this::run, "millrace-audit");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Opens a file.
   *
   * @throws UncheckedIOException when it cannot be written
   */
  static LineFile open(Path file, LongFunction<String> ofLost) {
    try {
      return new LineFile(
          Files.newBufferedWriter(
              file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
          ofLost);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a line, without its end. Never blocks. */
  void add(String line) {
    if (isClosing || !waiting.offer(line)) {
      lost.incrementAndGet();
    }
  }

  /** How many lines were lost and are not written down yet. */
  long lost() {
    return lost.get();
  }

  private void run() {
    try (writer) {
      while (!isClosing || !waiting.isEmpty()) {
        String line = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (line != null) {
          write(line);
        }
      }
    } catch (InterruptedException | IOException end) {
      LOG.error("The audit log ended with {} lines unwritten", waiting.size(), end);
    }
  }

  /** The first of those that wait, and all that have come by the time it is written. */
  private void write(String first) {
    long lines = 0;
    try {
      for (String line = first; line != null; line = waiting.poll()) {
        lines++;
        writer.write(line);
        writer.write('\n');
      }
      long missing = lost.getAndSet(0);
      if (missing > 0) {
        lines += missing;
        writer.write(ofLost.apply(missing));
        writer.write('\n');
      }
      writer.flush();
    } catch (IOException refused) {
      LOG.error("The audit log loses {} lines", lines, refused);
      lost.addAndGet(lines);
    }
  }

  @Override
  public void close() {
    isClosing = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
