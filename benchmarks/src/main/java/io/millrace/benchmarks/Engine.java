package io.millrace.benchmarks;

import com.typesafe.config.Config;
import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ListShardsResponse;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.api.UpdateShardCountRequest;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.storage.StorageException;
import io.millrace.engine.tail.RecordTail;
import io.millrace.fanout.FanOut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.reactivestreams.Publisher;

/** An open engine with the one stream that is measured. */
final class Engine implements AutoCloseable {

  /** Records in one PutRecords. */
  static final int BATCH_RECORDS = 500;

  /** Data in one PutRecords. */
  static final int BATCH_BYTES = BATCH_RECORDS * Payloads.RECORD_BYTES;

  static final String STREAM = "measured";

  /** The default retention: nothing expires while it is measured. */
  static final long RETENTION_MILLIS = Duration.ofHours(24).toMillis();

  private static final Duration IN_USE_TIMEOUT = Duration.ofSeconds(20);

  private final Millrace millrace;

  private Engine(Millrace millrace) {
    this.millrace = millrace;
  }

  static Engine open(Config settings) {
    return new Engine(Millrace.open(settings));
  }

  /**
   * Opens an engine whose predecessor was killed: the database may take a moment to see that.
   *
   * @param tookNanos is told how long the opening took that succeeded
   */
  static Engine openAfterKill(Config settings, LongConsumer tookNanos) {
    long deadline = System.nanoTime() + IN_USE_TIMEOUT.toNanos();
    while (true) {
      long started = System.nanoTime();
      try {
        Engine engine = open(settings);
        tookNanos.accept(System.nanoTime() - started);
        return engine;
      } catch (StorageException e) {
        if (e.reason() != StorageException.Reason.IN_USE || System.nanoTime() > deadline) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  /** Opens an engine with a new stream of so many shards, ready for puts. */
  static Engine openWithStream(Config settings, int shards) throws Exception {
    Engine engine = open(settings);
    engine.createStream(shards);
    return engine;
  }

  void createStream(int shards) throws Exception {
    answer(client().createStream(STREAM, shards));
    answer(millrace.awaitActive(STREAM));
  }

  /** The shards that take puts, in the order of their hash keys. */
  List<Shard> openShards() throws Exception {
    List<Shard> open = new ArrayList<>();
    ListShardsRequest request = ListShardsRequest.of(STREAM);
    while (request != null) {
      ListShardsResponse page = answer(client().listShards(request));
      page.shards().stream().filter(Shard::isOpen).forEach(open::add);
      request = page.nextToken() == null ? null : ListShardsRequest.next(page.nextToken());
    }
    open.sort(Comparator.comparing(shard -> shard.hashKeyRange().starting()));
    return open;
  }

  /** Splits a shard in the middle, and waits until the stream is ACTIVE. */
  void split(Shard shard) throws Exception {
    String middle = shard.hashKeyRange().midpoint().toString();
    answer(
        client()
            .splitShard(SplitShardRequest.of(STREAM, shard.shardId().toString(), middle))
            .thenCompose(done -> millrace.awaitActive(STREAM)));
  }

  /** Merges two neighbours, and waits until the stream is ACTIVE. */
  void merge(Shard lower, Shard upper) throws Exception {
    answer(
        client()
            .mergeShards(
                MergeShardsRequest.of(
                    STREAM, lower.shardId().toString(), upper.shardId().toString()))
            .thenCompose(done -> millrace.awaitActive(STREAM)));
  }

  /** Scales the stream to so many equal shards, and waits until it is ACTIVE. */
  void scaleTo(int shards) throws Exception {
    answer(
        client()
            .updateShardCount(UpdateShardCountRequest.of(STREAM, shards))
            .thenCompose(done -> millrace.awaitActive(STREAM)));
  }

  Millrace millrace() {
    return millrace;
  }

  StreamClient client() {
    return millrace.client();
  }

  RecordTail tail(int shard) throws Exception {
    return answer(millrace.tail(STREAM, new ShardId(shard)));
  }

  /** Everything of a shard, pushed, from its oldest record on. */
  Publisher<ShardRecords> push(int shard) {
    return FanOut.of(millrace).shard(STREAM, new ShardId(shard), StartingPosition.trimHorizon());
  }

  @Override
  public void close() {
    millrace.close();
  }

  /** Waits for an answer. */
  static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(1, TimeUnit.MINUTES);
  }

  /** Puts and makes sure that every record was stored. */
  PutRecordsResponse putAll(PutRecordsRequest request) throws Exception {
    PutRecordsResponse response = answer(client().putRecords(request));
    if (response.failedRecordCount() > 0) {
      throw new IllegalStateException(
          response.failedRecordCount() + " records were not stored: " + response.records());
    }
    return response;
  }

  /** A PutRecords of {@value #BATCH_RECORDS} records with these partition keys in turn. */
  static PutRecordsRequest batch(Payloads payloads, List<String> keys) {
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < BATCH_RECORDS; i++) {
      entries.add(PutRecordsRequestEntry.of(keys.get(i % keys.size()), payloads.record()));
    }
    return PutRecordsRequest.of(STREAM, entries);
  }

  /** A partition key that leads to this shard of a power of two of shards. */
  static String keyOf(int shard, int shards) {
    int bits = Integer.numberOfTrailingZeros(shards);
    for (int i = 0; ; i++) {
      String key = "key-" + i;
      if (bits == 0 || HashKey.ofPartitionKey(key).high() >>> (Long.SIZE - bits) == shard) {
        return key;
      }
    }
  }

  /**
   * Reads a shard from its oldest record until nothing is left.
   *
   * @param page is told each answer's bytes of data
   * @return the number of records
   */
  long readShard(int shard, LongConsumer page) throws Exception {
    return readFrom(
        GetShardIteratorRequest.trimHorizon(STREAM, new ShardId(shard).toString()), page);
  }

  /** Reads from a place until nothing is left, otherwise like {@link #readShard}. */
  long readFrom(GetShardIteratorRequest place, LongConsumer page) throws Exception {
    String iterator = answer(client().getShardIterator(place)).shardIterator();
    long count = 0;
    while (true) {
      GetRecordsResponse response = answer(client().getRecords(GetRecordsRequest.of(iterator)));
      if (response.records().isEmpty()) {
        return count;
      }
      count += response.records().size();
      page.accept(response.records().stream().mapToLong(record -> record.data().size()).sum());
      iterator = response.nextShardIterator();
    }
  }
}
