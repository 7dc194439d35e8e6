package io.millrace.examples;

import static io.millrace.examples.Waits.await;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.millrace.engine.Consumers;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.consumer.ApplicationDescription.LeaseDescription;
import io.millrace.engine.consumer.ProcessorSettings;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Record;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * Counts the events of each network: a consuming application of two workers. The first begins alone
 * and lets most of its records wait; the second joins, is handed half of the shards, counts what is
 * in them, and leaves; then the first, which has all shards again, counts the rest.
 *
 * <p>The application goes on from its checkpoints. Each is stored after its events have been
 * written to a file; so an event that comes again after a crash is recognised by its id.
 */
final class EarthquakeGroup {

  /** What was counted, a line of JSON for each batch and network. */
  static final String COUNTS_FILE = "counts.jsonl";

  private static final ApplicationName APPLICATION = new ApplicationName("earthquake-counts");
  private static final int PIECE = 16;

  private final Consumers consumers;
  private final String stream;
  private final JsonLines<Counted> countsFile;
  private final List<Earthquake> feed;
  private final Map<String, Set<String>> networks = new TreeMap<>();
  private final Map<Member, Integer> byMember = new TreeMap<>();
  private final CompletableFuture<Void> secondHasLeft = new CompletableFuture<>();

  /** The workers of the group. */
  enum Member {
    FIRST,
    SECOND
  }

  /**
   * Events of one network that were counted together.
   *
   * @param network the network
   * @param ids the events
   */
  record Counted(String network, List<String> ids) {}

  /**
   * The counts when all events have been consumed.
   *
   * @param networks how many events each network has
   * @param byMember how many records each worker has processed in this run
   * @param isExact whether these are the events of the feed
   */
  record Counts(Map<String, Integer> networks, Map<Member, Integer> byMember, boolean isExact) {

    int processed() {
      return byMember.values().stream().mapToInt(Integer::intValue).sum();
    }

    int events() {
      return networks.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  EarthquakeGroup(Millrace millrace, String stream, Path directory, List<Earthquake> feed) {
    this.consumers = Consumers.of(millrace);
    this.stream = stream;
    this.countsFile = new JsonLines<>(directory.resolve(COUNTS_FILE), Counted.class);
    this.feed = feed;
  }

  /** Consumes what has not been consumed yet. */
  Counts run(IntConsumer reached) {
    countsFile.read().forEach(this::count);
    Worker first = start(Member.FIRST, waiting(consumers.polling()), reached);
    Waits.until("the first worker", () -> isCaughtUp(lease -> true) || processed() > 0);
    if (!isCaughtUp(lease -> true)) {
      Worker second = start(Member.SECOND, consumers.polling(), reached);
      String id = second.settings().workerId();
      Waits.until(
          "the second worker",
          () -> isCaughtUp(lease -> lease.workerId().stream().anyMatch(id::equals)));
      await(second.shutdown());
    }
    secondHasLeft.complete(null);
    Waits.until("the group to catch up", () -> isCaughtUp(lease -> true));
    await(first.shutdown());
    return counts();
  }

  /** Forgets how far it was, and all counts. A worker that was killed stays for a moment. */
  void forget() {
    Waits.until("workers to be gone", this::isForgotten);
    countsFile.delete();
  }

  private boolean isForgotten() {
    try {
      await(consumers.delete(APPLICATION));
      return true;
    } catch (ResourceInUseException hasWorkers) {
      return false;
    }
  }

  private Worker start(Member member, Retrieval retrieval, IntConsumer reached) {
    Worker worker =
        consumers.worker(
            WorkerSettings.of(APPLICATION.value(), stream)
                .withInitialPosition(CheckpointPosition.TRIM_HORIZON),
            consumers.processing(
                retrieval,
                ProcessorSettings.DEFAULT,
                () -> new CountingProcessor(events -> reached.accept(store(member, events)))));
    await(worker.joined());
    return worker;
  }

  /** Retrieval in small pieces; all but the first of a shard wait until the second has left. */
  private Retrieval waiting(Retrieval all) {
    return (streamName, shardId, from) ->
        all.records(streamName, shardId, from)
            .mapConcat(EarthquakeGroup::pieces)
            .zipWithIndex()
            .mapAsync(1, piece -> inTime(piece.first(), piece.second()));
  }

  private CompletionStage<ShardRecords> inTime(ShardRecords piece, long index) {
    return index == 0
        ? CompletableFuture.completedStage(piece)
        : secondHasLeft.thenApply(left -> piece);
  }

  private static List<ShardRecords> pieces(ShardRecords whole) {
    List<ShardRecords> pieces = new ArrayList<>();
    List<Record> rest = whole.records();
    while (rest.size() > PIECE) {
      List<Record> piece = rest.subList(0, PIECE);
      rest = rest.subList(PIECE, rest.size());
      pieces.add(
          new ShardRecords(
              whole.shardId(),
              piece,
              Optional.of(piece.get(PIECE - 1).sequenceNumber()),
              whole.millisBehindLatest(),
              List.of()));
    }
    pieces.add(
        new ShardRecords(
            whole.shardId(),
            rest,
            whole.continuation(),
            whole.millisBehindLatest(),
            whole.childShards()));
    return pieces;
  }

  /** Whether there are such leases, and nothing of them is left to do. */
  private boolean isCaughtUp(Predicate<LeaseDescription> which) {
    List<LeaseDescription> leases =
        await(consumers.describe(APPLICATION)).leases().stream().filter(which).toList();
    return !leases.isEmpty()
        && leases.stream().allMatch(lease -> lease.lagRecords().orElse(1) == 0);
  }

  private synchronized int store(Member member, List<Earthquake> events) {
    List<Counted> counted =
        events.stream()
            .collect(
                groupingBy(Earthquake::network, TreeMap::new, mapping(Earthquake::id, toList())))
            .entrySet()
            .stream()
            .map(network -> new Counted(network.getKey(), network.getValue()))
            .toList();
    countsFile.append(counted);
    counted.forEach(this::count);
    byMember.merge(member, events.size(), Integer::sum);
    return networks.values().stream().mapToInt(Set::size).sum();
  }

  private synchronized void count(Counted counted) {
    networks.computeIfAbsent(counted.network(), name -> new HashSet<>()).addAll(counted.ids());
  }

  private synchronized int processed() {
    return byMember.values().stream().mapToInt(Integer::intValue).sum();
  }

  private synchronized Counts counts() {
    Map<String, Integer> sizes = new TreeMap<>();
    networks.forEach((name, ids) -> sizes.put(name, ids.size()));
    Map<String, Set<String>> expected = new TreeMap<>();
    for (Earthquake event : feed) {
      expected.computeIfAbsent(event.network(), name -> new HashSet<>()).add(event.id());
    }
    return new Counts(sizes, new TreeMap<>(byMember), networks.equals(expected));
  }
}
