package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.StreamModel.ShardModel;
import io.millrace.engine.api.DecreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.ExpiredIteratorException;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.IncreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.StreamModeDetails;
import io.millrace.engine.api.UpdateShardCountRequest;
import io.millrace.engine.api.UpdateStreamModeRequest;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * One random life of an engine: puts, reads, reshards, restarts, time, trimming, settings,
 * consumers, deletion. After every step everything that can be read is held against a simple model.
 * The same seed makes the same history.
 */
final class History {

  private static final int REMEMBERED_STEPS = 12;
  private static final int CURSORS = 8;
  private static final int STEPS_PER_LINEAGE = 10;
  private static final int MOST_OPEN_SHARDS = 10;
  private static final long ITERATOR_LIFE_MILLIS = 300_000;

  /** A reader in a shard: its iterator, and where that must be. */
  private record Cursor(
      StreamModel stream, ShardModel shard, String iterator, long issuedMillis, int position) {}

  private final StreamClientContract test;
  private final Random random;
  private final String[] names = {"orders", "bills"};
  private final StreamModel[] streams = new StreamModel[names.length];
  private final ConsumerHistory[] consumers = new ConsumerHistory[names.length];
  private final ArrayDeque<Cursor> cursors = new ArrayDeque<>();
  private final ArrayDeque<String> lastSteps = new ArrayDeque<>();

  History(StreamClientContract test, long seed) {
    this.test = test;
    this.random = new Random(seed);
  }

