package io.millrace.benchmarks;

import io.millrace.benchmarks.Pairs.Trial;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Trials that are not counted, each like those that are. An engine that is opened anew makes the
 * JVM give up some of what its compilers made for those before, so one long trial would leave that
 * work to the trials that count.
 */
final class WarmUp {

  /** The compilers are quiet once they work for less than this share of the time. */
  private static final double QUIET = 0.1;

  private static final int ROUNDS_AT_LEAST = 3;
  private static final Duration LONGEST = Duration.ofMinutes(4);

  private static final CompilationMXBean COMPILERS = ManagementFactory.getCompilationMXBean();

  private WarmUp() {}

  /**
   * Runs all trials in turn, again and again, until the compilers are quiet; for some minutes at
   * most.
   *
   * @return how it ended, for the reader
   */
  static String untilCompilersAreQuiet(List<Trial<?>> trials) throws Exception {
    Progress.say("warming up");
    long start = System.nanoTime();
    long took;
    double share;
    int rounds = 0;
    do {
      share = compilersShare(trials);
      rounds++;
      took = System.nanoTime() - start;
    } while (rounds < ROUNDS_AT_LEAST || (share > QUIET && took < LONGEST.toNanos()));
    return String.format(
        Locale.ROOT,
        "Warmed up by %d rounds of all that is measured here, %d s; in the last the compilers"
            + " worked for %.0f %% of the time.",
        rounds,
        Duration.ofNanos(took).toSeconds(),
        share * 100);
  }

  /** Of the time that one round takes. */
  private static double compilersShare(List<Trial<?>> trials) throws Exception {
    long start = System.nanoTime();
    long compiled = COMPILERS.getTotalCompilationTime();
    for (Trial<?> trial : trials) {
      trial.run();
    }
    double compiledMillis = COMPILERS.getTotalCompilationTime() - compiled;
    return compiledMillis * 1e6 / (System.nanoTime() - start);
  }
}
