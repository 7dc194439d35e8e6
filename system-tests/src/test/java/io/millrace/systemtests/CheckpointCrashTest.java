package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.SequenceNumber;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A subscriber that checkpoints is killed at random moments, and goes on where it was. */
@Tag("process")
@ExtendWith(Seeds.class)
class CheckpointCrashTest {

  private static final int KILLS = 3;
  private static final int FEWEST_CHECKPOINTS = 20;
  private static final int MORE_CHECKPOINTS = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path directory;

  private final Set<SequenceNumber> put = new HashSet<>();
  private final Set<SequenceNumber> got = new HashSet<>();

  /** The newest checkpoint of each shard that is known to be stored. */
  private final Map<Integer, SequenceNumber> stored = new HashMap<>();

  @Test
  void losesNothingKeepsOrderAndRepeatsNothingThatWasCheckpointed(Seed seed) {
    var random = seed.random("kills");
    for (int round = 0; round < KILLS; round++) {
      new Round().runAndKill(FEWEST_CHECKPOINTS + random.nextInt(MORE_CHECKPOINTS));
    }
    new Round().runUntilEverythingCame();

    assertThat(got).containsAll(put);
    assertThat(put).hasSizeGreaterThan(KILLS * FEWEST_CHECKPOINTS);
  }

  /** One life of the process. */
  private final class Round {

    /** The newest record of each shard that came in this life. */
    private final Map<Integer, SequenceNumber> newest = new HashMap<>();

    private int checkpoints;

    private ChildJvm start(boolean puts) {
      return ChildJvm.of(CheckpointingReader.class)
          .arguments(directory.toString(), Boolean.toString(puts))
          .start();
    }

    void runAndKill(int afterCheckpoints) {
      try (ChildJvm child = start(true)) {
        while (checkpoints < afterCheckpoints) {
          Optional<String> line = child.nextLine(PATIENCE);
          assertThat(line).as(child::errors).isPresent();
          onLine(line.get());
        }
        child.kill();
        for (Optional<String> line = child.nextLine(PATIENCE);
            line.isPresent();
            line = child.nextLine(PATIENCE)) {
          onLine(line.get());
        }
      }
      checkNoGap();
    }

    void runUntilEverythingCame() {
      try (ChildJvm child = start(false)) {
        while (!got.containsAll(put)) {
          Optional<String> line = child.nextLine(PATIENCE);
          assertThat(line).as(child::errors).isPresent();
          onLine(line.get());
        }
      }
    }

    private void onLine(String line) {
      String[] words = line.split(" ", 2);
      SequenceNumber number = SequenceNumber.parse(words[1]);
      switch (words[0]) {
        case CheckpointingReader.PUT -> put.add(number);
        case CheckpointingReader.GOT -> onRecord(number);
        case CheckpointingReader.STORED -> {
          stored.put(number.shardIndex(), number);
          checkpoints++;
        }
        default -> throw new AssertionError("what is this: " + line);
      }
    }

    private void onRecord(SequenceNumber number) {
      SequenceNumber before = newest.put(number.shardIndex(), number);
      SequenceNumber finished = stored.get(number.shardIndex());
      if (before != null) {
        assertThat(number).as("order within a life").isGreaterThan(before);
      } else if (finished != null) {
        assertThat(number).as("after what was checkpointed").isGreaterThan(finished);
      }
      got.add(number);
    }

    /** What was put before the newest record of its shard came in this life or an earlier one. */
    private void checkNoGap() {
      assertThat(put)
          .filteredOn(
              number ->
                  newest.containsKey(number.shardIndex())
                      && number.compareTo(newest.get(number.shardIndex())) <= 0)
          .isSubsetOf(got);
    }
  }
}
