package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.api.Shard;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.testkit.Awaits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that put while something happens to the storage, and remember what they were told: what
 * is acknowledged must be there, what is not written must not, what is unknown may be there once.
 */
final class Producers implements AutoCloseable {

  private static final long PAUSE_AFTER_FAILURE_NANOS = 2_000_000;

  private final String stream;
  private final WriterScript script;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<SequenceNumber, WrittenId> acknowledged = new ConcurrentHashMap<>();
  private final Map<WrittenId, Outcome> failed = new ConcurrentHashMap<>();
  private final Map<Outcome, AtomicInteger> failures = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
  private volatile boolean isStopping;

  private Producers(String stream, WriterScript script) {
    this.stream = stream;
    this.script = script;
  }

  /** Producers that put into a stream until they are closed. */
  static Producers start(StreamClient client, String stream, WriterScript script, int count) {
    Producers producers = new Producers(stream, script);
    for (int number = 0; number < count; number++) {
      int producer = number;
      producers.threads.add(
          new Thread(() -> producers.produce(client, producer), "producer-" + producer));
    }
    producers.threads.forEach(Thread::start);
    return producers;
  }

  private void produce(StreamClient client, int producer) {
    for (int request = 0; !isStopping; request++) {
      List<PutRecordsRequestEntry> entries = script.entries(0, producer, request);
      List<PutRecordsResultEntry> results = put(client, entries);
      for (int index = 0; index < results.size(); index++) {
        settle(new WrittenId(0, producer, request, index), results.get(index));
      }
    }
  }

  private List<PutRecordsResultEntry> put(
      StreamClient client, List<PutRecordsRequestEntry> entries) {
    try {
      if (entries.size() > 1) {
        return client
            .putRecords(PutRecordsRequest.of(stream, entries))
            .toCompletableFuture()
            .join()
            .records();
      }
      PutRecordsRequestEntry entry = entries.get(0);
      return client
          .putRecord(PutRecordRequest.of(stream, entry.partitionKey(), entry.data()))
          .thenApply(
              response ->
                  List.of(
                      PutRecordsResultEntry.stored(response.shardId(), response.sequenceNumber())))
          .toCompletableFuture()
          .join();
    } catch (CompletionException failure) {
      Outcome outcome = outcomeOf(failure.getCause());
      return entries.stream()
          .map(entry -> PutRecordsResultEntry.failed(outcome, failure.getMessage()))
          .toList();
    }
  }

  private Outcome outcomeOf(Throwable failure) {
    if (failure instanceof MillraceException typed) {
      return typed.outcome();
    }
    unexpected.add(failure);
    return Outcome.UNKNOWN;
  }

  private void settle(WrittenId id, PutRecordsResultEntry result) {
    if (result.isStored()) {
      WrittenId other = acknowledged.put(result.sequenceNumber(), id);
      if (other != null) {
        unexpected.add(
            new AssertionError(
                "%s and %s were both told %s".formatted(other, id, result.sequenceNumber())));
      }
    } else {
      failed.put(id, result.failure());
      failures.computeIfAbsent(result.failure(), outcome -> new AtomicInteger()).incrementAndGet();
      LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
    }
  }

  /** Waits until this many more puts have been acknowledged. */
  void awaitAcknowledged(String when, int more) {
    int wanted = acknowledged.size() + more;
    Awaits.await(
        "acknowledgements " + when + "; failures so far: " + failures,
        () -> acknowledged.size() >= wanted);
  }

  /** Waits until this many more puts have failed. */
  void awaitFailed(String when, int more) {
    int wanted = failed.size() + more;
    Awaits.await("failures " + when, () -> failed.size() >= wanted);
  }

  int acknowledged() {
    return acknowledged.size();
  }

  /** How many records failed in each way. */
  Map<Outcome, AtomicInteger> failures() {
    return failures;
  }

  /** Stops putting, and waits for the last answers. */
  @Override
  public void close() {
    isStopping = true;
    for (Thread thread : threads) {
      try {
        thread.join(Awaits.PATIENCE.toMillis());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", interrupted);
      }
      assertThat(thread.isAlive()).as("%s got no answer", thread.getName()).isFalse();
    }
  }

  /** Reads everything and holds it against what was told. To be called after the end. */
  void verify(Millrace millrace) {
    Set<WrittenId> seen = ConcurrentHashMap.newKeySet();
    for (Shard shard : ShardReader.shards(millrace.client(), stream)) {
      List<SequenceNumber> last = new ArrayList<>(List.of(SequenceNumber.first(0, 0)));
      ShardReader.readAll(
          millrace.client(),
          stream,
          shard.shardId().toString(),
          record -> {
            assertThat(record.sequenceNumber()).isGreaterThan(last.set(0, record.sequenceNumber()));
            verify(record, seen);
          });
    }
    assertThat(acknowledged.entrySet().stream().filter(e -> !seen.contains(e.getValue())).limit(20))
        .as("acknowledged, but lost")
        .isEmpty();
    assertThat(unexpected).as("what must not happen").isEmpty();
  }

  private void verify(Record record, Set<WrittenId> seen) {
    WrittenId id = WrittenId.read(record.data().asByteBuffer());
    if (!record.data().equals(script.data(id))) {
      fail("%s is not what was put", id);
    }
    assertThat(seen.add(id)).as("%s is there once", id).isTrue();
    WrittenId owner = acknowledged.get(record.sequenceNumber());
    if (owner == null) {
      assertThat(failed.get(id))
          .as("what the producer of %s was told", id)
          .isEqualTo(Outcome.UNKNOWN);
    } else {
      assertThat(id).as("record at %s", record.sequenceNumber()).isEqualTo(owner);
    }
  }
}
