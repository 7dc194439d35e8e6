package io.millrace.examples;

import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.model.Payload;
import java.nio.file.Path;

/** The example of the README: create a stream, put, read. */
public final class EmbeddingExample {

  private EmbeddingExample() {}

  /** Runs it in the directory given, or in one of its own. */
  public static void main(String[] args) {
    putAndRead(Path.of(args.length > 0 ? args[0] : "data/embedding"));
  }

  static void putAndRead(Path directory) {
    // README
    try (Millrace millrace = Millrace.open(directory)) {
      StreamClient client = millrace.client();
      client.createStream("rain", 2).toCompletableFuture().join();
      millrace.awaitActive("rain").toCompletableFuture().join();
      var put =
          client.putRecord("rain", "gauge-7", Payload.utf8("3.2 mm")).toCompletableFuture().join();
      var start = GetShardIteratorRequest.trimHorizon("rain", put.shardId().toString());
      var iterator = client.getShardIterator(start).toCompletableFuture().join().shardIterator();
      var page = client.getRecords(GetRecordsRequest.of(iterator)).toCompletableFuture().join();
      page.records().forEach(r -> System.out.println(r.partitionKey() + ": " + r.data().utf8()));
    }
    // README
  }
}
