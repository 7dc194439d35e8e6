package io.millrace.engine.router;

import io.millrace.engine.api.DryRunOperationException;
import io.millrace.engine.api.ForgottenPutException;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.KeyFailures;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.metrics.PutMeter;
import io.millrace.engine.metrics.StreamMeter;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.shard.PutEntry;
import io.millrace.engine.shard.ShardMessage.Forgotten;
import io.millrace.engine.shard.ShardMessage.KeyRefused;
import io.millrace.engine.shard.ShardMessage.Moved;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.Put;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Refused;
import io.millrace.engine.shard.ShardMessage.Stored;
import io.millrace.engine.shard.ShardMessage.Throttled;
import io.millrace.engine.shard.ShardMessage.Unknown;
import io.millrace.engine.shard.ShardRegion;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StatusRule;
import io.millrace.engine.stream.StreamLookup;
import io.millrace.engine.stream.StreamView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The way of a put: from its partition key to the shard that owns the hash key, and from the
 * shards' answers back to one response in the order of the request. Works on its caller's thread;
 * never blocks.
 */
public final class PutRouter {

  private static final Duration LEAST_PAUSE_WHEN_FULL = Duration.ofMillis(10);

  private final StreamLookup lookup;
  private final ShardRegion shards;
  private final RoutingTables tables = new RoutingTables();
  private final int maxRequestBytes;
  private final Duration timeout;
  private final Detour detour;
  private final EngineMetrics metrics;

  /**
   * A router.
   *
   * @param maxRequestBytes the largest request, data and keys of all its records together
   * @param timeout how long a shard may take to answer; after that the outcome is unknown
   * @param metrics counts the calls
   */
  public PutRouter(
      StreamLookup lookup,
      ShardRegion shards,
      int maxRequestBytes,
      Duration timeout,
      EngineMetrics metrics) {
    this.lookup = lookup;
    this.shards = shards;
    this.maxRequestBytes = maxRequestBytes;
    this.timeout = timeout;
    this.detour = new Detour(lookup.views(), timeout);
    this.metrics = metrics;
  }

  /** PutRecord. Throws what is wrong with the request; the stage fails with what the shard says. */
  public CompletionStage<PutRecordResponse> putRecord(PutRecordRequest request) {
    request.validate();
    StreamView stream = lookup.require(request.stream(), StatusRule.PUT);
    request.checkArguments(stream.distribution());
    request.checkSize(stream.maxRecordBytes());
    RoutingTable table = tables.of(stream);
    Placement placement = new Placement(table, stream.distribution());
    List<PutEntry> entries =
        List.of(
            placement.place(
                request.partitionKey(),
                request.explicitHashKey(),
                request.data(),
                Optional.ofNullable(request.producerSequence())));
    ShardView shard = table.shard(placement.index());
    OptionalLong ordering = ordering(request.sequenceNumberForOrdering(), stream, shard);
    DryRunOperationException.throwIf(request.dryRun());
    long began = metrics.nanoTime();
    return ask(stream, shard.shardId(), entries, false, ordering)
        .thenCompose(
            done -> {
              PutOutcome outcome = done.outcomes().get(0);
              return outcome instanceof Moved
                  ? putPast(stream, shard.shardId(), List.of(entry(request)), false)
                      .thenApply(outcomes -> outcomes.get(0))
                  : CompletableFuture.completedStage(outcome);
            })
        .thenApply(
            outcome -> {
              PutMeter.Result result = new PutMeter.Result();
              count(outcome, entries.get(0).size(), result);
              meter(stream).putRecord().answered(result, metrics.nanoTime() - began);
              return response(stream, outcome);
            });
  }

  private StreamMeter meter(StreamView stream) {
    return metrics.stream(stream.name(), stream.incarnation());
  }

  private static void count(PutOutcome outcome, int size, PutMeter.Result result) {
    if (outcome instanceof Stored) {
      result.stored(size);
    } else if (outcome instanceof Throttled) {
      result.throttled();
    } else {
      result.failed();
    }
  }

  private static PutRecordsRequestEntry entry(PutRecordRequest request) {
    return new PutRecordsRequestEntry(
        request.data(),
        request.partitionKey(),
        request.explicitHashKey(),
        request.producerSequence());
  }

  /** PutRecords. Throws what is wrong with the request as a whole. */
  public CompletionStage<PutRecordsResponse> putRecords(PutRecordsRequest request) {
    request.validate();
    StreamView stream = lookup.require(request.stream(), StatusRule.PUT);
    request.checkArguments(stream.distribution());
    request.checkSize(stream.maxRecordBytes(), maxRequestBytes);
    DryRunOperationException.throwIf(request.dryRun());
    long began = metrics.nanoTime();
    return put(stream, request.records(), false)
        .thenApply(
            outcomes -> {
              List<PutRecordsResultEntry> entries = new ArrayList<>(outcomes.size());
              PutMeter.Result result = new PutMeter.Result();
              for (int i = 0; i < outcomes.size(); i++) {
                entries.add(entry(stream, outcomes.get(i)));
                count(outcomes.get(i), request.records().get(i).size(), result);
              }
              meter(stream).putRecords().answered(result, metrics.nanoTime() - began);
              refuseWhole(outcomes);
              return PutRecordsResponse.of(entries, encryptionType(stream, outcomes));
            });
  }

