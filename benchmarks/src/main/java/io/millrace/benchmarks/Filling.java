package io.millrace.benchmarks;

import io.millrace.engine.api.PutRecordsRequest;
import java.util.List;
import java.util.stream.Stream;

/** Records stored for those who read them. */
final class Filling {

  private Filling() {}

  /**
   * Puts batches into a stream of one shard until it holds so many bytes of data.
   *
   * @return the number of records
   */
  static long fill(Engine engine, long bytes) throws Exception {
    Payloads payloads = new Payloads(7);
    List<PutRecordsRequest> requests =
        Stream.generate(() -> Engine.batch(payloads, List.of(payloads.partitionKey())))
            .limit(16)
            .toList();
    long batches = Math.max(1, bytes / Engine.BATCH_BYTES);
    for (int i = 0; i < batches; i++) {
      engine.putAll(requests.get(i % requests.size()));
    }
    return batches * Engine.BATCH_RECORDS;
  }
}
