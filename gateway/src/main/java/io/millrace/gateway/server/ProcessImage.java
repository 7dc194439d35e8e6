package io.millrace.gateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.StringArray;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What this process runs, and its replacement: {@code exec} of the same command with more options
 * for the JVM. The process keeps its id, its parent, its environment, its directory and its
 * standard streams, so that whoever started it notices nothing but the time. Linux only.
 */
final class ProcessImage {

  private static final Path SELF = Path.of("/proc/self");

  private static final int SET_DESCRIPTOR_FLAGS = 2;

  private static final int CLOSE_ON_EXEC = 1;

  private static final int FIRST_AFTER_STANDARD_STREAMS = 3;

  /** The functions of the C library that this takes. */
  interface LibC extends Library {
    int fcntl(int descriptor, int command, int argument);

    int execv(String path, StringArray arguments) throws LastErrorException;
  }

  private final List<String> commandLine;

  private ProcessImage(List<String> commandLine) {
    this.commandLine = commandLine;
  }

  /**
   * This process.
   *
   * @throws IOException if the system does not tell
   */
  static ProcessImage ofThisProcess() throws IOException {
    String line = Files.readString(SELF.resolve("cmdline"), ISO_8859_1);
    return new ProcessImage(List.of(line.substring(0, line.length() - 1).split("\0", -1)));
  }

  /** The arguments, from the name of the program on; a character is a byte of them. */
  List<String> commandLine() {
    return commandLine;
  }

  /**
   * Runs this command anew in place of this process, with the options put before its own; theirs
   * come later and prevail. Every thread ends at once, and every file but the standard streams is
   * closed. Does not return.
   *
   * @throws IOException if that was not possible; the process goes on as it was
   * @throws LinkageError if the C library cannot be called; as above
   */
  void replace(List<String> options) throws IOException {
    List<String> all = new ArrayList<>(commandLine);
    all.addAll(1, options.stream().map(o -> new String(o.getBytes(UTF_8), ISO_8859_1)).toList());
    LibC libC = Native.load("c", LibC.class);
    closeFilesOnExec(libC);
    try {
      libC.execv(
          SELF.resolve("exe").toRealPath().toString(),
          new StringArray(all.toArray(String[]::new), ISO_8859_1.name()));
    } catch (LastErrorException refused) {
      throw new IOException(refused);
    }
  }

  /** One that is closed in the meantime is no loss. */
  private static void closeFilesOnExec(LibC libC) throws IOException {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(SELF.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        int number = Integer.parseInt(descriptor.getFileName().toString());
        if (number >= FIRST_AFTER_STANDARD_STREAMS) {
          libC.fcntl(number, SET_DESCRIPTOR_FLAGS, CLOSE_ON_EXEC);
        }
      }
    }
  }
}