  /** A key that is not to be had refuses the request, unless some of it is or may be stored. */
  private static void refuseWhole(List<PutOutcome> outcomes) {
    if (outcomes.stream()
        .noneMatch(outcome -> outcome instanceof Stored || outcome instanceof Unknown)) {
      for (PutOutcome outcome : outcomes) {
        if (outcome instanceof KeyRefused refused) {
          throw KeyFailures.of(refused.reason(), refused.why());
        }
      }
    }
  }

  /** How what is stored is stored; for nothing at all, how it would have been. */
  private static EncryptionType encryptionType(StreamView stream, List<PutOutcome> outcomes) {
    for (PutOutcome outcome : outcomes) {
      if (outcome instanceof Stored stored) {
        return stored.encryptionType();
      }
    }
    return stream.encryptionType();
  }

  /**
   * Puts records that have been checked, for a caller who deals with each outcome himself.
   *
   * @param inOrder whether a refused record has all later ones of its shard refused
   * @return one outcome per record, in order
   */
  CompletionStage<List<PutOutcome>> put(
      StreamView stream, List<PutRecordsRequestEntry> records, boolean inOrder) {
    List<Share> shares = shares(stream, records);
    PutOutcome[] outcomes = new PutOutcome[records.size()];
    CompletableFuture<?>[] answers = new CompletableFuture<?>[shares.size()];
    for (int i = 0; i < answers.length; i++) {
      Share share = shares.get(i);
      answers[i] =
          ask(stream, share.shardId, share.entries, inOrder, OptionalLong.empty())
              .thenCompose(
                  done -> {
                    share.distribute(done.outcomes(), outcomes);
                    return follow(stream, share, records, inOrder, outcomes);
                  })
              .toCompletableFuture();
    }
    return CompletableFuture.allOf(answers).thenApply(ignored -> Arrays.asList(outcomes));
  }

  /** Puts those records of a share again that have moved to other shards. */
  private CompletionStage<Void> follow(
      StreamView stream,
      Share share,
      List<PutRecordsRequestEntry> records,
      boolean inOrder,
      PutOutcome[] outcomes) {
    int[] moved =
        Arrays.stream(share.positions, 0, share.entries.size())
            .filter(position -> outcomes[position] instanceof Moved)
            .toArray();
    if (moved.length == 0) {
      return CompletableFuture.completedStage(null);
    }
    List<PutRecordsRequestEntry> rest = Arrays.stream(moved).mapToObj(records::get).toList();
    return putPast(stream, share.shardId, rest, inOrder)
        .thenAccept(
            later -> {
              for (int i = 0; i < moved.length; i++) {
                outcomes[moved[i]] = later.get(i);
              }
            });
  }

  /** Puts records whose shard has closed into those that have its hash keys now, once they are. */
  private CompletionStage<List<PutOutcome>> putPast(
      StreamView stream, ShardId closed, List<PutRecordsRequestEntry> records, boolean inOrder) {
    if (!detour.enter(records)) {
      return CompletableFuture.completedStage(
          Collections.nCopies(
              records.size(), new Throttled(closed, LEAST_PAUSE_WHEN_FULL.toMillis())));
    }
    return detour
        .past(stream, closed)
        .whenComplete((view, failure) -> detour.leave(records))
        .exceptionally(late -> Optional.empty())
        .thenCompose(
            view ->
                view.isPresent()
                    ? put(view.get(), records, inOrder)
                    : CompletableFuture.completedStage(
                        Collections.nCopies(
                            records.size(), new NotWritten("the shard has closed"))));
  }

  /** The records of one request that go to one shard. */
  private static final class Share {

    private final ShardId shardId;
    private final List<PutEntry> entries = new ArrayList<>();
    private int[] positions = new int[8];

    Share(ShardId shardId) {
      this.shardId = shardId;
    }

    void add(PutEntry entry, int position) {
      if (entries.size() == positions.length) {
        positions = Arrays.copyOf(positions, positions.length * 2);
      }
      positions[entries.size()] = position;
      entries.add(entry);
    }

    void distribute(List<PutOutcome> from, PutOutcome[] to) {
      for (int i = 0; i < from.size(); i++) {
        to[positions[i]] = from.get(i);
      }
    }
  }

