package io.millrace.engine.consumer;

import io.millrace.engine.api.ChildShard;
import io.millrace.engine.api.DryRunOperationException;
import io.millrace.engine.api.ExpiredIteratorException;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.GetShardIteratorResponse;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.KeyFailures;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.internal.CallRates;
import io.millrace.engine.internal.CallRates.Call;
import io.millrace.engine.internal.SealedToken;
import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.ReadDone;
import io.millrace.engine.shard.ShardMessage.ReadReply;
import io.millrace.engine.shard.ShardRegion;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StatusRule;
import io.millrace.engine.stream.StreamLookup;
import io.millrace.engine.stream.StreamView;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailPage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Reads for consumers who pull: hands out shard iterators and serves GetRecords. Works on its
 * caller's thread; never blocks.
 */
public final class RecordReader {

  private static final int MAX_READ_BYTES = 10 << 20;

  private final StreamLookup lookup;
  private final ShardRegion shards;
  private final SealedToken seal;
  private final CallRates callRates;
  private final EngineClock clock;
  private final Duration timeout;
  private final EngineMetrics metrics;
  private final ReadProblems problems;
  private final PositionSearch positions;
  private final ShardChildren children;

  /**
   * A reader.
   *
   * @param seal what makes iterators opaque
   * @param timeout how long a shard may take to answer
   * @param metrics counts the calls
   */
  public RecordReader(
      StreamLookup lookup,
      ShardRegion shards,
      SealedToken seal,
      CallRates callRates,
      EngineClock clock,
      Duration timeout,
      EngineMetrics metrics) {
    this.lookup = lookup;
    this.shards = shards;
    this.seal = seal;
    this.callRates = callRates;
    this.clock = clock;
    this.timeout = timeout;
    this.metrics = metrics;
    this.problems = new ReadProblems(lookup);
    this.positions = new PositionSearch(shards, problems, clock, timeout);
    this.children = new ShardChildren(lookup);
  }

  /** GetShardIterator. Throws what is wrong with the request; the stage fails with the rest. */
  public CompletionStage<GetShardIteratorResponse> getShardIterator(
      GetShardIteratorRequest request) {
    request.validate();
    StreamView stream = lookup.require(request.stream(), StatusRule.READ);
    ShardView shard = lookup.requireShard(stream, request.shardId());
    ShardAddress address = stream.address(shard.shardId());
    boolean isDryRun = Boolean.TRUE.equals(request.dryRun());
    if (!isDryRun && !callRates.tryCall(Call.GET_SHARD_ITERATOR, address.entityId())) {
      throw problems.throttled(address);
    }
    request.checkArguments();
    return locate(request.startingPosition(), shard, address)
        .thenApply(
            counter -> {
              DryRunOperationException.throwIf(request.dryRun());
              return new GetShardIteratorResponse(
                  new ShardIterator(address, counter, clock.epochMillis()).seal(seal));
            });
  }

  /**
   * The counter of the first record wanted by who starts at this position, whether or not there is
   * such a record. Throws what is wrong with the position; the stage fails with the rest.
   *
   * @param from a position whose arguments have been checked
   */
  public CompletionStage<Long> locate(
      StartingPosition from, ShardView shard, ShardAddress address) {
    return positions.find(from, shard, address);
  }

  /**
   * The stream that a shard iterator is of.
   *
   * @throws InvalidArgumentException when this engine never handed it out
   */
  public StreamName streamOf(String shardIterator) {
    return opened(shardIterator).shard().stream();
  }

  private ShardIterator opened(String shardIterator) {
    return ShardIterator.open(seal, shardIterator)
        .orElseThrow(() -> new InvalidArgumentException("Invalid ShardIterator."));
  }

  /** GetRecords. Throws what is wrong with the request; the stage fails with the rest. */
  public CompletionStage<GetRecordsResponse> getRecords(GetRecordsRequest request) {
    request.validate();
    ShardIterator iterator = opened(request.shardIterator());
    long now = clock.epochMillis();
    ShardAddress address = iterator.shard();
    // GetRecords: whatever else the ARN names, it contradicts the iterator.
    if (request.streamARN() != null
        && !request.streamARN().equals(lookup.account().arn(address.stream()).toString())) {
      throw new InvalidArgumentException(
          "StreamARN %s is not that of the shard iterator.".formatted(request.streamARN()));
    }
    StreamView stream = require(address);
    request.checkArguments();
    if (iterator.hasExpired(now)) {
      throw ExpiredIteratorException.of(
          Instant.ofEpochMilli(iterator.issuedMillis()),
          Instant.ofEpochMilli(now),
          ShardIterator.LIFE_MILLIS);
    }
    DryRunOperationException.throwIf(request.dryRun());
    int limit = request.limit() == null ? GetRecordsRequest.MAX_LIMIT : request.limit();
    return read(stream, address, iterator.counter(), limit)
        .thenApply(done -> response(address, done));
  }

  /** The stream of this shard, in the same life and with the shard still there. */
  private StreamView require(ShardAddress address) {
    StreamView stream = lookup.require(address.stream(), StatusRule.READ);
    if (stream.incarnation() != address.incarnation()) {
      throw ResourceNotFoundException.stream(address.stream().value(), lookup.account());
    }
    lookup.requireShard(stream, address.shardId().toString());
    return stream;
  }

