package io.millrace.testkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A main class in a JVM of its own, on the class path of this one. What it prints arrives line by
 * line, through a bounded queue: a child that prints faster than it is read has to wait. Closing
 * kills it and waits until it is gone.
 *
 * <p>For one reading thread.
 */
public final class ChildJvm implements AutoCloseable {

  static final int QUEUED_LINES = 10_000;
  private static final int REMEMBERED_ERROR_LINES = 200;

  private final Process process;
  private final Thread outputReader;
  private final Thread errorReader;

  /** Lines; after the last one, an empty optional. */
  private final BlockingQueue<Optional<String>> lines = new ArrayBlockingQueue<>(QUEUED_LINES);

  private final Deque<String> errorLines = new ArrayDeque<>();
  private boolean isAtEnd;

  /** What to start, and how. */
  public static final class Launch {

    private final String mainClass;
    private final List<String> prefix = new ArrayList<>();
    private final List<String> jvmOptions = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();

    private Launch(String mainClass) {
      this.mainClass = mainClass;
      // Short lives: start fast rather than run fast.
      jvmOptions.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    }

    /** Starts the JVM through another program, such as {@code strace}, with these arguments. */
    public Launch through(String... command) {
      prefix.addAll(List.of(command));
      return this;
    }

    public Launch jvmOptions(String... options) {
      jvmOptions.addAll(List.of(options));
      return this;
    }

    public Launch arguments(String... more) {
      arguments.addAll(List.of(more));
      return this;
    }

    /** Starts it. */
    public ChildJvm start() {
      List<String> command = new ArrayList<>(prefix);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(jvmOptions);
      command.add("-cp");
      command.add(classPath());
      command.add(mainClass);
      command.addAll(arguments);
      try {
        return new ChildJvm(new ProcessBuilder(command).start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Surefire hides the real class path behind a jar of its own. */
    private static String classPath() {
      return System.getProperty(
          "surefire.test.class.path", System.getProperty("java.class.path", File.separator));
    }
  }

  /** A child JVM that will run this class's main method. */
  public static Launch of(Class<?> mainClass) {
    return new Launch(mainClass.getName());
  }

  private ChildJvm(Process process) {
    this.process = process;
    outputReader = daemon("output", this::readOutput);
    errorReader = daemon("errors", this::readErrors);
  }

  private Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, "child-" + process.pid() + "-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Only whole lines count: the last one may have been cut off by a kill. */
  private void readOutput() {
    StringBuilder line = new StringBuilder();
    try (Reader reader = reader(process.getInputStream())) {
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        if (c == '\n') {
          lines.put(Optional.of(line.toString()));
          line.setLength(0);
        } else {
          line.append((char) c);
        }
      }
    } catch (IOException e) {
      remember("its output could not be read: " + e);
    } catch (InterruptedException closing) {
      return;
    }
    try {
      lines.put(Optional.empty());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void readErrors() {
    try (BufferedReader reader = reader(process.getErrorStream())) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        remember(line);
      }
    } catch (IOException e) {
      remember("its errors could not be read: " + e);
    }
  }

  private static BufferedReader reader(InputStream stream) {
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8), 1 << 16);
  }

  private void remember(String line) {
    synchronized (errorLines) {
      if (errorLines.size() == REMEMBERED_ERROR_LINES) {
        errorLines.removeFirst();
      }
      errorLines.addLast(line);
    }
  }

  /** The process, for whoever wants to signal it. */
  public long pid() {
    return process.pid();
  }

  /** The last lines on its standard error. */
  public String errors() {
    synchronized (errorLines) {
      return String.join("\n", errorLines);
    }
  }

  /**
   * The next line of its output.
   *
   * @return empty at the end of the output
   * @throws AssertionError when none comes in time
   */
  public Optional<String> nextLine(Duration atMost) {
    return poll(atMost)
        .orElseThrow(() -> new AssertionError("no output within " + atMost + ": " + errors()));
  }

  /**
   * The next line of its output, if one comes in time.
   *
   * @return empty when none has come; an empty optional within at the end of the output
   */
  public Optional<Optional<String>> poll(Duration atMost) {
    if (isAtEnd) {
      return Optional.of(Optional.empty());
    }
    try {
      Optional<Optional<String>> next =
          Optional.ofNullable(lines.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
      isAtEnd = next.isPresent() && next.get().isEmpty();
      return next;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  /**
   * Reads on to a line.
   *
   * @throws AssertionError when the output ends before it, or it does not come in time
   */
  public String awaitLine(Predicate<String> wanted, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      String line =
          nextLine(left)
              .orElseThrow(() -> new AssertionError("the child ended early: " + errors()));
      if (wanted.test(line)) {
        return line;
      }
    }
  }

  /** Writes a line to its input. */
  public void send(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it at once, as {@code kill -9} does. What it had printed can still be read. */
  public void kill() {
    // Process.destroyForcibly would also close this end of the pipe, and lose what is in it.
    process.toHandle().destroyForcibly();
  }

  /**
   * Waits for its end.
   *
   * @return its exit code
   * @throws AssertionError when it does not end in time
   */
  public int awaitExit(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError("the child did not end within " + atMost + ": " + errors());
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> descendants = process.descendants().toList();
    kill();
    descendants.forEach(ProcessHandle::destroyForcibly);
    awaitExit(Awaits.PATIENCE);
    outputReader.interrupt();
    errorReader.interrupt();
  }
}
