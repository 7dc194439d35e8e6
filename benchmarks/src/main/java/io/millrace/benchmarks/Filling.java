package io.millrace.benchmarks;

import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.model.SequenceNumber;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Records stored for those who read them. */
final class Filling {

  /**
   * What was stored.
   *
   * @param records how many
   * @param first where the first one is
   */
  record Filled(long records, SequenceNumber first) {

    /** A place from which all of them are read. */
    GetShardIteratorRequest start() {
      return GetShardIteratorRequest.atSequenceNumber(
          Engine.STREAM, first.shardId().toString(), first.toString());
    }

    /** Reads all of them, and makes sure that none is missing. */
    void read(Engine engine, LongConsumer bytes) throws Exception {
      long read = engine.readFrom(start(), bytes);
      if (read != records) {
        throw new IllegalStateException("read " + read + " records of " + records);
      }
    }
  }

  private Filling() {}

  /** Puts batches into a stream of one shard until it holds so many bytes of data. */
  static Filled fill(Engine engine, long bytes) throws Exception {
    Payloads payloads = new Payloads(7);
    List<PutRecordsRequest> requests =
        Stream.generate(() -> Engine.batch(payloads, List.of(payloads.partitionKey())))
            .limit(16)
            .toList();
    long batches = Math.max(1, bytes / Engine.BATCH_BYTES);
    SequenceNumber first = null;
    for (int i = 0; i < batches; i++) {
      PutRecordsResponse response = engine.putAll(requests.get(i % requests.size()));
      first = first == null ? response.records().get(0).sequenceNumber() : first;
    }
    return new Filled(batches * Engine.BATCH_RECORDS, first);
  }
}