  private GetRecordsResponse response(ShardAddress address, ReadDone done) {
    List<ChildShard> next = children.of(address, done);
    if (!next.isEmpty()) {
      return new GetRecordsResponse(done.records(), null, 0, next);
    }
    ShardIterator iterator = new ShardIterator(address, done.nextCounter(), clock.epochMillis());
    return new GetRecordsResponse(
        done.records(), iterator.seal(seal), done.millisBehindLatest(), List.of());
  }

  private CompletionStage<ReadDone> read(
      StreamView stream, ShardAddress address, long counter, int limit) {
    long began = metrics.nanoTime();
    return shards
        .<ReadReply>ask(
            address,
            replyTo ->
                new ShardMessage.Read(
                    counter,
                    limit,
                    MAX_READ_BYTES,
                    stream.retentionMillis(clock.epochMillis()),
                    true,
                    replyTo),
            timeout)
        .handle(
            (reply, failure) -> {
              metrics.stream(address.stream(), address.incarnation())
                  .getRecords()
                  .answered(reply instanceof ReadDone, metrics.nanoTime() - began);
              if (reply instanceof ReadDone done) {
                return done;
              }
              if (reply instanceof ShardMessage.ReadThrottled) {
                throw problems.throttled(address);
              }
              if (reply instanceof ShardMessage.KeyRefused refused) {
                throw KeyFailures.of(refused.reason(), refused.why());
              }
              throw problems.of(address, counter, failure == null ? (Failed) reply : null);
            });
  }

  /**
   * Finds a place in a shard for a reader in this process. Throws and fails like {@link
   * #getShardIterator}, without its call limit.
   */
  public CompletionStage<ShardPlace> place(
      StreamName name, ShardId shardId, StartingPosition position) {
    StreamView stream = lookup.require(name, StatusRule.READ);
    ShardView shard = lookup.requireShard(stream, shardId.toString());
    ShardAddress address = stream.address(shardId);
    return locate(position, shard, address)
        .thenApply(counter -> new ShardPlace(address, shard.createdSeconds(), counter));
  }

  /**
   * Reads at a place as GetRecords does, within the same budgets of the shard. Throws and fails
   * like {@link #getRecords}.
   *
   * @param limit at most so many records, at least 1
   */
  public CompletionStage<PlacedRecords> read(ShardPlace place, int limit) {
    ShardAddress address = place.shard();
    StreamView stream = require(address);
    return read(stream, address, place.counter(), limit)
        .thenApply(done -> new PlacedRecords(records(place, done), place.at(done.nextCounter())));
  }

  private ShardRecords records(ShardPlace place, ReadDone done) {
    List<ChildShard> next = children.of(place.shard(), done);
    return next.isEmpty()
        ? new ShardRecords(
            place.shard().shardId(),
            done.records(),
            Optional.of(place.at(done.nextCounter()).continuation(done.records())),
            done.millisBehindLatest(),
            List.of())
        : new ShardRecords(place.shard().shardId(), done.records(), Optional.empty(), 0, next);
  }

  /**
   * The children of a closed shard, at least one, as soon as the stream says that they are open: a
   * shard closes a moment earlier.
   *
   * @return one element; fails with {@link ResourceNotFoundException} when the stream goes first
   */
  public Source<List<ChildShard>, NotUsed> awaitChildren(ShardAddress parent) {
    return children.await(parent);
  }

  /** The live tail of a shard, for readers in this process. */
  public CompletionStage<RecordTail> tail(StreamName name, ShardId shardId) {
    StreamView stream = lookup.require(name, StatusRule.READ);
    return tail(stream.address(lookup.requireShard(stream, shardId.toString()).shardId()));
  }

  private CompletionStage<RecordTail> tail(ShardAddress address) {
    return shards
        .<ShardMessage.AttachReply>ask(address, ShardMessage.AttachTail::new, timeout)
        .handle(
            (reply, failure) -> {
              if (reply instanceof ShardMessage.Attached attached) {
                return attached.tail();
              }
              throw problems.of(address, 0, failure == null ? (Failed) reply : null);
            });
  }

  /**
   * Follows a shard for a reader in this process, as {@link RecordTail#follow} does, within the
   * retention that its stream has at each moment, and without limits. The shard is looked for at
   * once.
   *
   * @return pages; fails with a {@link MillraceException}, of which an {@link
   *     InternalFailureException} passes: following again from where it ended may help
   */
  public Source<TailPage, NotUsed> follow(
      ShardAddress address, long fromCounter, int maxPageRecords, int maxPageBytes) {
    return Source.completionStageSource(
            tail(address)
                .thenApply(
                    tail ->
                        tail.follow(
                            fromCounter,
                            maxPageRecords,
                            maxPageBytes,
                            () -> retentionMillis(address))))
        .mapError(Throwable.class, failure -> problems.following(address, fromCounter, failure))
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  /** Of a stream that has gone nothing expires any more: its shards themselves are not there. */
  private long retentionMillis(ShardAddress address) {
    return lookup
        .views()
        .find(address.stream())
        .filter(stream -> stream.incarnation() == address.incarnation())
        .map(stream -> stream.retentionMillis(clock.epochMillis()))
        .orElse(Long.MAX_VALUE);
  }
}
