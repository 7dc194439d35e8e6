package io.millrace.benchmarks;

import io.millrace.engine.api.PutRecordsRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Producers that put one batch after another, each batch spread over all shards, while something
 * else happens to the stream.
 */
final class Ingest implements AutoCloseable {

  /** How many there are, each with one request in flight. */
  static final int PRODUCERS = 4;

  /** Requests that a producer has prepared, and sends in turn. */
  private static final int PREPARED = 8;

  private final Engine engine;
  private final List<Producer> producers = new ArrayList<>();
  private volatile boolean over;
  private volatile Exception failure;

  private Ingest(Engine engine) {
    this.engine = engine;
  }

  /** Starts the producers. */
  static Ingest start(Engine engine) {
    Ingest ingest = new Ingest(engine);
    for (int i = 0; i < PRODUCERS; i++) {
      ingest.producers.add(ingest.new Producer(i));
    }
    ingest.producers.forEach(Thread::start);
    return ingest;
  }

  private final class Producer extends Thread {

    private final List<PutRecordsRequest> requests;
    private final List<IngestLog.Put> puts = new ArrayList<>();

    Producer(int number) {
      super("producer-" + number);
      Payloads payloads = new Payloads(number);
      requests =
          Stream.generate(() -> Engine.batch(payloads, payloads.partitionKeys()))
              .limit(PREPARED)
              .toList();
    }

    @Override
    public void run() {
      try {
        for (int i = 0; !over; i++) {
          PutRecordsRequest request = requests.get(i % PREPARED);
          int[] failed = {0};
          Interval underWay = Interval.of(() -> failed[0] = put(request));
          puts.add(new IngestLog.Put(underWay, Engine.BATCH_RECORDS - failed[0], failed[0]));
        }
      } catch (Exception e) {
        failure = e;
      }
    }

    /** Puts, and returns how many records were not stored, or perhaps not. */
    private int put(PutRecordsRequest request) throws Exception {
      try {
        return Engine.answer(engine.client().putRecords(request)).failedRecordCount();
      } catch (ExecutionException e) {
        Progress.say("a put failed: " + e.getCause());
        return Engine.BATCH_RECORDS;
      }
    }
  }

  /** Lets the producers go on for so long. */
  void goOn(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  /** Stops the producers, and tells what they put. */
  IngestLog stop() throws InterruptedException {
    close();
    for (Producer producer : producers) {
      producer.join();
    }
    if (failure != null) {
      throw new IllegalStateException("a producer failed", failure);
    }
    List<IngestLog.Put> puts = new ArrayList<>();
    for (Producer producer : producers) {
      puts.addAll(producer.puts);
    }
    return new IngestLog(puts);
  }

  /** Has the producers stop after the request that they wait for. */
  @Override
  public void close() {
    over = true;
  }
}
