package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.model.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Invariants of random histories. The seed of a failed one is in its message; with {@code
 * -Dmillrace.history.seed=} only that one is run again.
 */
public abstract class HistoryContract extends StreamClientContract {

  private static final String SEED = "millrace.history.seed";
  private static final int MIB = 1 << 20;

  /** How many histories there are, and how many steps each has. */
  protected abstract int histories();

  /** How many steps a history has. */
  protected abstract int steps();

  private List<Long> seeds() {
    if (System.getProperty(SEED) != null) {
      return List.of(Long.getLong(SEED));
    }
    return new Random().longs(histories()).boxed().toList();
  }

  @Test
  void everyHistoryKeepsTheInvariants() {
    for (long seed : seeds()) {
      withManualTime("");
      History history = new History(this, seed);
      try {
        history.run(steps());
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError(
            "history with -D%s=%d, after: %s".formatted(SEED, seed, history.lastSteps()), failure);
      }
    }
  }

  /** Something that took from a budget, and when. */
  private record Taken(long nanos, long records, long bytes) {}

  @Test
  void noWindowOfTimeHasMoreThanTheLimitsAllow() {
    for (long seed : seeds()) {
      with("millrace.limits.mode = kinesis");
      try {
        limited(new Random(seed));
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("history with -D%s=%d".formatted(SEED, seed), failure);
      }
    }
  }

  private void limited(Random random) {
    create("orders", 1);
    List<Taken> put = new ArrayList<>();
    List<Taken> read = new ArrayList<>();
    for (int i = 0; i < steps(); i++) {
      clock.advance(Duration.ofMillis(random.nextInt(random.nextInt(5) == 0 ? 1500 : 150)));
      long now = clock.nanoTime();
      if (random.nextInt(3) > 0) {
        put.add(putSome(random, now));
      } else {
        read.add(readSome(now));
      }
    }
    assertWithin(put, 1000, 1000, MIB, MIB);
    long largest = read.stream().mapToLong(Taken::bytes).max().orElse(0);
    assertWithin(read, 5, 5, 2 * MIB + largest, 2 * MIB);
  }

  private Taken putSome(Random random, long now) {
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    int size = random.nextInt(3) == 0 ? random.nextInt(400_000) : random.nextInt(500);
    int count = size > 1000 ? 1 + random.nextInt(5) : 1 + random.nextInt(500);
    for (int i = 0; i < count; i++) {
      entries.add(PutRecordsRequestEntry.of("k", Payload.wrap(new byte[size])));
    }
    PutRecordsResponse response =
        get(client().putRecords(new PutRecordsRequest("orders", null, entries)));
    assertThat(response.records()).hasSize(count);
    long stored = response.records().stream().filter(result -> result.isStored()).count();
    assertThat(response.failedRecordCount()).isEqualTo((int) (count - stored));
    return new Taken(now, stored, stored * (size + 1));
  }

  private Taken readSome(long now) {
    String iterator;
    try {
      iterator = trimHorizon("orders");
    } catch (ProvisionedThroughputExceededException throttled) {
      return new Taken(now, 0, 0);
    }
    try {
      GetRecordsResponse page = get(client().getRecords(GetRecordsRequest.of(iterator)));
      return new Taken(
          now, 1, page.records().stream().mapToLong(record -> record.data().size() + 1).sum());
    } catch (ProvisionedThroughputExceededException throttled) {
      return new Taken(now, 0, 0);
    }
  }

  private static void assertWithin(
      List<Taken> taken, long records, long recordsPerSecond, long bytes, long bytesPerSecond) {
    for (int from = 0; from < taken.size(); from++) {
      long recordsTaken = 0;
      long bytesTaken = 0;
      for (int to = from; to < taken.size(); to++) {
        recordsTaken += taken.get(to).records();
        bytesTaken += taken.get(to).bytes();
        double seconds = (taken.get(to).nanos() - taken.get(from).nanos()) / 1e9;
        if (recordsTaken > records + seconds * recordsPerSecond
            || bytesTaken > bytes + seconds * bytesPerSecond) {
          throw new AssertionError(
              "%d records, %d bytes in %f s".formatted(recordsTaken, bytesTaken, seconds));
        }
      }
    }
  }
}
