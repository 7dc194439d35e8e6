package io.millrace.gateway.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The archive (AppCDS) of the classes that a server loads, beside its jar. A JVM that starts from
 * it neither reads nor checks them again, which takes a third off the time until the first answer.
 * It is good for one build of one JVM, whose version is in its name, and for one jar; where
 * anything differs the JVM does without it. See ADR 24.
 */
final class ClassArchive {

  /** A JVM that has this property is not to look for the archive: it runs from it, or makes it. */
  private static final String PROPERTY = "millrace.class-archive";

  /**
   * What the JVM says of an archive it cannot use, or of classes that it cannot archive, is for
   * nobody.
   */
  private static final List<String> QUIETLY = List.of("-Xlog:disable", "-Xlog:all=error:stderr");

  /**
   * How options begin of a JVM that is to be left as it is: it has an archive of its own choice, or
   * is watched from its start, or has options in a file, where they could be either.
   */
  private static final List<String> OPTIONS_THAT_FORBID =
      List.of(
          "-XX:SharedArchiveFile",
          "-XX:ArchiveClassesAtExit",
          "-Xshare",
          "-agent",
          "-javaagent",
          "@");

  private static final List<String> VARIABLES_WITH_OPTIONS =
      List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS");

  private static final Pattern BETWEEN_OPTIONS = Pattern.compile("[\\s\"']+");

  private ClassArchive() {}

  /** Where the archive of a jar for this JVM is, once it has been made. */
  static Path beside(Path jar) {
    String name = jar.getFileName().toString();
    String stem = name.endsWith(".jar") ? name.substring(0, name.length() - 4) : name;
    return jar.resolveSibling(stem + "-" + Runtime.version() + ".jsa");
  }

  /**
   * Starts this process anew from the archive if there is one that it does not run from; does not
   * return then. Where that does not succeed the process goes on, and takes longer.
   */
  static void enter(Map<String, String> environment) {
    Path archive = beside(runningJar());
    if (System.getProperty(PROPERTY) != null || !Files.isReadable(archive)) {
      return;
    }
    try {
      ProcessImage process = ProcessImage.ofThisProcess();
      if (allows(process.commandLine(), environment)) {
        process.replace(options("-XX:SharedArchiveFile=" + archive));
      }
    } catch (IOException | LinkageError impossible) {
      // A slower start is all that comes of it.
    }
  }

  /**
   * The options with which a JVM that ends in order leaves an archive of the classes it has loaded.
   */
  static List<String> toMake(Path archive) {
    return options("-XX:ArchiveClassesAtExit=" + archive);
  }

  /** The jar of {@code java -jar}. Of another class path there is no archive. */
  static Path runningJar() {
    return Path.of(System.getProperty("java.class.path"));
  }

  /** Whether a process of this command and environment may be replaced. */
  static boolean allows(List<String> commandLine, Map<String, String> environment) {
    return Stream.concat(
            commandLine.stream(),
            VARIABLES_WITH_OPTIONS.stream()
                .flatMap(name -> BETWEEN_OPTIONS.splitAsStream(environment.getOrDefault(name, ""))))
        .noneMatch(option -> OPTIONS_THAT_FORBID.stream().anyMatch(option::startsWith));
  }

  private static List<String> options(String archive) {
    return Stream.concat(Stream.of(archive, "-D" + PROPERTY + "=used"), QUIETLY.stream()).toList();
  }
}
