package io.millrace.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What two things measured in turn, A B A B and so on: whatever else the machine does meanwhile
 * touches both, so the ratio of each pair says more than either figure.
 *
 * @param first what A measured, in order
 * @param second what B measured, in order
 */
record Pairs<A, B>(List<A> first, List<B> second) {

  /** One measurement, from an empty place to its result. */
  @FunctionalInterface
  interface Trial<R> {
    R run() throws Exception;
  }

  /** One pair that is not counted: what runs first pays for the compiler. */
  static <A, B> void warmUp(Trial<A> first, Trial<B> second) throws Exception {
    first.run();
    second.run();
  }

  /** Measures so many pairs. */
  static <A, B> Pairs<A, B> measure(int pairs, Trial<A> first, Trial<B> second) throws Exception {
    List<A> firsts = new ArrayList<>();
    List<B> seconds = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      Progress.say("pair %d of %d".formatted(i + 1, pairs));
      firsts.add(first.run());
      seconds.add(second.run());
    }
    return new Pairs<>(firsts, seconds);
  }

  Spread ofFirst(ToDoubleFunction<? super A> figure) {
    return spread(first, figure);
  }

  Spread ofSecond(ToDoubleFunction<? super B> figure) {
    return spread(second, figure);
  }

  /** The figure of A over that of B, pair by pair. */
  Spread ratio(ToDoubleFunction<? super A> ofFirst, ToDoubleFunction<? super B> ofSecond) {
    double[] ratios = new double[first.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ofFirst.applyAsDouble(first.get(i)) / ofSecond.applyAsDouble(second.get(i));
    }
    return Spread.of(ratios);
  }

  /** Every pair, as A/B, for the reader who mistrusts medians. */
  String list(ToDoubleFunction<? super A> ofFirst, ToDoubleFunction<? super B> ofSecond) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      all.add(
          String.format(
              Locale.ROOT,
              "%.3g/%.3g",
              ofFirst.applyAsDouble(first.get(i)),
              ofSecond.applyAsDouble(second.get(i))));
    }
    return String.join(", ", all);
  }

  private static <R> Spread spread(List<R> results, ToDoubleFunction<? super R> figure) {
    return Spread.of(results.stream().mapToDouble(figure).toArray());
  }
}
