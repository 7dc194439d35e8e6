package io.millrace.engine.consumer;

import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Polls one shard while there is demand, never faster than its pace. After an element that is
 * behind the shard's end it reads the next before that is asked for: one page is on its way while
 * another is worked on. A read that failed for a while is repeated at the same place; one that was
 * refused ends the stream.
 */
final class PollingSource extends GraphStage<SourceShape<ShardRecords>> {

  /** Reads once. */
  @FunctionalInterface
  interface Reads {
    CompletionStage<PlacedRecords> read(ShardPlace place, int limit);
  }

  private static final String PAUSE = "pause";

  private final Outlet<ShardRecords> out = Outlet.create("PollingSource.out");
  private final Supplier<CompletionStage<ShardPlace>> start;
  private final Reads reads;
  private final PollingPace pace;
  private final RandomGenerator random;

  PollingSource(
      Supplier<CompletionStage<ShardPlace>> start,
      Reads reads,
      PollingPace pace,
      RandomGenerator random) {
    this.start = start;
    this.reads = reads;
    this.pace = pace;
    this.random = random;
  }

  @Override
  public SourceShape<ShardRecords> shape() {
    return SourceShape.of(out);
  }

  @Override
  public TimerGraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {

    private AsyncCallback<Done<ShardPlace>> located;
    private AsyncCallback<Done<PlacedRecords>> arrived;

    /** Where the next read begins; null until it is found. */
    private ShardPlace place;

    /** What was read before it was asked for; null if there is nothing. */
    private ShardRecords ahead;

    /** Whether the last read left something. */
    private boolean isBehind;

    private boolean isBusy;
    private int failures;

    /** Either a value or a failure. */
    private record Done<T>(T value, Throwable failure) {}

    Logic() {
      super(PollingSource.this.shape());
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              if (ahead == null) {
                readIfDue();
              } else {
                ShardRecords next = ahead;
                ahead = null;
                deliver(next);
              }
            }
          });
    }

    /** The place is fixed when the stream starts: what is put from then on is not missed. */
    @Override
    public void preStart() {
      located = createAsyncCallback(this::onLocated);
      arrived = createAsyncCallback(this::onRecords);
      isBusy = true;
      begin(start, located);
    }

    private <T> void begin(Supplier<CompletionStage<T>> call, AsyncCallback<Done<T>> answer) {
      CompletionStage<T> stage;
      try {
        stage = call.get();
      } catch (MillraceException failure) {
        answer.invoke(new Done<>(null, failure));
        return;
      }
      stage.whenComplete((value, failure) -> answer.invoke(new Done<>(value, failure)));
    }

    private void onLocated(Done<ShardPlace> done) {
      isBusy = false;
      if (done.failure() != null) {
        backOff(done.failure());
        return;
      }
      place = done.value();
      readIfDue();
    }

    private void readIfDue() {
      if (isBusy || isTimerActive(PAUSE)) {
        return;
      }
      if (place == null) {
        isBusy = true;
        begin(start, located);
      } else if (isAvailable(out) || (isBehind && ahead == null)) {
        isBusy = true;
        begin(() -> reads.read(place, GetRecordsRequest.MAX_LIMIT), arrived);
      }
    }

    private void onRecords(Done<PlacedRecords> done) {
      isBusy = false;
      if (done.failure() != null) {
        backOff(done.failure());
        return;
      }
      failures = 0;
      place = done.value().next();
      ShardRecords records = done.value().records();
      isBehind = records.millisBehindLatest() > 0;
      pause(isBehind ? pace.whileBehind() : pace.whenCaughtUp());
      if (records.records().isEmpty() && !records.isAtShardEnd()) {
        readIfDue();
      } else if (isAvailable(out)) {
        deliver(records);
      } else {
        ahead = records;
      }
    }

    private void deliver(ShardRecords records) {
      push(out, records);
      if (records.isAtShardEnd()) {
        completeStage();
      } else {
        readIfDue();
      }
    }

    private void backOff(Throwable failure) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      if (!(cause instanceof MillraceException known)
          || known instanceof EngineClosedException
          || known.outcome() == Outcome.REFUSED) {
        failStage(cause);
        return;
      }
      long bound = pace.firstBackoff().toNanos();
      for (int i = 0; i < failures && bound < pace.maxBackoff().toNanos(); i++) {
        bound *= 2;
      }
      failures++;
      long atMost = Math.min(bound, pace.maxBackoff().toNanos());
      pause(pace.whileBehind().plusNanos(random.nextLong(atMost + 1)));
      readIfDue();
    }

    private void pause(Duration pause) {
      if (!pause.isZero()) {
        scheduleOnce(PAUSE, pause);
      }
    }

    @Override
    public void onTimer(Object timer) {
      readIfDue();
    }
  }
}
