package io.millrace.processors.lane;

import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.processors.api.MappingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * The lanes of one shard. Told of records, of the end of calls and of the time, it says what to do;
 * each lane has at most one call at a time. The same input gives the same output. For one thread at
 * a time.
 *
 * <p>Bounded: no more is to be offered while it has no {@linkplain #hasRoom room}. One blocked lane
 * does not stop the others before that.
 */
public final class ShardLanes {

  /** Records that all lanes together hold before they have no room: two of the largest batches. */
  static final int MAX_HELD_RECORDS = 2 * MappingOptions.MAX_BATCH_SIZE;

  /** Bytes of payload that all lanes together hold before they have no room. */
  static final long MAX_HELD_BYTES = 4 * Lane.MAX_PAYLOAD_BYTES;

  /** The largest state of a window, bytes; the lanes of a shard share it. */
  static final int MAX_STATE_BYTES = 1_000_000;

  private final MappingOptions options;
  private final Predicate<Record> filter;
  private final ToLongFunction<Record> payloadBytes;
  private final CheckpointTracker tracker = new CheckpointTracker();
  private final LaneRule rule;
  private final List<Lane> lanes;
  private final List<Layout> known;
  private Feed feed = Feed.NOTHING_YET;
  private Tally polled = Tally.NONE;
  private boolean stopping;

  /**
   * Lanes that go on from a stored state.
   *
   * @param stored what was stored with the checkpoint that the records are read from
   * @param filter which records to deliver; does not throw
   * @param payloadBytes what a record adds to the payload of a call, bytes
   */
  public ShardLanes(
      MappingOptions options,
      LanesState stored,
      Predicate<Record> filter,
      ToLongFunction<Record> payloadBytes) {
    this.options = options;
    this.filter = filter;
    this.payloadBytes = payloadBytes;
    this.rule = new LaneRule(options.parallelizationFactor());
    this.known = stored.layouts();
    int maxStateBytes = MAX_STATE_BYTES / rule.factor();
    this.lanes =
        IntStream.range(0, rule.factor())
            .mapToObj(index -> new Lane(index, options, maxStateBytes, tracker))
            .toList();
    newestKnown().finished().forEach((lane, number) -> lanes.get(lane).restoreFinished(number));
    stored.windows().forEach(this::restore);
  }

  /** What these same lanes have finished, if the newest layout is theirs. */
  private Layout newestKnown() {
    return isNewestOurs()
        ? known.get(known.size() - 1)
        : new Layout(rule.factor(), new TreeMap<>());
  }

  private boolean isNewestOurs() {
    return !known.isEmpty() && known.get(known.size() - 1).factor() == rule.factor();
  }

  private void restore(LanesState.LaneWindow stored) {
    TumblingWindow window = stored.open().window();
    boolean isOurs =
        stored.factor() == rule.factor()
            && window.endMillis() - window.startMillis()
                == options.tumblingWindowInSeconds() * 1000L;
    Lane lane = lanes.get(stored.lane() % rule.factor());
    if (isOurs && lane.window().isEmpty()) {
      lane.restoreWindow(stored.open());
    } else {
      lane.adopt(stored.open());
    }
  }

  /**
   * Takes the next records of the shard, in order.
   *
   * @param page what follows upon the page before
   */
  public void offer(ShardRecords page, Moment now) {
    long newest = feed.newestArrivalMillis();
    int filteredOut = 0;
    Optional<SequenceNumber> last = Optional.empty();
    for (Record record : page.records()) {
      SequenceNumber number = record.sequenceNumber();
      newest = Math.max(newest, record.approximateArrivalTimestamp().toEpochMilli());
      last = Optional.of(number);
      if (known.stream().anyMatch(layout -> layout.hasFinished(record))) {
        tracker.pass(number);
      } else if (!filter.test(record)) {
        filteredOut++;
        tracker.pass(number);
      } else {
        lanes
            .get(rule.laneOf(record.partitionKey()))
            .offer(
                new PendingRecord(
                    record,
                    payloadBytes.applyAsLong(record),
                    now.nanoTime(),
                    tracker.open(number)));
      }
    }
    Optional<SequenceNumber> lastRead = last;
    page.continuation()
        .filter(number -> lastRead.isEmpty() || number.compareTo(lastRead.get()) > 0)
        .ifPresent(tracker::pass);
    feed = new Feed(newest, page.millisBehindLatest() == 0, page.isAtShardEnd(), !hasRoom());
    polled = polled.plusPolled(page.records().size(), filteredOut);
  }

  /** What to do now: at most one thing for each lane, which then waits to hear of it. */
  public List<Step> steps(Moment now) {
    List<Step> steps = new ArrayList<>();
    if (!stopping) {
      for (Lane lane : lanes) {
        lane.next(now, feed).ifPresent(steps::add);
      }
    }
    return steps;
  }

  /** A call has ended. */
  public void completed(int lane, Outcome outcome, Moment now) {
    lanes.get(lane).completed(outcome, now);
    feed = feed.full(!hasRoom());
  }

  /** A notice has been sent, or its destination has failed for good. */
  public void reported(int lane) {
    lanes.get(lane).reported();
    feed = feed.full(!hasRoom());
  }

  /** Begins nothing any more. */
  public void stop() {
    stopping = true;
  }

  /** How long until time alone gives something to do, nanoseconds; empty: never. */
  public OptionalLong wakeUpNanos(Moment now) {
    return stopping
        ? OptionalLong.empty()
        : lanes.stream()
            .map(lane -> lane.wakeUpNanos(now, feed))
            .flatMapToLong(OptionalLong::stream)
            .min();
  }

  /** Whether more records may be offered. */
  public boolean hasRoom() {
    return lanes.stream().mapToInt(Lane::heldRecords).sum() < MAX_HELD_RECORDS
        && lanes.stream().mapToLong(Lane::heldBytes).sum() < MAX_HELD_BYTES;
  }

  /** Whether nothing is under way: no call, no notice. */
  public boolean isQuiet() {
    return lanes.stream().noneMatch(Lane::isBusy);
  }

  /** Whether the shard has ended and all of it is finished, its windows too. */
  public boolean isFinished() {
    return feed.hasEnded() && lanes.stream().allMatch(Lane::isIdle);
  }

  /** Everything up to here is finished; empty while the first record is not. */
  public Optional<SequenceNumber> checkpoint() {
    return tracker.checkpoint();
  }

  /** What to store with the checkpoint. */
  public LanesState state() {
    SortedMap<Integer, SequenceNumber> finished = new TreeMap<>();
    List<LanesState.LaneWindow> windows = new ArrayList<>();
    for (int i = 0; i < lanes.size(); i++) {
      int index = i;
      Lane lane = lanes.get(i);
      lane.finished().ifPresent(number -> finished.put(index, number));
      lane.window()
          .map(open -> new LanesState.LaneWindow(rule.factor(), index, open))
          .ifPresent(windows::add);
      for (OpenWindow open : lane.foreign()) {
        windows.add(new LanesState.LaneWindow(LanesState.FOREIGN, index, open));
      }
    }
    List<Layout> layouts =
        new ArrayList<>(isNewestOurs() ? known.subList(0, known.size() - 1) : known);
    layouts.add(new Layout(rule.factor(), finished));
    checkpoint().ifPresent(checkpoint -> layouts.replaceAll(layout -> layout.above(checkpoint)));
    layouts.removeIf(layout -> layout.finished().isEmpty());
    return new LanesState(
        layouts.subList(Math.max(0, layouts.size() - LanesState.MAX_LAYOUTS), layouts.size()),
        windows);
  }

  /** How much has passed so far. */
  public Tally tally() {
    return lanes.stream().map(Lane::tally).reduce(polled, Tally::plus);
  }
}
