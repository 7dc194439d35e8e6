package io.millrace.benchmarks;

import io.millrace.engine.model.Payload;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Bytes that no database compresses, prepared before anything is measured. */
final class Payloads {

  /** The data of one record. */
  static final int RECORD_BYTES = 1024;

  private static final int POOL_BYTES = 8 << 20;

  private final byte[] pool = new byte[POOL_BYTES];
  private final Random random;

  Payloads(long seed) {
    random = new Random(seed);
    random.nextBytes(pool);
  }

  /** The data of a record, without a copy. */
  Payload record() {
    return Payload.wrap(pool, offset(RECORD_BYTES), RECORD_BYTES);
  }

  /** So many bytes, an array of their own. */
  byte[] bytes(int size) {
    int from = offset(size);
    return Arrays.copyOfRange(pool, from, from + size);
  }

  /** A partition key, the length of a UUID. */
  String partitionKey() {
    return "%016x-%019d".formatted(random.nextLong(), random.nextLong(Long.MAX_VALUE));
  }

  /** A partition key for each record of a batch. */
  List<String> partitionKeys() {
    return Stream.generate(this::partitionKey).limit(Engine.BATCH_RECORDS).toList();
  }

  private int offset(int size) {
    return random.nextInt(POOL_BYTES - size);
  }
}
