package io.millrace.benchmarks;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

/**
 * What running threads were found at during a trial, as the flight recorder samples them: tells of
 * a part of the work that is too small for two trials to differ by.
 *
 * @param all samples
 * @param hits samples within the part that was asked for
 */
record StackSamples(long all, long hits) {

  private static final Duration PERIOD = Duration.ofMillis(10);

  /**
   * Samples a trial.
   *
   * @param classes by their names; a sample counts when one of them is on its stack
   */
  static StackSamples of(Callable<?> trial, Predicate<String> classes) throws Exception {
    AtomicLong all = new AtomicLong();
    AtomicLong hits = new AtomicLong();
    try (RecordingStream recording = new RecordingStream()) {
      recording.enable("jdk.ExecutionSample").withPeriod(PERIOD);
      recording.onEvent(
          "jdk.ExecutionSample",
          sample -> {
            all.incrementAndGet();
            if (isIn(sample, classes)) {
              hits.incrementAndGet();
            }
          });
      recording.startAsync();
      trial.call();
    }
    return new StackSamples(all.get(), hits.get());
  }

  private static boolean isIn(RecordedEvent sample, Predicate<String> classes) {
    return sample.getStackTrace() != null
        && sample.getStackTrace().getFrames().stream()
            .anyMatch(frame -> classes.test(frame.getMethod().getType().getName()));
  }

  double percent() {
    return 100.0 * hits / all;
  }
}
