package io.millrace.gateway.server;

import io.millrace.engine.keys.KeyFile;
import io.millrace.engine.keys.KeyStoreException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates and changes a file of master keys; a server that uses it need not be started anew. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Creates and changes a file of master keys, for encryption at rest.",
    synopsisSubcommandLabel = "COMMAND")
final class KeysCommand {

  private static final String ALIAS = "alias/";

  @Spec private CommandSpec spec;

  /** Something done to a file; prints what is of interest, or null. */
  @FunctionalInterface
  private interface Change {
    String run() throws IOException;
  }

  @Command(
      name = "create",
      description = "Creates the file with one key, known as alias/aws/kinesis. Keep a copy of it.")
  int create(@Parameters(paramLabel = "FILE") Path file) {
    return run(() -> KeyFile.create(file).idOf("alias/aws/kinesis"));
  }

  @Command(name = "add", description = "Adds a key; an alias that another one had moves to it.")
  int add(
      @Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "ALIAS") String alias) {
    return run(() -> new KeyFile(file).addKey(alias));
  }

  @Command(
      name = "rotate",
      description = "Has a key encrypt with fresh key material; what it has encrypted stays good.")
  int rotate(
      @Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "KEY") String key) {
    return change(file, key, KeyFile::rotate);
  }

  @Command(name = "disable", description = "Has nobody use a key until it is enabled.")
  int disable(
      @Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "KEY") String key) {
    return change(file, key, KeyFile::disable);
  }

  @Command(name = "enable", description = "Allows a key again.")
  int enable(
      @Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "KEY") String key) {
    return change(file, key, KeyFile::enable);
  }

  @FunctionalInterface
  private interface KeyChange {
    void apply(KeyFile file, String id) throws IOException;
  }

  /** A key goes by its id or an alias. */
  private int change(Path path, String key, KeyChange change) {
    return run(
        () -> {
          KeyFile file = new KeyFile(path);
          String id = key.startsWith(ALIAS) ? file.idOf(key) : key;
          change.apply(file, id);
          return id;
        });
  }

  private int run(Change change) {
    try {
      spec.commandLine().getOut().println(change.run());
      spec.commandLine().getOut().flush();
      return 0;
    } catch (FileAlreadyExistsException there) {
      return refuse(there.getMessage() + " is there already");
    } catch (KeyStoreException | IllegalArgumentException | IOException refused) {
      return refuse(refused.getMessage());
    }
  }

  private int refuse(String why) {
    spec.commandLine().getErr().println("millrace: " + why);
    spec.commandLine().getErr().flush();
    return 1;
  }
}
