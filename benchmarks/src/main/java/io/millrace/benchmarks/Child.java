package io.millrace.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A program of this module in a JVM of its own. */
final class Child {

  private Child() {}

  /**
   * Runs a program to its end.
   *
   * @param lines is told each line that it prints
   * @throws IOException when it ends with another status than 0
   */
  static void run(
      List<String> jvmOptions, Class<?> program, List<String> arguments, Consumer<String> lines)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command(jvmOptions, program, arguments))
            .redirectError(Redirect.INHERIT)
            .start();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      output.lines().forEach(lines);
    } finally {
      process.destroyForcibly();
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(program.getSimpleName() + " ended with status " + status);
    }
  }

  /** What starts such a program. */
  static List<String> command(List<String> jvmOptions, Class<?> program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(arguments);
    return command;
  }
}
