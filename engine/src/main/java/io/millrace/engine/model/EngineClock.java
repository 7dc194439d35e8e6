package io.millrace.engine.model;

/**
 * Time as the engine sees it: a parameter, so that a test can hold it still. Implementations must
 * be safe for any thread.
 */
public interface EngineClock {

  /** The clock of this machine. */
  EngineClock SYSTEM =
      new EngineClock() {
        @Override
        public long epochMillis() {
          return System.currentTimeMillis();
        }

        @Override
        public long nanoTime() {
          return System.nanoTime();
        }
      };

  /**
   * Wall time, epoch milliseconds: arrival times, expiry of records and tokens. It may jump.
   *
   * @return milliseconds since 1970-01-01T00:00Z
   */
  long epochMillis();

  /**
   * Monotonic time, nanoseconds from an arbitrary origin: limits and leases.
   *
   * @return nanoseconds; only differences have a meaning
   */
  long nanoTime();
}
