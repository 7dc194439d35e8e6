package io.millrace.engine.router;

import io.millrace.engine.api.ForgottenPutException;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.shard.PutEntry;
import io.millrace.engine.shard.ShardMessage.Forgotten;
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
import java.nio.charset.StandardCharsets;
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

  /**
   * A router.
   *
   * @param maxRequestBytes the largest request, data and keys of all its records together
   * @param timeout how long a shard may take to answer; after that the outcome is unknown
   */
  public PutRouter(StreamLookup lookup, ShardRegion shards, int maxRequestBytes, Duration timeout) {
    this.lookup = lookup;
    this.shards = shards;
    this.maxRequestBytes = maxRequestBytes;
    this.timeout = timeout;
    this.detour = new Detour(lookup.views(), timeout);
  }

  /** PutRecord. Throws what is wrong with the request; the stage fails with what the shard says. */
  public CompletionStage<PutRecordResponse> putRecord(PutRecordRequest request) {
    request.validate();
    StreamView stream = lookup.require(request.stream(), StatusRule.PUT);
    request.checkArguments();
    request.checkSize(stream.maxRecordBytes());
    byte[] key = request.partitionKey().getBytes(StandardCharsets.UTF_8);
    HashKey hashKey = hashKey(request.explicitHashKey(), key);
    RoutingTable table = tables.of(stream);
    ShardView shard = table.shard(table.indexOf(hashKey));
    List<PutEntry> entries =
        List.of(
            new PutEntry(
                hashKey, key, request.data(), Optional.ofNullable(request.producerSequence())));
    OptionalLong ordering = ordering(request.sequenceNumberForOrdering(), stream, shard);
    return ask(stream, shard.shardId(), entries, false, ordering)
        .thenCompose(
            done -> {
              PutOutcome outcome = done.outcomes().get(0);
              return outcome instanceof Moved
                  ? putPast(stream, shard.shardId(), List.of(entry(request)), false)
                      .thenApply(outcomes -> response(stream, outcomes.get(0)))
                  : CompletableFuture.completedStage(response(stream, outcome));
            });
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
    request.checkArguments();
    request.checkSize(stream.maxRecordBytes(), maxRequestBytes);
    return put(stream, request.records(), false)
        .thenApply(
            outcomes -> {
              List<PutRecordsResultEntry> entries = new ArrayList<>(outcomes.size());
              for (PutOutcome outcome : outcomes) {
                entries.add(entry(stream, outcome));
              }
              return PutRecordsResponse.of(entries, EncryptionType.NONE);
            });
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
    Share[] byShard = new Share[table.size()];
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      PutRecordsRequestEntry record = records.get(i);
      byte[] key = record.partitionKey().getBytes(StandardCharsets.UTF_8);
      HashKey hashKey = hashKey(record.explicitHashKey(), key);
      int at = table.indexOf(hashKey);
      if (byShard[at] == null) {
        byShard[at] = new Share(table.shard(at).shardId());
        shares.add(byShard[at]);
      }
      byShard[at].add(
          new PutEntry(hashKey, key, record.data(), Optional.ofNullable(record.producerSequence())),
          i);
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
            replyTo -> new Put(entries, inOrder, stream.maxRecordBytes(), ordering, replyTo),
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

  private static HashKey hashKey(String explicitHashKey, byte[] key) {
    return explicitHashKey == null ? HashKey.ofPartitionKey(key) : HashKey.parse(explicitHashKey);
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
          stored.sequenceNumber().shardId(), stored.sequenceNumber(), EncryptionType.NONE);
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
