package io.millrace.gateway.server;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code java -jar millrace.jar server}. */
@Command(
    name = "millrace",
    description = "Durable, ordered, replayable streams that speak the API of Amazon Kinesis.",
    subcommands = {ServerCommand.class, KeysCommand.class, ArchiveCommand.class},
    mixinStandardHelpOptions = true,
    addMethodSubcommands = false,
    version = "millrace 0.1.0")
public final class Main {

  private static final String LOGBACK = "logback.configurationFile";

  private Main() {}

  /** Runs the command that the arguments name. */
  public static void main(String[] arguments) {
    if (arguments.length > 0 && arguments[0].equals("server")) {
      ClassArchive.enter(System.getenv());
    }
    if (System.getProperty(LOGBACK) == null) {
      ServerLogging.turnOn();
    }
    int exitCode = commandLine(System.getenv()).execute(arguments);
    if (exitCode != ServerCommand.KEEPS_RUNNING) {
      System.exit(exitCode);
    }
  }

  static CommandLine commandLine(Map<String, String> environment) {
    CommandLine main = new CommandLine(new Main());
    main.getSubcommands()
        .values()
        .forEach(sub -> sub.setDefaultValueProvider(new EnvironmentDefaults(environment)));
    return main.setCaseInsensitiveEnumValuesAllowed(true);
  }
}
