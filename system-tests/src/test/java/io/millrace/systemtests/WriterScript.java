package io.millrace.systemtests;

import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.model.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the producers of a crash test put: for the same seed and id always the same key and bytes,
 * so that whoever reads a record can tell whether it is whole.
 *
 * @param seed of the test
 * @param mix which sizes
 */
record WriterScript(long seed, Mix mix) {

  /** Which requests and sizes there are. */
  enum Mix {
    /** Single records and batches, most of them small, some up to 1 MiB. */
    ALL_SIZES,
    /** Single small records, so that there are many events. */
    SMALL
  }

  private static final int LARGEST = 1024 * 1024;
  private static final int KEYS = 16;

  /** How many records the request has; one goes by PutRecord, more by PutRecords. */
  int recordsIn(int round, int producer, int request) {
    SplittableRandom random = random(new WrittenId(round, producer, request, -1));
    if (mix == Mix.SMALL) {
      return random.nextInt(8) == 0 ? 1 + random.nextInt(20) : 1;
    }
    return random.nextBoolean() ? 1 : 2 + random.nextInt(random.nextInt(10) == 0 ? 400 : 30);
  }

  List<PutRecordsRequestEntry> entries(int round, int producer, int request) {
    int count = recordsIn(round, producer, request);
    List<PutRecordsRequestEntry> entries = new ArrayList<>(count);
    for (int index = 0; index < count; index++) {
      WrittenId id = new WrittenId(round, producer, request, index);
      entries.add(PutRecordsRequestEntry.of(partitionKey(id), data(id, count)));
    }
    return entries;
  }

  /** The first producer has one key only, so that its records have an order. */
  String partitionKey(WrittenId id) {
    int key = id.producer() == 0 ? 0 : random(id).nextInt(KEYS);
    return "producer-" + id.producer() + "-key-" + key;
  }

  /** The id, then random bytes. */
  Payload data(WrittenId id) {
    return data(id, recordsIn(id.round(), id.producer(), id.request()));
  }

  private Payload data(WrittenId id, int recordsInRequest) {
    SplittableRandom random = random(id);
    random.nextInt(); // the key's
    int keyBytes = partitionKey(id).length();
    byte[] bytes = new byte[size(random, recordsInRequest, LARGEST - keyBytes)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    id.write(buffer);
    while (buffer.remaining() >= Long.BYTES) {
      buffer.putLong(random.nextLong());
    }
    while (buffer.hasRemaining()) {
      buffer.put((byte) random.nextInt());
    }
    return Payload.wrap(bytes);
  }

  private int size(SplittableRandom random, int recordsInRequest, int largest) {
    int smallest = WrittenId.BYTES;
    int kind = random.nextInt(1000);
    if (mix == Mix.SMALL || kind < 700 || recordsInRequest > 50) {
      return smallest + random.nextInt(200);
    }
    if (kind < 980) {
      return smallest + random.nextInt(4 * 1024);
    }
    return kind < 998 ? smallest + random.nextInt(100 * 1024) : largest - random.nextInt(3);
  }

  private SplittableRandom random(WrittenId id) {
    long bits = seed;
    bits = bits * 1_000_003 + id.round();
    bits = bits * 1_000_003 + id.producer();
    bits = bits * 1_000_003 + id.request();
    bits = bits * 1_000_003 + id.index();
    return new SplittableRandom(bits);
  }
}
