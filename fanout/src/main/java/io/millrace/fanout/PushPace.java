package io.millrace.fanout;

import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.Record;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.InHandler;
import org.apache.pekko.stream.stage.OutHandler;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * The pace of one subscription: an element waits until the budget has room for it, and whoever has
 * asked and got nothing for {@link #KEEP_ALIVE_AFTER} is given an empty element that says how far
 * the subscription has come. Holds at most one element.
 */
final class PushPace extends GraphStage<FlowShape<ShardRecords, ShardRecords>> {

  /** So long nobody waits for an element, be it an empty one. */
  static final Duration KEEP_ALIVE_AFTER = Duration.ofSeconds(5);

  private static final String KEEP_ALIVE = "keep-alive";
  private static final String BUDGET = "budget";

  private final Inlet<ShardRecords> in = Inlet.create("PushPace.in");
  private final Outlet<ShardRecords> out = Outlet.create("PushPace.out");
  private final ShardRecords start;
  private final Optional<PushBudget> budget;
  private final EngineClock clock;
  private final PushMeter meter;

  /**
   * The pace.
   *
   * @param start an empty element that says where the subscription begins
   * @param budget what may be pushed; empty for no limit
   * @param meter counts what is pushed
   */
  PushPace(ShardRecords start, Optional<PushBudget> budget, EngineClock clock, PushMeter meter) {
    this.start = start;
    this.budget = budget;
    this.clock = clock;
    this.meter = meter;
  }

  @Override
  public FlowShape<ShardRecords, ShardRecords> shape() {
    return FlowShape.of(in, out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic implements InHandler, OutHandler {

    private ShardRecords latest = start;

    /** What the budget has no room for yet, or nobody has asked for since a keep-alive; or null. */
    private ShardRecords held;

    private long waitingSince;

    Logic() {
      super(PushPace.this.shape());
      setHandler(in, this);
      setHandler(out, this);
    }

    @Override
    public void preStart() {
      scheduleOnce(KEEP_ALIVE, KEEP_ALIVE_AFTER);
    }

    @Override
    public void onPull() {
      waitingSince = clock.nanoTime();
      if (held != null) {
        pushHeld();
      } else if (!hasBeenPulled(in)) {
        pull(in);
      }
    }

    @Override
    public void onPush() {
      held = grab(in);
      if (isAvailable(out)) {
        pushHeld();
      }
    }

    private void pushHeld() {
      long nanos = budget.map(figures -> figures.charge(bytes(held))).orElse(0L);
      if (nanos > 0) {
        scheduleOnce(BUDGET, Duration.ofNanos(nanos));
        return;
      }
      latest = held;
      held = null;
      count(latest);
      push(out, latest);
      if (isClosed(in)) {
        completeStage();
      }
    }

    private void count(ShardRecords element) {
      if (meter.isOn()) {
        meter.pushed(element, bytes(element));
      }
    }

    @Override
    public void onUpstreamFailure(Throwable failure) {
      meter.brokenOff();
      failStage(failure);
    }

    @Override
    public void onUpstreamFinish() {
      if (held == null) {
        completeStage();
      }
    }

    @Override
    public void onTimer(Object timer) {
      if (timer.equals(KEEP_ALIVE)) {
        keepAlive();
      } else if (held != null && isAvailable(out)) {
        pushHeld();
      }
    }

    private void keepAlive() {
      Duration again = KEEP_ALIVE_AFTER;
      if (isAvailable(out)) {
        Duration waited = Duration.ofNanos(clock.nanoTime() - waitingSince);
        if (waited.compareTo(KEEP_ALIVE_AFTER) < 0) {
          again = KEEP_ALIVE_AFTER.minus(waited);
        } else {
          ShardRecords idle = idle();
          count(idle);
          push(out, idle);
        }
      }
      scheduleOnce(KEEP_ALIVE, again);
    }

    private ShardRecords idle() {
      long behind =
          held == null || held.records().isEmpty()
              ? latest.millisBehindLatest()
              : clock.epochMillis()
                  - held.records().get(0).approximateArrivalTimestamp().toEpochMilli();
      return new ShardRecords(
          latest.shardId(), List.of(), latest.continuation(), Math.max(0, behind), List.of());
    }
  }

  /** Data and keys: what limits charge. */
  private static long bytes(ShardRecords element) {
    long bytes = 0;
    for (Record record : element.records()) {
      bytes += record.data().size() + record.partitionKey().getBytes(StandardCharsets.UTF_8).length;
    }
    return bytes;
  }
}
