package io.millrace.systemtests;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.model.Payload;
import io.millrace.testkit.Awaits;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The process whose system calls are watched: puts records whose data name them, first one at a
 * time, then from several threads, and writes a line for each acknowledgement by a single system
 * call.
 */
final class SyncedPutter {

  static final int ALONE = 30;
  static final int THREADS = 8;
  static final int EACH = 15;

  private static final String STREAM = "watched";

  @SuppressWarnings("resource") // standard output stays open
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

  private final Millrace millrace;

  private SyncedPutter(Millrace millrace) {
    this.millrace = millrace;
  }

  /** The text that is in a record's data. */
  static String mark(String name) {
    return "<record-" + name + ">";
  }

  /** The line that acknowledges a record. */
  static String acknowledgement(String name) {
    return "acknowledged-" + name + ".";
  }

  public static void main(String[] arguments) throws InterruptedException {
    try (Millrace millrace =
        Millrace.open(
            CrashDatabase.h2Settings(Path.of(arguments[0]), arguments[1])
                .withFallback(ConfigFactory.parseString("millrace.limits.mode = off")))) {
      Awaits.get(millrace.client().createStream(STREAM, 2));
      Awaits.get(millrace.awaitActive(STREAM));
      new SyncedPutter(millrace).run();
    }
  }

  private void run() throws InterruptedException {
    for (int i = 0; i < ALONE; i++) {
      put("alone-" + i);
    }
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      String name = "thread-" + thread + "-";
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < EACH; i++) {
                  put(name + i);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void put(String name) {
    // Long enough not to be taken apart by the database.
    String data = mark(name) + "-".repeat(300);
    Awaits.get(millrace.client().putRecord(STREAM, name, Payload.utf8(data)));
    try {
      out.write((acknowledgement(name) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
