package io.millrace.benchmarks;

import io.millrace.gateway.Gateway;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How old a record is when SubscribeToShard brings it to a client. */
final class GatewayPush implements Benchmark {

  private static final int SHARDS = 4;
  private static final int MANY = 25;

  /** Records. At the lower rate 100 subscriptions are far from all that two processors can do. */
  private static final int[] PER_SECOND = {40, 200};

  @Override
  public String name() {
    return "gateway-push";
  }

  @Override
  public String about() {
    return "40 and 200 records of 1 KiB a second to 4 shards, put and subscribed to by the official"
        + " client of Java in a JVM of its own, each put at its own time; measured from that time"
        + " to its arrival at each subscription, and to the answer to the put. With one consumer,"
        + " which makes 4 subscriptions, and with 25, which make 100, and 1,000 or 5,000 arrivals a"
        + " second.";
  }

  /**
   * Milliseconds from the time of a put to its answer and to its arrivals.
   *
   * @param clientCpu processors kept busy by the client's process
   */
  private record Trial(double answered, double arrivedP50, double arrivedP99, double clientCpu) {}

  @Override
  public void run(Lab lab, Section section) throws Exception {
    try (Peer client = Peer.start(List.of("-Xmx512m"), GatewayPushProgram.class)) {
      Progress.say("warming up");
      trial(lab, client, lab.forCompilers().span(), MANY, PER_SECOND[1]);
      trial(lab, client, lab.forCompilers().span(), 1, PER_SECOND[1]);
      for (int perSecond : PER_SECOND) {
        Progress.say(perSecond + " records a second");
        add(
            section,
            perSecond + " records/s: ",
            Pairs.measure(
                lab.pairs(),
                () -> trial(lab, client, lab.span(), MANY, perSecond),
                () -> trial(lab, client, lab.span(), 1, perSecond)));
      }
    }
  }

  private static void add(Section section, String rate, Pairs<Trial, Trial> pairs) {
    Spread answer = pairs.ofSecond(Trial::answered);
    Spread few = pairs.ofSecond(Trial::arrivedP50);
    section.add(Row.of(rate + "put to its answer, 4 subscriptions, p50", figure(answer)));
    section.add(
        Row.of(rate + "put to push, 4 subscriptions, p50", figure(few))
            .judged(Bar.atMost(5 + answer.median(), " ms"), few.median()));
    section.add(
        Row.of(
            rate + "put to push, 4 subscriptions, p99", figure(pairs.ofSecond(Trial::arrivedP99))));
    section.add(
        compared(
            rate + "put to its answer, 100 subscriptions against 4, p50", pairs, Trial::answered));
    section.add(
        compared(rate + "put to push, 100 subscriptions against 4, p50", pairs, Trial::arrivedP50)
            .judged(
                Bar.atMost(5 + pairs.ofFirst(Trial::answered).median(), " ms"),
                pairs.ofFirst(Trial::arrivedP50).median()));
    section.add(compared(rate + "the same, p99", pairs, Trial::arrivedP99));
    section.add(
        Row.of(
            rate + "CPU of the client, 100 subscriptions",
            Row.figure(pairs.ofFirst(Trial::clientCpu), "processors")));
  }

  private static String figure(Spread millis) {
    return Row.figure(millis, "ms");
  }

  private static Row compared(
      String what, Pairs<Trial, Trial> pairs, ToDoubleFunction<Trial> millis) {
    return Row.of(
        what,
        figure(pairs.ofFirst(millis)),
        figure(pairs.ofSecond(millis)),
        pairs.ratio(millis, millis));
  }

  private static Trial trial(Lab lab, Peer client, Span span, int consumers, int perSecond)
      throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine =
            Engine.openWithStream(
                Settings.with(site.settings(), "millrace.streams.max-consumers", MANY), SHARDS);
        Gateway gateway = Gateway.bind(engine.millrace(), 0)) {
      double[] figures =
          client.ask(
              List.of(
                  gateway.endpoint().toString(),
                  Integer.toString(SHARDS),
                  Integer.toString(consumers),
                  Integer.toString(perSecond),
                  Long.toString(span.warmUp().toMillis()),
                  Long.toString(span.measured().toMillis())),
              () -> {});
      return new Trial(figures[0], figures[1], figures[2], figures[3]);
    }
  }
}
