package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.systemtests.SystemCalls.Call;
import io.millrace.testkit.ChildJvm;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine asks of the operating system before it acknowledges. Needs strace. */
@Tag("process")
class SyncTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String FILE = "millrace.mv.db";

  @TempDir Path directory;

  @BeforeEach
  void needsStrace() {
    boolean isThere =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "strace")));
    assumeTrue(isThere, "strace is not installed, so no system calls are seen");
  }

  private SystemCalls trace(String durability) throws Exception {
    Path trace = directory.resolve("trace");
    try (ChildJvm child =
        ChildJvm.of(SyncedPutter.class)
            .through("strace", "-f", "-y", "-s", "1048576", "-o", trace.toString())
            .through("-e", "trace=fsync,fdatasync,pwrite64,write")
            .arguments(directory.resolve("engine").toString(), durability)
            .start()) {
      while (child.nextLine(PATIENCE).isPresent()) {
        // to the end
      }
      assertThat(child.awaitExit(PATIENCE)).as(child::errors).isZero();
    }
    return SystemCalls.read(trace);
  }

  private static List<String> records() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < SyncedPutter.ALONE; i++) {
      names.add("alone-" + i);
    }
    for (int thread = 0; thread < SyncedPutter.THREADS; thread++) {
      for (int i = 0; i < SyncedPutter.EACH; i++) {
        names.add("thread-" + thread + "-" + i);
      }
    }
    return names;
  }

  /** The first write that has this record in it. */
  private static Call writeOf(String name, List<Call> writes) {
    return writes.stream()
        .filter(write -> write.text().contains(SyncedPutter.mark(name)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no write with record " + name));
  }

  @Test
  @SuppressWarnings("SystemOut") // the count, for whoever runs the tests
  void writesAndSyncsEachRecordBeforeItIsAcknowledged() throws Exception {
    SystemCalls calls = trace("synced");

    List<Call> writes = calls.writesTo(FILE);
    List<Call> syncs = calls.syncsOf(FILE);
    int last = 0;
    for (String name : records()) {
      Call write = writeOf(name, writes);
      Call acknowledgement = calls.reported(SyncedPutter.acknowledgement(name));
      assertThat(syncs)
          .as("syncs between the write of %s and its acknowledgement", name)
          .anyMatch(sync -> sync.begin() > write.end() && sync.end() < acknowledgement.begin());
      last = Math.max(last, acknowledgement.end());
    }
    int lastLine = last;
    System.out.printf(
        "synced: %d acknowledgements, each after a sync of its own record; %d syncs, %d writes%n",
        records().size(),
        syncs.stream().filter(sync -> sync.end() < lastLine).count(),
        writes.stream().filter(write -> write.end() < lastLine).count());
  }

  /** The counterpart: it shows that the test above can tell. */
  @Test
  void processDurabilityWritesEachRecordButDoesNotSync() throws Exception {
    SystemCalls calls = trace("process");

    List<Call> writes = calls.writesTo(FILE);
    List<Call> syncs = calls.syncsOf(FILE);
    List<String> synced = new ArrayList<>();
    for (String name : records()) {
      Call write = writeOf(name, writes);
      Call acknowledgement = calls.reported(SyncedPutter.acknowledgement(name));
      assertThat(write.end()).as("write of %s", name).isLessThan(acknowledgement.begin());
      if (syncs.stream()
          .anyMatch(sync -> sync.begin() > write.end() && sync.end() < acknowledgement.begin())) {
        synced.add(name);
      }
    }
    // Now and then a sync of H2's own falls in between.
    assertThat(synced)
        .as("records that were synced all the same")
        .hasSizeLessThan(records().size() / 2);
  }
}
