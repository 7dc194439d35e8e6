package io.millrace.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the processor time of a measurement went, in cores: time of a processor per time.
 *
 * @param process all of it
 * @param generator of the thread that measured, which makes the load
 * @param engine of all other Java threads that were alive at the end
 */
record CpuSplit(double process, double generator, double engine) {

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** What is left: the compiler, the collector, and threads that have ended. */
  double virtualMachine() {
    return process - generator - engine;
  }

  /** A moment from which processor time is counted, by the thread that makes the load. */
  static final class Start {
    private final long nanos = System.nanoTime();
    private final long cpuNanos = PROCESS.getProcessCpuTime();
    private final Map<Long, Long> threads = cpuByThread();

    /** Where it went from that moment until now. */
    CpuSplit untilNow() {
      double passed = System.nanoTime() - nanos;
      double process = PROCESS.getProcessCpuTime() - cpuNanos;
      long own = Thread.currentThread().getId();
      double generator = 0;
      double engine = 0;
      for (Map.Entry<Long, Long> thread : cpuByThread().entrySet()) {
        long spent = thread.getValue() - threads.getOrDefault(thread.getKey(), 0L);
        if (thread.getKey() == own) {
          generator = spent;
        } else {
          engine += spent;
        }
      }
      return new CpuSplit(process / passed, generator / passed, engine / passed);
    }
  }

  private static Map<Long, Long> cpuByThread() {
    Map<Long, Long> spent = new HashMap<>();
    for (long id : THREADS.getAllThreadIds()) {
      long nanos = THREADS.getThreadCpuTime(id);
      if (nanos >= 0) {
        spent.put(id, nanos);
      }
    }
    return spent;
  }
}
