package io.millrace.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.testkit.Awaits;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A process that delivers is killed at random moments, and the next one goes on. */
@Tag("process")
@Tag("database")
@ExtendWith(Seeds.class)
class KilledChannelTest {

  private static final int KILLS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path directory;

  @Test
  void losesNothingAndShowsWholeObjectsOnly(Seed seed) {
    var random = seed.random("kills");
    Set<String> put = new HashSet<>();
    int number = 0;
    for (int round = 0; round < KILLS; round++) {
      int records = 300 + random.nextInt(700);
      try (ChildJvm child =
          ChildJvm.of(ChannelChild.class).arguments(directory + "", number + "").start()) {
        for (int i = 0; i < records; i++) {
          put.add(child.awaitLine(KilledChannelTest::isRecord, PATIENCE));
        }
        child.kill();
        for (Optional<String> line = child.nextLine(PATIENCE);
            line.isPresent();
            line = child.nextLine(PATIENCE)) {
          line.filter(KilledChannelTest::isRecord).ifPresent(put::add);
        }
      }
      // Each life has numbers of its own: what was under way in the last one was perhaps put.
      number += 10_000;
      // Each object can be decoded as a whole, also right after a kill.
      assertThat(delivered()).allMatch(KilledChannelTest::isRecord);
    }
    try (Millrace millrace = Millrace.open(ChannelChild.settings(directory))) {
      var unused = Channels.of(millrace);
      Awaits.await("every record", () -> new HashSet<>(delivered()).containsAll(put));
    }
    assertThat(put).hasSizeGreaterThan(KILLS * 300);
  }

  /** Logging goes to the same place. */
  private static boolean isRecord(String line) {
    return line.startsWith("order-");
  }

  private List<String> delivered() {
    return Delivered.lines(Delivered.objects(directory.resolve("channels"), "flour", ""));
  }
}
