package io.millrace.processors.lane;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.lane.Discard.Condition;
import io.millrace.processors.lane.Invocation.WindowCall;
import io.millrace.processors.lane.Outcome.Answered;
import io.millrace.processors.lane.Outcome.Failed;
import io.millrace.processors.lane.Piece.Closing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * One lane of a shard: gathers its records into batches and has each processed before the next.
 * Whatever fails stays at the head of the plan until it has succeeded or is given up, so that
 * records of one partition key are never overtaken.
 */
final class Lane {

  /** The largest payload of a call, bytes; one larger record goes alone. */
  static final long MAX_PAYLOAD_BYTES = 6L << 20;

  private static final String NO_STATE = "The response has no state, as that of a window must.";

  private final int index;
  private final MappingOptions options;
  private final RetryRule retries;
  private final int maxStateBytes;
  private final CheckpointTracker tracker;
  private final Deque<PendingRecord> buffer = new ArrayDeque<>();
  private final Deque<Piece> plan = new ArrayDeque<>();
  private final Deque<OpenWindow> foreign = new ArrayDeque<>();
  private Optional<OpenWindow> window = Optional.empty();
  private Optional<SequenceNumber> finished = Optional.empty();
  private OptionalLong pausedUntilNanos = OptionalLong.empty();
  private boolean busy;
  private long heldBytes;
  private int heldRecords;
  private Tally tally = Tally.NONE;

  /**
   * A lane with nothing to do.
   *
   * @param maxStateBytes a window whose state is larger ends early
   */
  Lane(int index, MappingOptions options, int maxStateBytes, CheckpointTracker tracker) {
    this.index = index;
    this.options = options;
    this.retries = new RetryRule(options);
    this.maxStateBytes = maxStateBytes;
    this.tracker = tracker;
  }

  // what it is told

  void restoreFinished(SequenceNumber number) {
    finished = Optional.of(number);
  }

  void restoreWindow(OpenWindow open) {
    window = Optional.of(open);
  }

  /** A window that lanes before this one have opened: it ends early. */
  void adopt(OpenWindow open) {
    foreign.addLast(open);
  }

  void offer(PendingRecord record) {
    buffer.addLast(record);
    heldBytes += record.payloadBytes();
    heldRecords++;
  }

  // what it wants

  /** What to do now, if anything; it then waits to hear of it. */
  Optional<Step> next(Moment now, Feed feed) {
    if (busy || isPaused(now)) {
      return Optional.empty();
    }
    pausedUntilNanos = OptionalLong.empty();
    if (plan.isEmpty()) {
      plan(now, feed);
    }
    if (plan.isEmpty()) {
      return Optional.empty();
    }
    giveUpWhatIsTooOld(now);
    busy = true;
    Piece piece = plan.getFirst();
    return Optional.of(
        piece
            .discard()
            .<Step>map(discard -> new Step.Report(index, discard))
            .orElseGet(() -> new Step.Invoke(index, invocation(piece))));
  }

  private boolean isPaused(Moment now) {
    return pausedUntilNanos.isPresent() && now.nanoTime() - pausedUntilNanos.getAsLong() < 0;
  }

  private void plan(Moment now, Feed feed) {
    if (!foreign.isEmpty()) {
      plan.addLast(Piece.of(new Closing(foreign.getFirst(), true, true, List.of())));
    } else if (window.isPresent() && isOver(window.get().window(), now, feed)) {
      plan.addLast(Piece.of(new Closing(window.get(), false, false, List.of())));
    } else {
      List<PendingRecord> gathered = gather(now, feed);
      if (!gathered.isEmpty()) {
        gathered.forEach(record -> buffer.removeFirst());
        plan.addLast(Piece.of(Batch.of(gathered)));
      }
    }
  }

  private boolean isOver(TumblingWindow open, Moment now, Feed feed) {
    return buffer.isEmpty() ? feed.isOver(open, now) : !isIn(open, buffer.getFirst());
  }

  /** The records of the next batch, or none while it is still gathering. */
  private List<PendingRecord> gather(Moment now, Feed feed) {
    List<PendingRecord> batch = new ArrayList<>();
    long bytes = 0;
    boolean complete = feed.hasEnded() || feed.isFull();
    for (PendingRecord record : buffer) {
      if (!batch.isEmpty()
          && (batch.size() == options.batchSize()
              || bytes + record.payloadBytes() > MAX_PAYLOAD_BYTES
              || isOfAnotherWindow(batch.get(0), record))) {
        complete = true;
        break;
      }
      batch.add(record);
      bytes += record.payloadBytes();
    }
    if (batch.isEmpty()) {
      return batch;
    }
    complete =
        complete
            || batch.size() == options.batchSize()
            || bytes >= MAX_PAYLOAD_BYTES
            || now.nanoTime() - gatheredNanos(batch.get(0)) >= 0
            || (isWindowed() && feed.isOver(windowOf(batch.get(0)), now));
    return complete ? batch : List.of();
  }

  /** When a batch that begins with this record has gathered long enough. */
  private long gatheredNanos(PendingRecord first) {
    return first.arrivedNanos()
        + TimeUnit.SECONDS.toNanos(options.maximumBatchingWindowInSeconds());
  }

  private boolean isOfAnotherWindow(PendingRecord first, PendingRecord record) {
    return isWindowed() && !isIn(windowOf(first), record);
  }

  private boolean isWindowed() {
    return options.tumblingWindowInSeconds() > 0;
  }

  private TumblingWindow windowOf(PendingRecord record) {
    return TumblingWindow.of(record.arrivalMillis(), options.tumblingWindowInSeconds());
  }

  private static boolean isIn(TumblingWindow window, PendingRecord record) {
    return window.startMillis() <= record.arrivalMillis()
        && record.arrivalMillis() < window.endMillis();
  }