  private List<Share> shares(StreamView stream, List<PutRecordsRequestEntry> records) {
    RoutingTable table = tables.of(stream);
    Placement placement = new Placement(table, stream.distribution());
    Share[] byShard = new Share[table.size()];
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      PutRecordsRequestEntry record = records.get(i);
      PutEntry entry =
          placement.place(
              record.partitionKey(),
              record.explicitHashKey(),
              record.data(),
              Optional.ofNullable(record.producerSequence()));
      int at = placement.index();
      if (byShard[at] == null) {
        byShard[at] = new Share(table.shard(at).shardId());
        shares.add(byShard[at]);
      }
      byShard[at].add(entry, i);
    }
    return shares;
  }

  private CompletionStage<PutDone> ask(
      StreamView stream,
      ShardId shard,
      List<PutEntry> entries,
      boolean inOrder,
      OptionalLong ordering) {
    return shards
        .<PutDone>ask(
            stream.address(shard),
            replyTo ->
                new Put(entries, inOrder, stream.maxRecordBytes(), ordering, stream.key(), replyTo),
            timeout)
        .exceptionally(failure -> unanswered(entries));
  }

  private static PutDone unanswered(List<PutEntry> entries) {
    PutOutcome unknown = new Unknown("the shard did not answer in time");
    return new PutDone(Collections.nCopies(entries.size(), unknown));
  }

  /** The stream of this name, fit for puts. */
  StreamView writable(StreamName name) {
    return lookup.require(name, StatusRule.PUT);
  }

  /**
   * What SequenceNumberForOrdering asks of the shard: a number of this shard binds it, one of
   * another shard of the stream is satisfied by itself.
   */
  private static OptionalLong ordering(String number, StreamView stream, ShardView shard) {
    if (number == null) {
      return OptionalLong.empty();
    }
    SequenceNumber parsed = SequenceNumber.parse(number);
    if (!mayHaveGiven(stream, parsed)) {
      throw new InvalidArgumentException(
          "SequenceNumberForOrdering %s did not come from stream %s."
              .formatted(number, stream.name()));
    }
    return parsed.shardId().equals(shard.shardId())
        ? OptionalLong.of(parsed.counter())
        : OptionalLong.empty();
  }

  /** Of an older shard that the stream has forgotten, nobody knows more than its index. */
  private static boolean mayHaveGiven(StreamView stream, SequenceNumber number) {
    ShardView youngest = stream.shards().get(stream.shards().size() - 1);
    return stream
        .shard(number.shardId())
        .map(known -> known.createdSeconds() == number.createdSeconds())
        .orElse(number.shardIndex() < youngest.shardId().index());
  }

  private PutRecordResponse response(StreamView stream, PutOutcome outcome) {
    if (outcome instanceof Stored stored) {
      return new PutRecordResponse(
          stored.sequenceNumber().shardId(), stored.sequenceNumber(), stored.encryptionType());
    }
    if (outcome instanceof KeyRefused refused) {
      throw KeyFailures.of(refused.reason(), refused.why());
    }
    if (outcome instanceof Throttled throttled) {
      throw ProvisionedThroughputExceededException.of(
          throttled.shardId(), stream.name(), lookup.account());
    }
    if (outcome instanceof Refused refused) {
      throw new InvalidArgumentException(refused.why());
    }
    if (outcome instanceof Forgotten) {
      throw new ForgottenPutException();
    }
    if (outcome instanceof NotWritten notWritten) {
      throw InternalFailureException.notWritten(notWritten.why());
    }
    throw InternalFailureException.unknown(((Unknown) outcome).why());
  }

  private PutRecordsResultEntry entry(StreamView stream, PutOutcome outcome) {
    if (outcome instanceof Stored stored) {
      return PutRecordsResultEntry.stored(
          stored.sequenceNumber().shardId(), stored.sequenceNumber());
    }
    if (outcome instanceof Throttled throttled) {
      return PutRecordsResultEntry.failed(
          Outcome.THROTTLED,
          ProvisionedThroughputExceededException.messageFor(
              throttled.shardId(), stream.name(), lookup.account()));
    }
    if (outcome instanceof KeyRefused refused) {
      return failed(Outcome.NOT_WRITTEN, refused.why());
    }
    if (outcome instanceof Forgotten) {
      return PutRecordsResultEntry.failed(Outcome.FORGOTTEN, ForgottenPutException.MESSAGE);
    }
    if (outcome instanceof NotWritten notWritten) {
      return failed(Outcome.NOT_WRITTEN, notWritten.why());
    }
    return failed(Outcome.UNKNOWN, ((Unknown) outcome).why());
  }

  /** PutRecords: a fault has the service's own sentence, and then what is known of it. */
  private static PutRecordsResultEntry failed(Outcome outcome, String why) {
    return PutRecordsResultEntry.failed(outcome, InternalFailureException.MESSAGE + " " + why);
  }
}
