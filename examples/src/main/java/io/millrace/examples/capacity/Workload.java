package io.millrace.examples.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What producers want to put in each minute of their time. */
interface Workload {

  int MINUTES_OF_A_DAY = 24 * 60;

  /** How long it lasts, minutes. */
  int minutes();

  /** The traffic of one minute. Asking again gives the same. */
  List<Source> at(int minute);

  /**
   * Seven weeks: two of daily waves, with half an hour on the tenth day at several times the peak;
   * then quiet ones, with three hours of a hot part of the hash space on the 19th day and three of
   * one hot partition key on the 21st.
   */
  static Workload sevenWeeks() {
    return new Workload() {
      @Override
      public int minutes() {
        return 49 * MINUTES_OF_A_DAY;
      }

      @Override
      public List<Source> at(int minute) {
        int day = 1 + minute / MINUTES_OF_A_DAY;
        int ofDay = minute % MINUTES_OF_A_DAY;
        boolean isBusy = day <= 14;
        boolean isSpike = day == 10 && ofDay >= 12 * 60 && ofDay < 12 * 60 + 30;
        double top = isBusy ? 5 : 1.5;
        double base = isSpike ? 18 : wave(minute, top / 5, top) * (0.95 + noise(minute) / 10);
        List<Source> sources = new ArrayList<>(List.of(Source.everywhere(base)));
        boolean isNoon = ofDay >= 12 * 60 && ofDay < 15 * 60;
        if (day == 19 && isNoon) {
          sources.add(new Source(0.3, 0.001, 0.8));
        }
        if (day == 21 && isNoon) {
          sources.add(Source.oneKey(0.7, 0.9));
        }
        return sources;
      }
    };
  }

  /** Lowest at midnight, highest at noon. */
  static double wave(int minute, double low, double high) {
    double turn = 2 * Math.PI * minute / MINUTES_OF_A_DAY;
    return low + (high - low) * (1 - StrictMath.cos(turn)) / 2;
  }

  /** From 0 to 1, the same for the same minute. */
  static double noise(int minute) {
    return new SplittableRandom(minute).nextDouble();
  }
}