  private void giveUpWhatIsTooOld(Moment now) {
    Piece head = plan.getFirst();
    if (head.discard().isPresent()) {
      return;
    }
    boolean isWindowTooOld =
        head.closing().isPresent()
            && head.closing().get().open().window().endMillis() < retries.oldestArrivalMillis(now);
    int tooOld = retries.tooOld(head.batch(), now);
    if (tooOld == 0 && !isWindowTooOld) {
      return;
    }
    plan.removeFirst();
    if (tooOld < head.batch().size()) {
      plan.addFirst(head.with(head.batch().without(tooOld)));
    }
    plan.addFirst(
        head.with(head.batch().first(tooOld))
            .givenUp(Condition.RECORD_AGE_EXCEEDED, Optional.empty()));
  }

  private Invocation invocation(Piece piece) {
    if (piece.closing().isPresent()) {
      Closing closing = piece.closing().get();
      return new Invocation(
          List.of(), Optional.of(new WindowCall(closing.open(), true, closing.isEarly())));
    }
    if (!isWindowed()) {
      return new Invocation(piece.batch().records(), Optional.empty());
    }
    if (window.isEmpty()) {
      window = Optional.of(OpenWindow.of(windowOf(piece.batch().pending().get(0))));
    }
    return new Invocation(
        piece.batch().records(), window.map(open -> new WindowCall(open, false, false)));
  }

  /** How long until it wants something by the passing of time alone, nanoseconds. */
  OptionalLong wakeUpNanos(Moment now, Feed feed) {
    if (busy) {
      return OptionalLong.empty();
    }
    if (pausedUntilNanos.isPresent()) {
      return OptionalLong.of(Math.max(1, pausedUntilNanos.getAsLong() - now.nanoTime()));
    }
    if (!buffer.isEmpty()) {
      return OptionalLong.of(Math.max(1, gatheredNanos(buffer.getFirst()) - now.nanoTime()));
    }
    if (window.isPresent() && feed.isCaughtUp()) {
      long millis = window.get().window().endMillis() + Feed.GRACE_MILLIS - now.epochMillis();
      return OptionalLong.of(TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis)));
    }
    return OptionalLong.empty();
  }

  // how it ended

  void completed(Outcome outcome, Moment now) {
    Piece piece = plan.removeFirst();
    busy = false;
    Outcome usable = usable(piece, outcome);
    Verdict verdict = retries.judge(piece.batch(), usable);
    if (verdict.pauseNanos() > 0) {
      pausedUntilNanos = OptionalLong.of(now.nanoTime() + verdict.pauseNanos());
    }
    verdict
        .givenUp()
        .map(
            rest ->
                piece.with(rest).givenUp(Condition.RETRY_ATTEMPTS_EXHAUSTED, Optional.of(usable)))
        .ifPresent(plan::addFirst);
    for (int i = verdict.again().size() - 1; i >= 0; i--) {
      plan.addFirst(piece.with(verdict.again().get(i)));
    }
    if (piece.closing().isPresent()) {
      if (verdict.isDone()) {
        close(piece.closing().get());
      }
    } else {
      advance(piece.batch().pending().subList(0, verdict.finished()), usable);
    }
  }

  /** A call in a window has to give the window's state back; its final call need not. */
  private Outcome usable(Piece piece, Outcome outcome) {
    return isWindowed()
            && piece.closing().isEmpty()
            && outcome instanceof Answered answer
            && answer.state().isEmpty()
        ? new Failed(Outcome.Kind.INVALID_RESPONSE, NO_STATE)
        : outcome;
  }

  private void advance(List<PendingRecord> done, Outcome outcome) {
    if (isWindowed() && !done.isEmpty() && outcome instanceof Answered answer) {
      Payload state = answer.state().orElseThrow();
      OpenWindow open = window.orElseThrow().with(state);
      if (state.size() > maxStateBytes) {
        plan.addFirst(Piece.of(new Closing(open, true, false, List.copyOf(done))));
        return;
      }
      window = Optional.of(open);
    }
    succeed(done);
  }

  private void close(Closing closing) {
    if (closing.isForeign()) {
      foreign.removeFirst();
    } else {
      window = Optional.empty();
    }
    succeed(closing.owed());
  }

  /** The notice of what was given up has been sent. */
  void reported() {
    Piece piece = plan.removeFirst();
    busy = false;
    piece.closing().ifPresent(this::close);
    tally = tally.plusDiscarded(piece.batch().size());
    finish(piece.batch().pending());
  }

  private void succeed(List<PendingRecord> records) {
    long bytes = records.stream().mapToLong(record -> record.record().data().size()).sum();
    tally = tally.plusProcessed(records.size(), bytes);
    finish(records);
  }

  private void finish(List<PendingRecord> records) {
    for (PendingRecord record : records) {
      tracker.finish(record.ticket());
      finished = Optional.of(record.record().sequenceNumber());
      heldBytes -= record.payloadBytes();
      heldRecords--;
    }
  }

  // how it stands

  /** The last record that is finished, with all of this lane before it. */
  Optional<SequenceNumber> finished() {
    return finished;
  }

  /** The window that is open, as it was after the last record that is finished. */
  Optional<OpenWindow> window() {
    return window;
  }

  List<OpenWindow> foreign() {
    return List.copyOf(foreign);
  }

  Tally tally() {
    return tally;
  }

  boolean isBusy() {
    return busy;
  }

  boolean isIdle() {
    return !busy && plan.isEmpty() && buffer.isEmpty() && window.isEmpty() && foreign.isEmpty();
  }

  int heldRecords() {
    return heldRecords;
  }

  long heldBytes() {
    return heldBytes;
  }
}
