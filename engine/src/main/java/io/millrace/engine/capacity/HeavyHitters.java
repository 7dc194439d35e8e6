package io.millrace.engine.capacity;

import io.millrace.engine.model.HashKey;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;

/**
 * Finds the heaviest hash key of a shard's traffic in bounded memory and a few nanoseconds a
 * record: a frequent-items sketch over a sample. A record costs its bytes and a thousandth of a
 * shard's second; about every 16 KiB of cost one record is counted, larger ones several times.
 *
 * <p>Over a minute of a hot shard, 30 MB or more, a share is usually off by a few hundredths, more
 * often too low than too high. Not safe for use by several threads at once.
 */
public final class HeavyHitters {

  private static final int COST_OF_A_RECORD = (1 << 20) / 1_000;
  private static final int STRIDE = 16 * 1024;
  private static final int MAX_MAP_SIZE = 128;

  private final SplittableRandom random;
  private final ItemsSketch<HashKey> sketch = new ItemsSketch<>(MAX_MAP_SIZE);
  private long costToNext;

  /**
   * Nothing counted.
   *
   * @param seed of the sample
   */
  public HeavyHitters(long seed) {
    random = new SplittableRandom(seed);
    costToNext = stride();
  }

  /**
   * Takes a record into account.
   *
   * @param bytes its data and partition key
   */
  public void add(HashKey hashKey, int bytes) {
    costToNext -= bytes + COST_OF_A_RECORD;
    if (costToNext <= 0) {
      count(hashKey);
    }
  }

  /** The heaviest hash key since the last {@link #clear}; empty when none stands out. */
  public Optional<HotKey> heaviest() {
    ItemsSketch.Row<HashKey>[] rows = sketch.getFrequentItems(ErrorType.NO_FALSE_POSITIVES);
    return rows.length == 0
        ? Optional.empty()
        : Optional.of(
            new HotKey(
                rows[0].getItem(), (double) rows[0].getLowerBound() / sketch.getStreamLength()));
  }

  /** Begins anew, as after each minute. */
  public void clear() {
    sketch.reset();
  }

  private void count(HashKey hashKey) {
    int samples = 0;
    while (costToNext <= 0) {
      samples++;
      costToNext += stride();
    }
    sketch.update(hashKey, samples);
  }

  /** Uneven, or keys that take turns could hide between the strides. */
  private int stride() {
    return 1 + random.nextInt(2 * STRIDE);
  }
}
