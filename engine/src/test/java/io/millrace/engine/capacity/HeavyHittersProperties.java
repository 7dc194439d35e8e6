package io.millrace.engine.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.engine.model.HashKey;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class HeavyHittersProperties {

  private static final HashKey HOT = HashKey.ofPartitionKey("hot");
  private static final int MINUTE = 30_000_000;

  @Property(tries = 200)
  void findsTheHeaviestKeyAndItsShare(
      @ForAll @IntRange(min = 30, max = 100) int percent,
      @ForAll @IntRange(min = 10, max = 1_000_000) int maxBytes,
      @ForAll Random random) {
    HeavyHitters hitters = new HeavyHitters(random.nextLong());
    double hotCost = 0;
    double totalCost = 0;
    while (totalCost < MINUTE) {
      int size = 1 + random.nextInt(maxBytes);
      boolean isHot = random.nextInt(100) < percent;
      hitters.add(isHot ? HOT : new HashKey(random.nextLong(), random.nextLong()), size);
      totalCost += size + 1_048;
      hotCost += isHot ? size + 1_048 : 0;
    }
    double share = hotCost / totalCost;
    Assume.that(share > 0.2);
    assertThat(hitters.heaviest()).isPresent();
    assertThat(hitters.heaviest().get().hashKey()).isEqualTo(HOT);
    assertThat(hitters.heaviest().get().share()).isCloseTo(share, within(0.08));
  }

  @Property(tries = 30)
  void nothingStandsOutAmongManyKeys(
      @ForAll @IntRange(min = 100, max = 20_000) int size, @ForAll Random random) {
    HeavyHitters hitters = new HeavyHitters(random.nextLong());
    for (int bytes = 0; bytes < MINUTE; bytes += size) {
      hitters.add(new HashKey(random.nextLong(), random.nextLong()), size);
    }
    hitters.heaviest().ifPresent(key -> assertThat(key.share()).isLessThan(0.05));
  }

  @Property(tries = 30)
  void keysThatTakeTurnsDoNotHide(@ForAll @IntRange(min = 2, max = 4) int keys, @ForAll long seed) {
    HeavyHitters hitters = new HeavyHitters(seed);
    // Eight records cost one stride exactly, the sample's mean.
    int size = 16 * 1024 / 8 - 1_048;
    for (int i = 0; i * 2_048 < MINUTE; i++) {
      hitters.add(new HashKey(0, i % keys), size);
    }
    assertThat(hitters.heaviest().get().share()).isCloseTo(1.0 / keys, within(0.1));
  }

  @Property(tries = 10)
  void startsAnewWhenCleared(@ForAll long seed) {
    HeavyHitters hitters = new HeavyHitters(seed);
    assertThat(hitters.heaviest()).isEmpty();
    hitters.add(HOT, MINUTE);
    assertThat(hitters.heaviest()).contains(new HotKey(HOT, 1));
    hitters.clear();
    assertThat(hitters.heaviest()).isEmpty();
  }
}
