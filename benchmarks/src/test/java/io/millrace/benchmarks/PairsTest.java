package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairsTest {

  @Test
  void measuresInTurn() throws Exception {
    List<String> order = new ArrayList<>();
    Pairs.measure(2, () -> order.add("A"), () -> order.add("B"));
    assertThat(order).containsExactly("A", "B", "A", "B");
  }

  @Test
  void ratioIsTakenPairByPair() {
    Pairs<Integer, Integer> pairs = new Pairs<>(List.of(10, 90, 30), List.of(20, 100, 20));
    assertThat(pairs.ratio(a -> a, b -> b)).isEqualTo(new Spread(0.9, 0.5, 1.5));
  }
}
