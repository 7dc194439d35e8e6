package io.millrace.benchmarks;

import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailPage;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Puts and reads so many bytes, slice by slice, and prints a figure a line. Arguments: file with
 * settings, bytes in all, bytes in a slice.
 */
final class LongRunProgram implements AutoCloseable {

  private static final int PRODUCERS = 4;
  private static final int SHARDS = 4;

  /** Requests that a producer has prepared; few, for the sake of the small heap. */
  private static final int PREPARED = 2;

  private static final int PAGE_BYTES = 1 << 20;

  private static final long WINDOW_BYTES = Runtime.getRuntime().maxMemory() / 8;

  private final Engine engine;
  private final List<RecordTail> tails = new ArrayList<>();
  private final List<Follower> followers = new ArrayList<>();
  private final List<List<PutRecordsRequest>> requests = new ArrayList<>();

  private LongRunProgram(Engine engine) throws Exception {
    this.engine = engine;
    for (int i = 0; i < SHARDS; i++) {
      tails.add(engine.tail(i));
      followers.add(Follower.start(engine, tails.get(i), page -> {}));
    }
    for (int i = 0; i < PRODUCERS; i++) {
      Payloads payloads = new Payloads(i);
      requests.add(
          Stream.generate(() -> Engine.batch(payloads, payloads.partitionKeys()))
              .limit(PREPARED)
              .toList());
    }
  }

  public static void main(String[] arguments) throws Exception {
    var settings =
        Settings.with(
            CountingStorageProvider.in(Settings.read(Path.of(arguments[0]))),
            "millrace.window-bytes",
            WINDOW_BYTES);
    long bytes = Long.parseLong(arguments[1]);
    long sliceBytes = Long.parseLong(arguments[2]);
    print("bound", WINDOW_BYTES / 0x1p20);
    try (LongRunProgram program = new LongRunProgram(Engine.openWithStream(settings, SHARDS))) {
      long records = program.put(bytes, sliceBytes);
      program.read(records, sliceBytes);
    }
  }

  private long put(long bytes, long sliceBytes) throws Exception {
    long batchesInSlice = Math.max(1, sliceBytes / PRODUCERS / Engine.BATCH_BYTES);
    long records = 0;
    for (long done = 0; done < bytes; done += sliceBytes) {
      long started = System.nanoTime();
      List<CompletableFuture<Void>> producers = new ArrayList<>();
      for (List<PutRecordsRequest> prepared : requests) {
        producers.add(
            CompletableFuture.runAsync(
                () -> produce(prepared, batchesInSlice), task -> new Thread(task).start()));
      }
      for (CompletableFuture<Void> producer : producers) {
        producer.get();
      }
      long inSlice = batchesInSlice * PRODUCERS * Engine.BATCH_RECORDS;
      print("put", inSlice * Payloads.RECORD_BYTES * 1e3 / (System.nanoTime() - started));
      records += inSlice;
      awaitFollowers(records);
      print("window", windowBytes() / 0x1p20);
      print("heap", heapAfterCollection() / 0x1p20);
    }
    return records;
  }

  private void produce(List<PutRecordsRequest> prepared, long batches) {
    try {
      for (int i = 0; i < batches; i++) {
        engine.putAll(prepared.get(i % PREPARED));
      }
    } catch (Exception e) {
      throw new IllegalStateException("a producer failed", e);
    }
  }

  /** Waits until the followers together have all records. */
  private void awaitFollowers(long records) throws Exception {
    long read = 0;
    for (int i = 0; i < SHARDS; i++) {
      followers.get(i).await(tails.get(i).state().recordCount());
      read += followers.get(i).records();
    }
    if (read != records) {
      throw new IllegalStateException("followed " + read + " records of " + records);
    }
  }

  private void read(long records, long sliceBytes) throws Exception {
    long[] slice = {0, System.nanoTime()};
    long read = 0;
    for (int i = 0; i < SHARDS; i++) {
      read +=
          engine.readShard(
              i,
              bytes -> {
                slice[0] += bytes;
                if (slice[0] >= sliceBytes) {
                  long now = System.nanoTime();
                  print("read", slice[0] * 1e3 / (now - slice[1]));
                  slice[0] = 0;
                  slice[1] = now;
                }
              });
    }
    if (slice[0] > sliceBytes / 2) {
      print("read", slice[0] * 1e3 / (System.nanoTime() - slice[1]));
    }
    if (read != records) {
      throw new IllegalStateException("read " + read + " records of " + records);
    }
  }

  /** Bytes of data and keys that can be read without the journal, of all shards. */
  private long windowBytes() throws Exception {
    long bytes = 0;
    for (RecordTail tail : tails) {
      long latest = tail.state().latestCounter();
      long counter = SequenceNumber.counter(oldestInMemory(tail), 0);
      while (counter < latest) {
        TailPage page = read(tail, counter, Integer.MAX_VALUE);
        bytes += page.bytes();
        counter = page.nextCounter();
      }
    }
    return bytes;
  }

  /** The oldest event that is read without the journal; one above the newest if there is none. */
  private static long oldestInMemory(RecordTail tail) throws Exception {
    long low = tail.state().horizonEvent();
    long high = tail.state().highWatermark() + 1;
    while (low < high) {
      long middle = (low + high) >>> 1;
      long before = CountingStorageProvider.reads();
      read(tail, SequenceNumber.counter(middle, 0), 1);
      if (CountingStorageProvider.reads() == before) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static TailPage read(RecordTail tail, long counter, int maxRecords) throws Exception {
    return Engine.answer(tail.read(counter, maxRecords, PAGE_BYTES, Engine.RETENTION_MILLIS));
  }

  private static long heapAfterCollection() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getCollectionUsage() != null) {
        bytes += pool.getCollectionUsage().getUsed();
      }
    }
    return bytes;
  }

  private static void print(String what, double figure) {
    System.out.printf(Locale.ROOT, "%s %.3f%n", what, figure);
  }

  @Override
  public void close() {
    engine.close();
  }
}
