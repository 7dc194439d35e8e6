package io.millrace.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A program of this module in a JVM of its own that does one task after another, so that it is warm
 * when it is measured.
 */
final class Peer implements AutoCloseable {

  private static final String BEGUN = "begun";
  private static final String DONE = "done ";

  private final Process process;
  private final BufferedWriter tasks;
  private final BufferedReader answers;

  /** A task, in the peer's JVM. */
  @FunctionalInterface
  interface Task {

    /**
     * Does it.
     *
     * @param begun to be run when it begins to load the other side
     * @return figures
     */
    double[] run(String[] arguments, Runnable begun) throws Exception;
  }

  private Peer(Process process) {
    this.process = process;
    this.tasks = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a program whose main is {@link #serve}. */
  static Peer start(List<String> jvmOptions, Class<?> program) throws IOException {
    return new Peer(
        new ProcessBuilder(Child.command(jvmOptions, program, List.of()))
            .redirectError(Redirect.INHERIT)
            .start());
  }

  /**
   * Has it do a task.
   *
   * @param begun run in this process when the task begins to load it
   */
  double[] ask(List<String> arguments, Runnable begun) throws IOException {
    tasks.write(String.join(" ", arguments));
    tasks.newLine();
    tasks.flush();
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.equals(BEGUN)) {
        begun.run();
      } else if (line.startsWith(DONE)) {
        return Arrays.stream(line.substring(DONE.length()).split(" ", -1))
            .mapToDouble(Double::parseDouble)
            .toArray();
      }
    }
    throw new EOFException("the other JVM has ended");
  }

  /** Does tasks until there are no more. */
  static void serve(Task task) throws Exception {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      double[] figures = task.run(line.split(" ", -1), () -> System.out.println(BEGUN));
      StringBuilder answer = new StringBuilder(DONE.strip());
      for (double figure : figures) {
        answer.append(' ').append(figure);
      }
      System.out.println(answer);
    }
    System.exit(0);
  }

  @Override
  public void close() {
    try {
      tasks.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
