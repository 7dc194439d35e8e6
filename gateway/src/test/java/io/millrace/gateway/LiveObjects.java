package io.millrace.gateway;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** What is on the heap of this JVM and cannot be collected. */
final class LiveObjects {

  private LiveObjects() {}

  /** Bytes after a collection. */
  static long bytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** How many instances of a class there are after a collection. */
  static long count(String className) {
    Matcher row =
        Pattern.compile(
                "^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+" + Pattern.quote(className) + "(?:\\s.*)?$",
                Pattern.MULTILINE)
            .matcher(histogram());
    return row.find() ? Long.parseLong(row.group(1)) : 0;
  }

  /** Rows of: rank, instances, bytes, class. */
  static String histogram() {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
    } catch (JMException notThere) {
      throw new AssertionError(notThere);
    }
  }
}
