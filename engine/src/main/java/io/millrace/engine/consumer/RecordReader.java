package io.millrace.engine.consumer;

import io.millrace.engine.api.ChildShard;
import io.millrace.engine.api.CorruptRecordException;
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
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.internal.CallRates;
import io.millrace.engine.internal.CallRates.Call;
import io.millrace.engine.internal.EpochMillis;
import io.millrace.engine.internal.SealedToken;
import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.ShardIteratorType;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.LocateReply;
import io.millrace.engine.shard.ShardMessage.Located;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
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
      throw throttled(address);
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
    return switch (from.type()) {
      case TRIM_HORIZON -> CompletableFuture.completedStage(0L);
      case LATEST -> latest(address);
      case AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER -> atNumber(from, shard, address);
      case AT_TIMESTAMP -> atTime(from.timestamp(), address);
    };
  }

  private CompletionStage<Long> latest(ShardAddress address) {
    return locate(address, ShardMessage.LocateLatest::new);
  }

  private CompletionStage<Long> atNumber(
      StartingPosition from, ShardView shard, ShardAddress address) {
    String text = from.sequenceNumber();
    SequenceNumber number = SequenceNumber.parse(text);
    if (number.shardIndex() != shard.shardId().index()
        || number.createdSeconds() != shard.createdSeconds()) {
      throw foreign(text, address);
    }
    boolean isEnd = number.counter() == SequenceNumber.LAST_COUNTER;
    return latest(address)
        .thenApply(
            latest -> {
              if (isEnd && !shard.isOpen()) {
                return latest;
              }
              if (number.counter() >= latest) {
                throw foreign(text, address);
              }
              return from.type() == ShardIteratorType.AFTER_SEQUENCE_NUMBER
                  ? number.counter() + 1
                  : number.counter();
            });
  }

  private static InvalidArgumentException foreign(String number, ShardAddress shard) {
    return new InvalidArgumentException(
        "StartingSequenceNumber %s did not come from shard %s of stream %s."
            .formatted(number, shard.shardId(), shard.stream()));
  }

  private CompletionStage<Long> atTime(Instant time, ShardAddress address) {
    long epochMillis = EpochMillis.of(time);
    if (epochMillis > clock.epochMillis()) {
      throw new InvalidArgumentException("The timestamp %s is in the future.".formatted(time));
    }
    return locate(address, replyTo -> new ShardMessage.LocateTime(epochMillis, replyTo));
  }

  private CompletionStage<Long> locate(
      ShardAddress address, Function<ActorRef<LocateReply>, ShardMessage> message) {
    return shards
        .<LocateReply>ask(address, message, timeout)
        .handle(
            (reply, failure) -> {
              if (reply instanceof Located located) {
                return located.counter();
              }
              throw problem(address, 0, failure == null ? (Failed) reply : null);
            });
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
    StreamView stream = lookup.require(address.stream(), StatusRule.READ);
    if (stream.incarnation() != address.incarnation()) {
      throw ResourceNotFoundException.stream(address.stream().value(), lookup.account());
    }
    lookup.requireShard(stream, address.shardId().toString());
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

  private GetRecordsResponse response(ShardAddress address, ReadDone done) {
    List<ChildShard> children = children(address, done);
    if (!children.isEmpty()) {
      return new GetRecordsResponse(done.records(), null, 0, children);
    }
    ShardIterator next = new ShardIterator(address, done.nextCounter(), clock.epochMillis());
    return new GetRecordsResponse(
        done.records(), next.seal(seal), done.millisBehindLatest(), List.of());
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
                throw throttled(address);
              }
              if (reply instanceof ShardMessage.KeyRefused refused) {
                throw KeyFailures.of(refused.reason(), refused.why());
              }
              throw problem(address, counter, failure == null ? (Failed) reply : null);
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
    StreamView stream = lookup.require(address.stream(), StatusRule.READ);
    if (stream.incarnation() != address.incarnation()) {
      throw ResourceNotFoundException.stream(address.stream().value(), lookup.account());
    }
    lookup.requireShard(stream, address.shardId().toString());
    return read(stream, address, place.counter(), limit)
        .thenApply(
            done -> {
              ShardPlace next = place.at(done.nextCounter());
              List<ChildShard> children = children(address, done);
              return new PlacedRecords(
                  new ShardRecords(
                      address.shardId(),
                      done.records(),
                      children.isEmpty()
                          ? Optional.of(next.continuation(done.records()))
                          : Optional.empty(),
                      children.isEmpty() ? done.millisBehindLatest() : 0,
                      children),
                  next);
            });
  }

  /** The children to go on with, once there is nothing left to read of their parent. */
  private List<ChildShard> children(ShardAddress parent, ReadDone done) {
    return done.atShardEnd() ? children(parent) : List.of();
  }

  /**
   * The children of a closed shard. None until the stream says that they are open: a shard closes a
   * moment earlier, and its reader comes again.
   */
  private List<ChildShard> children(ShardAddress parent) {
    return lookup
        .views()
        .find(parent.stream())
        .filter(stream -> stream.incarnation() == parent.incarnation())
        .map(stream -> children(stream, parent.shardId()))
        .orElse(List.of());
  }

  private static List<ChildShard> children(StreamView stream, ShardId parent) {
    return stream.children(parent).stream()
        .map(shard -> new ChildShard(shard.shardId(), shard.parents(), shard.range()))
        .toList();
  }

  /**
   * The children of a closed shard, at least one, as soon as the stream says that they are open: a
   * shard closes a moment earlier.
   *
   * @return one element; fails with {@link ResourceNotFoundException} when the stream goes first
   */
  public Source<List<ChildShard>, NotUsed> awaitChildren(ShardAddress parent) {
    return Source.lazySource(() -> awaitedChildren(parent))
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  private Source<List<ChildShard>, NotUsed> awaitedChildren(ShardAddress parent) {
    CompletionStage<Optional<StreamView>> awaited =
        lookup
            .views()
            .await(
                parent.stream(),
                stream ->
                    stream.incarnation() != parent.incarnation()
                        || !stream.children(parent.shardId()).isEmpty());
    return Source.completionStage(awaited)
        .mapError(CompletionException.class, CompletionException::getCause)
        .map(
            found -> {
              List<ChildShard> children = children(parent);
              if (children.isEmpty()) {
                throw ResourceNotFoundException.stream(parent.stream().value(), lookup.account());
              }
              return children;
            })
        .watchTermination(
            (ignored, done) -> {
              done.whenComplete((end, failure) -> awaited.toCompletableFuture().cancel(false));
              return NotUsed.getInstance();
            });
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
              throw problem(address, 0, failure == null ? (Failed) reply : null);
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
        .mapError(Throwable.class, failure -> followingFailed(address, fromCounter, failure))
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

  private MillraceException followingFailed(
      ShardAddress address, long fromCounter, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof MillraceException known) {
        return known;
      }
      if (cause instanceof KeyStoreException key) {
        return KeyFailures.of(key.reason(), key.getMessage());
      }
    }
    return problem(address, fromCounter, Failed.reading(failure));
  }

  private ProvisionedThroughputExceededException throttled(ShardAddress address) {
    return ProvisionedThroughputExceededException.of(
        address.shardId(), address.stream(), lookup.account());
  }

  /** What a shard that could not answer means for the caller; null: it did not answer at all. */
  private MillraceException problem(ShardAddress address, long counter, Failed failed) {
    if (failed == null) {
      return InternalFailureException.notWritten("The shard did not answer in time.");
    }
    return switch (failed.kind()) {
      case UNAVAILABLE -> InternalFailureException.notWritten(failed.why());
      case CORRUPT ->
          isDeleted(address)
              ? notFound(address)
              : new CorruptRecordException(
                  address.toString(),
                  "event " + SequenceNumber.eventNumberOf(counter) + " or later",
                  failed.why());
      case NOT_THERE -> notFound(address);
    };
  }

  /** Whether the stream is deleted or being deleted: what is missing then is no damage. */
  private boolean isDeleted(ShardAddress address) {
    return lookup
        .views()
        .find(address.stream())
        .filter(stream -> stream.incarnation() == address.incarnation())
        .filter(stream -> stream.status() != StreamStatus.DELETING)
        .isEmpty();
  }

  private ResourceNotFoundException notFound(ShardAddress address) {
    return ResourceNotFoundException.shard(
        address.shardId().toString(), address.stream().value(), lookup.account());
  }
}
