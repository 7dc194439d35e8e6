package io.millrace.examples;

import static io.millrace.engine.api.GetShardIteratorRequest.trimHorizon;

import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.model.Payload;
import java.nio.file.Path;

/** The example of the README: create a stream, put, read. */
public final class EmbeddingExample {

  private EmbeddingExample() {}

  /** Runs it in this directory, which holds no such stream yet. */
  public static void main(String[] args) {
    putAndRead(Path.of(args[0]));
  }

  private static void putAndRead(Path directory) {
    // README: from here
    try (Millrace millrace = Millrace.open(directory)) {
      StreamClient client = millrace.client();
      client
          .createStream("rain", 1)
          .thenCompose(created -> millrace.awaitActive("rain"))
          .thenCompose(active -> client.putRecord("rain", "gauge-7", Payload.utf8("3.2 mm")))
          .thenCompose(put -> client.getShardIterator(trimHorizon("rain", "shardId-0")))
          .thenCompose(start -> client.getRecords(GetRecordsRequest.of(start.shardIterator())))
          .thenAccept(page -> page.records().forEach(System.out::println))
          .toCompletableFuture()
          .join();
    }
    // README: to here
  }
}
