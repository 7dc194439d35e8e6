package io.millrace.engine.router;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerSequence;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.shard.PutEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Finds the shard of each record of one request: that of its hash key or, where the engine
 * distributes, the shard whose turn it is. Consecutive records go to one shard up to {@value
 * #TURN_BYTES} bytes or {@value #TURN_RECORDS} records, so that a small request is one write.
 * Records that a producer has numbered go by their key all the same, or without one by their
 * number, so that a repeat finds its way.
 */
final class Placement {

  static final int TURN_BYTES = 256 << 10;
  static final int TURN_RECORDS = 250;

  private static final byte[] NO_KEY = {};

  private final RoutingTable table;
  private final boolean isInTurn;
  private int index;
  private int turnBytes = TURN_BYTES;
  private int turnRecords;

  Placement(RoutingTable table, RecordDistributionStrategy strategy) {
    this.table = table;
    this.isInTurn = strategy == RecordDistributionStrategy.AUTO;
  }

  /** The next record as it goes into its shard, which is at {@link #index}. */
  PutEntry place(
      String partitionKey,
      String explicitHashKey,
      Payload data,
      Optional<ProducerSequence> producer) {
    byte[] key = partitionKey == null ? NO_KEY : partitionKey.getBytes(StandardCharsets.UTF_8);
    HashKey hashKey;
    boolean isKeyed = partitionKey != null || explicitHashKey != null;
    if (isInTurn && producer.isPresent() && !isKeyed) {
      hashKey = HashKey.ofPartitionKey(run(producer.get()));
      index = table.indexOf(hashKey);
    } else if (isInTurn && producer.isEmpty()) {
      takeTurn(key.length + data.size());
      hashKey = table.shard(index).range().starting();
    } else {
      hashKey =
          explicitHashKey == null ? HashKey.ofPartitionKey(key) : HashKey.parse(explicitHashKey);
      index = table.indexOf(hashKey);
    }
    return new PutEntry(hashKey, key, data, producer);
  }

  /** A repeat has to meet the shard that has the first put; neighbours in number share one. */
  private static byte[] run(ProducerSequence numbered) {
    return ByteBuffer.allocate(3 * Long.BYTES)
        .putLong(numbered.producer().bornMillis())
        .putLong(numbered.producer().random())
        .putLong(numbered.sequence() / TURN_RECORDS)
        .array();
  }

  private void takeTurn(int bytes) {
    if (turnBytes >= TURN_BYTES || turnRecords >= TURN_RECORDS) {
      index = table.takeTurn();
      turnBytes = 0;
      turnRecords = 0;
    }
    turnBytes += bytes;
    turnRecords++;
  }

  /** Where the record placed last goes in the routing table. */
  int index() {
    return index;
  }
}