  /** What happened last, the newest step at the end. */
  String lastSteps() {
    return String.join(", ", lastSteps);
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
      verify();
      if (random.nextInt(STEPS_PER_LINEAGE) == 0) {
        readLineages();
      }
    }
    readLineages();
  }

  /** Parents before children, by the answers of the engine alone. */
  private void readLineages() {
    for (StreamModel stream : streams) {
      if (stream != null) {
        Lineage.readAnyHashKeys(test.client(), stream.name);
      }
    }
  }

  private void did(String step) {
    lastSteps.addLast(step);
    if (lastSteps.size() > REMEMBERED_STEPS) {
      lastSteps.removeFirst();
    }
  }

  private void step() {
    for (StreamModel stream : streams) {
      if (stream != null) {
        stream.tick(now());
      }
    }
    int at = random.nextInt(names.length);
    StreamModel stream = streams[at];
    if (stream == null) {
      create(at);
      return;
    }
    int choice = random.nextInt(100);
    if (choice < 14) {
      putOne(stream);
    } else if (choice < 26) {
      putBatch(stream);
    } else if (choice < 31) {
      putConcurrently(stream);
    } else if (choice < 34) {
      putRefused(stream);
    } else if (choice < 43) {
      openCursor(stream);
    } else if (choice < 56) {
      readCursor();
    } else if (choice < 69) {
      passTime();
    } else if (choice < 75) {
      trim();
    } else if (choice < 79) {
      did("restart");
      test.restart();
    } else if (choice < 83) {
      changeRetention(stream);
    } else if (choice < 87) {
      changeConsumer(at);
    } else if (choice < 95) {
      reshard(stream);
    } else if (choice < 98) {
      switchMode(stream);
    } else {
      delete(at);
    }
  }

  private long now() {
    return test.clock.epochMillis();
  }

  // steps

  private void create(int at) {
    int count = 1 + random.nextInt(4);
    did("create " + names[at] + " with " + count);
    test.create(names[at], count);
    streams[at] = new StreamModel(names[at], test.describe(names[at]).shards());
    consumers[at] = new ConsumerHistory(test, names[at]);
    assertThat(streams[at].shards).hasSize(count);
  }

  private void delete(int at) {
    did("delete " + names[at]);
    test.delete(names[at]);
    streams[at] = null;
  }

  private PutRecordsRequestEntry entry() {
    String key = random.nextInt(5) == 0 ? "né👍" : "key " + random.nextInt(10);
    int kind = random.nextInt(40);
    byte[] data = new byte[kind == 0 ? 200_000 : kind < 4 ? 0 : random.nextInt(300)];
    random.nextBytes(data);
    PutRecordsRequestEntry entry = PutRecordsRequestEntry.of(key, Payload.wrap(data));
    return switch (random.nextInt(6)) {
      case 0 -> entry.withExplicitHashKey(new BigInteger(128, random).toString());
      case 1 -> entry.withExplicitHashKey((random.nextBoolean() ? HashKey.MIN : HashKey.MAX) + "");
      default -> entry;
    };
  }

  private List<PutRecordsRequestEntry> entries(int count) {
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(entry());
    }
    return entries;
  }

  private static PutRecordRequest single(StreamModel stream, PutRecordsRequestEntry entry) {
    return new PutRecordRequest(
        stream.name, null, entry.data(), entry.partitionKey(), entry.explicitHashKey(), null);
  }

  private void putOne(StreamModel stream) {
    did("put one in " + stream.name);
    PutRecordsRequestEntry entry = entry();
    PutRecordRequest request = single(stream, entry);
    ShardModel earlier = anyShard(stream);
    if (random.nextBoolean() && !earlier.kept.isEmpty()) {
      // Of this shard, of one of its ancestors, or of a stranger: all can be satisfied.
      request =
          request.withSequenceNumberForOrdering(
              earlier.kept.get(earlier.kept.size() - 1).number().toString());
    }
    PutRecordResponse response = StreamClientContract.get(test.client().putRecord(request));
    stream.stored(List.of(entry), List.of(response.sequenceNumber()), now());
  }

  private void putBatch(StreamModel stream) {
    List<PutRecordsRequestEntry> entries =
        entries(random.nextInt(10) == 0 ? 500 : 1 + random.nextInt(40));
    did("put " + entries.size() + " in " + stream.name);
    PutRecordsResponse response =
        StreamClientContract.get(
            test.client().putRecords(new PutRecordsRequest(stream.name, null, entries)));
    assertThat(response.records()).hasSameSizeAs(entries);
    assertThat(response.failedRecordCount()).isZero();
    assertThat(response.records()).allMatch(PutRecordsResultEntry::isStored);
    stream.stored(
        entries,
        response.records().stream().map(PutRecordsResultEntry::sequenceNumber).toList(),
        now());
  }

  private void putConcurrently(StreamModel stream) {
    List<PutRecordsRequestEntry> entries = entries(2 + random.nextInt(60));
    did("put " + entries.size() + " at once in " + stream.name);
    List<CompletionStage<PutRecordResponse>> calls = new ArrayList<>();
    for (PutRecordsRequestEntry entry : entries) {
      calls.add(test.client().putRecord(single(stream, entry)));
    }
    List<SequenceNumber> numbers =
        calls.stream().map(call -> StreamClientContract.get(call).sequenceNumber()).toList();
    stream.stored(entries, numbers, now());
  }

  /** One record is too large, so nothing is written. */
  private void putRefused(StreamModel stream) {
    did("refused put in " + stream.name);
    List<PutRecordsRequestEntry> entries = entries(1 + random.nextInt(5));
    entries.add(
        random.nextInt(entries.size() + 1),
        PutRecordsRequestEntry.of("k", StreamClientContract.bytes(1 << 20)));
    StreamClientContract.failure(
        InvalidArgumentException.class,
        test.client().putRecords(new PutRecordsRequest(stream.name, null, entries)));
  }

  private void changeRetention(StreamModel stream) {
    int hours = 24 + random.nextInt(60);
    did("retention of " + stream.name + " to " + hours);
    StreamClientContract.get(
        hours >= stream.retentionHours
            ? test.client()
                .increaseStreamRetentionPeriod(
                    IncreaseStreamRetentionPeriodRequest.of(stream.name, hours))
            : test.client()
                .decreaseStreamRetentionPeriod(
                    DecreaseStreamRetentionPeriodRequest.of(stream.name, hours)));
    if (hours != stream.retentionHours) {
      stream.retentionChanged(hours, now());
    }
  }

  private void changeConsumer(int at) {
    String name = "consumer-" + random.nextInt(3);
    did(name + " of " + names[at]);
    consumers[at].toggle(name);
  }

  // shards

  private ShardModel anyShard(StreamModel stream) {
    List<ShardModel> there = stream.shards.stream().filter(stream::isThere).toList();
    return there.get(random.nextInt(there.size()));
  }

  private List<Shard> listed(StreamModel stream) {
    return StreamClientContract.get(test.client().listShards(ListShardsRequest.of(stream.name)))
        .shards();
  }

  private void reshard(StreamModel stream) {
    List<ShardModel> open = stream.open();
    if (stream.isOnDemand()) {
      did("refused merge in " + stream.name);
      StreamClientContract.failure(
          ValidationException.class,
          test.client()
              .mergeShards(
                  MergeShardsRequest.of(stream.name, anyShard(stream).id(), open.get(0).id())));
      return;
    }
    int at = random.nextInt(open.size());
    switch (random.nextInt(5)) {
      case 0, 1 -> split(stream, open.get(at));
      case 2, 3 -> {
        if (at + 1 < open.size()) {
          merge(stream, open.get(at), open.get(at + 1));
        }
      }
      default -> scale(stream, open.size());
    }
  }

  private void split(StreamModel stream, ShardModel shard) {
    if (stream.open().size() == MOST_OPEN_SHARDS) {
      return;
    }
    HashKey key = random.nextBoolean() ? shard.range().midpoint() : hashKey();
    SplitShardRequest request = SplitShardRequest.of(stream.name, shard.id(), key.toString());
    if (!shard.range().allowsSplitAt(key)) {
      did("refused split in " + stream.name);
      StreamClientContract.failure(
          InvalidArgumentException.class, test.client().splitShard(request));
      return;
    }
    did("split " + shard.id() + " of " + stream.name);
    whilePutting(stream, test.client().splitShard(request));
    assertThat(stream.open())
        .extracting(ShardModel::range)
        .contains(
            new HashKeyRange(shard.range().starting(), key.previous()),
            new HashKeyRange(key, shard.range().ending()));
    assertThat(stream.childrenOf(shard)).hasSize(2);
  }

  private HashKey hashKey() {
    return HashKey.of(new BigInteger(128, random));
  }

  private void merge(StreamModel stream, ShardModel left, ShardModel right) {
    did("merge " + left.id() + " and " + right.id() + " of " + stream.name);
    whilePutting(
        stream,
        test.client().mergeShards(MergeShardsRequest.of(stream.name, left.id(), right.id())));
    assertThat(stream.open())
        .extracting(ShardModel::range)
        .contains(new HashKeyRange(left.range().starting(), right.range().ending()));
    assertThat(stream.childrenOf(left)).hasSize(1).isEqualTo(stream.childrenOf(right));
  }

  private void scale(StreamModel stream, int from) {
    int least = (from + 1) / 2;
    int target = least + random.nextInt(Math.min(2 * from, MOST_OPEN_SHARDS) - least + 1);
    UpdateShardCountRequest request = UpdateShardCountRequest.of(stream.name, target);
    if (target != from && !stream.scalings.mayHappen(now())) {
      did("refused scaling of " + stream.name);
      StreamClientContract.failure(
          LimitExceededException.class, test.client().updateShardCount(request));
      return;
    }
    did("scale " + stream.name + " from " + from + " to " + target);
    whilePutting(stream, test.client().updateShardCount(request));
    if (target != from) {
      stream.scalings.happened(now());
      assertThat(stream.open())
          .extracting(ShardModel::range)
          .isEqualTo(HashKeyRange.uniform(target));
    }
  }

  /** Puts in the middle of a reshard go to shards that were open before or are afterwards. */
  private void whilePutting(StreamModel stream, CompletionStage<?> reshard) {
    List<PutRecordsRequestEntry> entries = entries(random.nextInt(20));
    List<CompletionStage<PutRecordResponse>> calls = new ArrayList<>();
    for (PutRecordsRequestEntry entry : entries) {
      calls.add(test.client().putRecord(single(stream, entry)));
    }
    StreamClientContract.get(reshard);
    List<SequenceNumber> numbers =
        calls.stream().map(call -> StreamClientContract.get(call).sequenceNumber()).toList();
    StreamClientContract.get(test.engine().awaitActive(stream.name));
    List<ShardModel> takers = new ArrayList<>(stream.open());
    stream.resharded(listed(stream), now());
    takers.addAll(stream.open());
    stream.stored(entries, numbers, takers, now());
  }

  private void switchMode(StreamModel stream) {
    StreamModeDetails mode =
        stream.isOnDemand() ? StreamModeDetails.PROVISIONED : StreamModeDetails.ON_DEMAND;
    // Ends what the last trimming began: a minute of traffic observed late would reshard the
    // stream.
    test.restart();
    CompletionStage<Void> call =
        test.client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(StreamClientContract.arn(stream.name), mode));
    if (!stream.modeSwitches.mayHappen(now())) {
      did("refused " + mode + " of " + stream.name);
      StreamClientContract.failure(LimitExceededException.class, call);
      return;
    }
    did(mode + " of " + stream.name);
    StreamClientContract.get(call);
    StreamClientContract.get(test.engine().awaitActive(stream.name));
    stream.modeSwitches.happened(now());
    stream.mode = mode;
  }

  private void passTime() {
    Duration time =
        switch (random.nextInt(6)) {
          case 0 -> Duration.ofMillis(random.nextInt(1000));
          case 1 -> Duration.ofMillis(ITERATOR_LIFE_MILLIS - random.nextInt(2));
          case 2 -> Duration.ofSeconds(random.nextInt(600));
          case 3 -> Duration.ofMinutes(random.nextInt(600));
          case 4 -> Duration.ofHours(1 + random.nextInt(30));
          default -> Duration.ofSeconds(-random.nextInt(120));
        };
    did("time " + time);
    if (time.isNegative()) {
      test.clock.jumpWall(time);
    } else {
      test.clock.advance(time);
    }
  }

  /** Not when a stream may reshard by itself meanwhile: only what the history does is modelled. */
  private void trim() {
    for (StreamModel stream : streams) {
      if (stream != null && stream.isOnDemand()) {
        return;
      }
    }
    did("trim");
    test.manualTime().timePasses(Duration.ofMinutes(1));
  }

  // readers

  private void openCursor(StreamModel stream) {
    ShardModel shard = anyShard(stream);
    int all = shard.kept.size();
    int at = all == 0 ? 0 : random.nextInt(all);
    int type = random.nextInt(all == 0 ? 2 : 5);
    GetShardIteratorRequest request;
    int position;
    switch (type) {
      case 0 -> {
        request = GetShardIteratorRequest.trimHorizon(stream.name, shard.id());
        position = 0;
      }
      case 1 -> {
        request = GetShardIteratorRequest.latest(stream.name, shard.id());
        position = all;
      }
      case 2 -> {
        request =
            GetShardIteratorRequest.atSequenceNumber(
                stream.name, shard.id(), shard.kept.get(at).number().toString());
        position = at;
      }
      case 3 -> {
        request =
            GetShardIteratorRequest.afterSequenceNumber(
                stream.name, shard.id(), shard.kept.get(at).number().toString());
        position = at + 1;
      }
      default -> {
        long time = Math.min(now(), shard.arrivals.get(at) + random.nextInt(3) - 1);
        request =
            GetShardIteratorRequest.atTimestamp(
                stream.name, shard.id(), Instant.ofEpochMilli(time));
        position = 0;
        while (position < all && shard.arrivals.get(position) < time) {
          position++;
        }
      }
    }
    did("iterator " + request.shardIteratorType() + " in " + stream.name);
    keep(new Cursor(stream, shard, test.iterator(request), now(), position));
  }

  private void keep(Cursor cursor) {
    cursors.addLast(cursor);
    if (cursors.size() > CURSORS) {
      cursors.removeFirst();
    }
  }

  private void readCursor() {
    if (cursors.isEmpty()) {
      return;
    }
    Cursor cursor = cursors.removeFirst();
    if (Arrays.asList(streams).contains(cursor.stream())
        && !cursor.stream().isThere(cursor.shard())) {
      return;
    }
    int limit = random.nextBoolean() ? 10_000 : 1 + random.nextInt(20);
    did("read " + limit + " of " + cursor.stream().name);
    CompletionStage<GetRecordsResponse> call =
        test.client().getRecords(GetRecordsRequest.of(cursor.iterator()).withLimit(limit));
    if (!Arrays.asList(streams).contains(cursor.stream())) {
      StreamClientContract.failure(ResourceNotFoundException.class, call);
    } else if (now() - cursor.issuedMillis() >= ITERATOR_LIFE_MILLIS) {
      StreamClientContract.failure(ExpiredIteratorException.class, call);
    } else {
      GetRecordsResponse page = StreamClientContract.get(call);
      int next =
          cursor.stream()
              .verifyRead(
                  cursor.shard(),
                  cursor.position(),
                  limit,
                  page.records(),
                  page.millisBehindLatest(),
                  now());
      boolean isAtEnd = !cursor.shard().isOpen() && next == cursor.shard().kept.size();
      if (page.nextShardIterator() == null) {
        assertThat(isAtEnd).as("whether the shard is closed and read to its end").isTrue();
        assertThat(page.childShards()).isEqualTo(cursor.stream().childrenOf(cursor.shard()));
      } else {
        assertThat(isAtEnd && page.records().isEmpty()).as("whether there is no more").isFalse();
        assertThat(page.childShards()).isEmpty();
        keep(new Cursor(cursor.stream(), cursor.shard(), page.nextShardIterator(), now(), next));
      }
      if (random.nextBoolean()) {
        // The iterator may be used again.
        keep(cursor);
      }
    }
  }

  // after every step

  private void verify() {
    for (int at = 0; at < names.length; at++) {
      if (streams[at] == null) {
        StreamClientContract.failure(
            ResourceNotFoundException.class,
            test.client().listShards(ListShardsRequest.of(names[at])));
      } else {
        verify(streams[at]);
        consumers[at].verify();
      }
    }
  }

  private void verify(StreamModel stream) {
    stream.tick(now());
    stream.verifyListed(listed(stream), now());
    assertThat(test.describe(stream.name).streamModeDetails()).isEqualTo(stream.mode);
    assertThat(test.describe(stream.name).retentionPeriodHours()).isEqualTo(stream.retentionHours);
    for (ShardModel shard : stream.shards.stream().filter(stream::isThere).toList()) {
      List<Record> all = test.readAll(stream.name, shard.id());
      stream.verifyRead(shard, 0, Integer.MAX_VALUE, all, 0, now());
    }
  }
}
