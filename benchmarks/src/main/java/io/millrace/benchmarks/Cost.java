package io.millrace.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * What a measurement cost this process; a database server's own work is not in it.
 *
 * @param cpuNanos processor time of all threads, the compiler's and collector's included
 * @param allocatedBytes heap allocated by the threads that were alive at the end
 */
record Cost(long cpuNanos, long allocatedBytes) {

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A moment from which costs are counted. */
  static final class Start {
    private final long cpuNanos = PROCESS.getProcessCpuTime();
    private final Map<Long, Long> allocated = allocatedByThread();

    /** The cost from that moment until now. */
    Cost untilNow() {
      long cpu = PROCESS.getProcessCpuTime() - cpuNanos;
      long bytes = 0;
      for (Map.Entry<Long, Long> thread : allocatedByThread().entrySet()) {
        bytes += thread.getValue() - allocated.getOrDefault(thread.getKey(), 0L);
      }
      return new Cost(cpu, bytes);
    }
  }

  private static Map<Long, Long> allocatedByThread() {
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    Map<Long, Long> allocated = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      if (bytes[i] >= 0) {
        allocated.put(ids[i], bytes[i]);
      }
    }
    return allocated;
  }
}
