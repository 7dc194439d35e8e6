package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorInternal.Flush;
import io.millrace.engine.model.EngineClock;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * When the checkpoints that have gathered are written: at once, or as soon as the pause since the
 * last such write is over. Used by one actor.
 */
final class CheckpointPace {

  private final ActorRef<CoordinatorMessage> actor;
  private final TimerScheduler<CoordinatorMessage> timers;
  private final EngineClock clock;
  private final long pauseNanos;

  /** When checkpoints were last written; long ago at first. */
  private long writtenNanos;

  CheckpointPace(
      ActorRef<CoordinatorMessage> actor,
      TimerScheduler<CoordinatorMessage> timers,
      EngineClock clock,
      Duration pause) {
    this.actor = actor;
    this.timers = timers;
    this.clock = clock;
    this.pauseNanos = pause.toNanos();
    this.writtenNanos = clock.nanoTime() - pauseNanos;
  }

  /** Has the actor told {@link Flush}. What it stashed during a write comes before that. */
  void flushSoon() {
    long since = clock.nanoTime() - writtenNanos;
    if (since >= pauseNanos) {
      actor.tell(new Flush());
    } else {
      timers.startSingleTimer(new Flush(), Duration.ofNanos(pauseNanos - since));
    }
  }

  /** Checkpoints are written now. */
  void writing() {
    writtenNanos = clock.nanoTime();
  }
}
