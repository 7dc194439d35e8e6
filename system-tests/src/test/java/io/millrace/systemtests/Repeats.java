package io.millrace.systemtests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a process of a crash test puts again, of what the one before it may have stored.
 *
 * @param areOn whether anything is ever put again; if not, records carry no numbers
 * @param round which process that was
 * @param acknowledged for each of its producers, the last request that was acknowledged; -1 if none
 *     was
 */
record Repeats(boolean areOn, int round, List<Integer> acknowledged) {

  /** Nothing is put again. */
  static final Repeats OFF = new Repeats(false, 0, List.of());

  /** So many requests before the last one that was acknowledged, and the one after it. */
  private static final int REQUESTS = 30;

  /** What is to be put again. */
  interface Visitor {
    void request(int producer, int request);
  }

  /** The first process, which has none before it. */
  static Repeats none() {
    return new Repeats(true, 0, List.of());
  }

  /** Names each request, producer by producer in their order. */
  void forEach(Visitor visitor) {
    for (int producer = 0; producer < acknowledged.size(); producer++) {
      int last = acknowledged.get(producer);
      for (int request = Math.max(0, last - REQUESTS); request <= last + 1; request++) {
        visitor.request(producer, request);
      }
    }
  }

  static Repeats parse(String text) {
    String[] words = text.split(" ");
    List<Integer> acknowledged = new ArrayList<>();
    Arrays.stream(words).skip(2).map(Integer::valueOf).forEach(acknowledged::add);
    return new Repeats(Boolean.parseBoolean(words[0]), Integer.parseInt(words[1]), acknowledged);
  }

  /** What {@link #parse} reads. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(areOn + " " + round);
    acknowledged.forEach(last -> text.append(' ').append(last));
    return text.toString();
  }
}
