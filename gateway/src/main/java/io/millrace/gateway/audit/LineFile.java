package io.millrace.gateway.audit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that lines are added to by a thread of its own. Lines of at most {@value
 * #MAX_WAITING_BYTES} bytes wait; what comes on top is lost, and so is what the disk refuses: how
 * many were lost is a line of its own, written when writing goes on, and at the end.
 */
final class LineFile implements AutoCloseable {

  static final long MAX_WAITING_BYTES = 8L * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(LineFile.class);
  private static final long CLOSE_SECONDS = 5;
  private static final long LOOK_MILLIS = 200;

  private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final OutputStream out;
  private final LongFunction<String> ofLost;
  private final Thread thread;
  private volatile boolean isClosing;

  /**
   * Lines for a stream of bytes, which is closed with them.
   *
   * @param ofLost the line that says how many were lost
   */
  LineFile(OutputStream out, LongFunction<String> ofLost) {
    this.out = out;
    this.ofLost = ofLost;
    this.thread = new Thread(this::run, "millrace-audit");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Opens a file. One that is not there is made, readable by its owner only.
   *
   * @throws UncheckedIOException when it cannot be written
   */
  static LineFile open(Path file, LongFunction<String> ofLost) {
    boolean hasOwners = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ownerOnly =
        hasOwners
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try {
      return new LineFile(
          new BufferedOutputStream(
              Channels.newOutputStream(
                  Files.newByteChannel(
                      file,
                      Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                      ownerOnly))),
          ofLost);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a line, without its end. Characters that UTF-8 lacks become "?". Never blocks. */
  void add(String line) {
    byte[] bytes = bytes(line);
    if (isClosing || waitingBytes.addAndGet(bytes.length) > MAX_WAITING_BYTES) {
      waitingBytes.addAndGet(-bytes.length);
      lose();
    } else {
      waiting.add(bytes);
    }
  }

  /** Counts a line that could not be made. */
  void lose() {
    lost.incrementAndGet();
  }

  /** How many lines were lost and are not written down yet. */
  long lost() {
    return lost.get();
  }

  private static byte[] bytes(String line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private void run() {
    try (out) {
      while (!isClosing || !waiting.isEmpty()) {
        byte[] line = taken(waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS));
        if (line != null) {
          write(line);
        }
      }
      if (lost() > 0) {
        write(null);
      }
    } catch (InterruptedException | IOException end) {
      LOG.error("The audit log ended with {} lines unwritten", waiting.size(), end);
    }
  }

  private byte[] taken(byte[] line) {
    if (line != null) {
      waitingBytes.addAndGet(-line.length);
    }
    return line;
  }

  /** The first of those that wait, if any, and all that have come by the time it is written. */
  private void write(byte[] first) {
    long lines = 0;
    try {
      for (byte[] line = first; line != null; line = taken(waiting.poll())) {
        lines++;
        out.write(line);
      }
      long missing = lost.getAndSet(0);
      if (missing > 0) {
        lines += missing;
        out.write(bytes(ofLost.apply(missing)));
      }
      out.flush();
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
