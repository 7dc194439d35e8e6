package io.millrace.gateway.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Makes the {@link ClassArchive} of this jar for this JVM: lets a server run, calls it, and ends
 * it.
 */
@Command(
    name = "archive",
    mixinStandardHelpOptions = true,
    addMethodSubcommands = false,
    description = {
      "Makes an archive of the server's classes beside the jar. Servers start from it by themselves,",
      "in about two thirds of the time. To be made anew where the jar or the JVM has changed."
    })
final class ArchiveCommand implements Callable<Integer> {

  private static final int SECONDS_TO_RUN = 120;

  private static final int SECONDS_TO_END = 60;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Path jar = ClassArchive.runningJar().toAbsolutePath();
    Path archive = ClassArchive.beside(jar);
    try {
      Path work = Files.createTempDirectory("millrace");
      try {
        Path made = work.resolve("archive");
        runServer(jar, made, work.resolve("data"));
        if (Files.notExists(made)) {
          throw new IOException("the JVM has left none");
        }
        Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        delete(work);
      }
    } catch (IOException failed) {
      spec.commandLine().getErr().println("millrace: no archive: " + failed);
      return 1;
    }
    spec.commandLine().getOut().println(archive);
    return 0;
  }

  private static void runServer(Path jar, Path archive, Path data)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ClassArchive.toMake(archive));
    command.addAll(List.of("-jar", jar.toString(), "server", "--port", "0"));
    command.addAll(List.of("--data", data.toString(), "--create", "rehearsal:1"));
    Process server =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    CompletableFuture.delayedExecutor(SECONDS_TO_RUN, TimeUnit.SECONDS)
        .execute(server::destroyForcibly);
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      if (line == null || !line.startsWith(ServerCommand.LISTENING)) {
        throw new IOException("the server did not start: " + line);
      }
      rehearse(URI.create(line.substring(ServerCommand.LISTENING.length())));
    } finally {
      server.destroy();
      if (!server.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    }
  }

  /** What first clients call; more calls would load few classes more. */
  private static void rehearse(URI endpoint) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    call(client, endpoint, "ListStreams", "{}");
    call(
        client,
        endpoint,
        "PutRecord",
        "{\"StreamName\":\"rehearsal\",\"PartitionKey\":\"k\",\"Data\":\"aGVsbG8=\"}");
  }

  private static void call(HttpClient client, URI endpoint, String operation, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .header("X-Amz-Target", "Kinesis_20131202." + operation)
            .header("Content-Type", "application/x-amz-json-1.1")
            .POST(BodyPublishers.ofString(body))
            .build();
    int status = client.send(request, BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IOException(operation + " was answered with " + status);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
