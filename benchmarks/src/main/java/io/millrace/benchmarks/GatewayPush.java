package io.millrace.benchmarks;

import io.millrace.gateway.Gateway;
import java.util.ArrayList;
import java.util.List;

/** How old a record is when SubscribeToShard brings it to a client. */
final class GatewayPush implements Benchmark {

  private static final int SHARDS = 4;
  private static final int MANY = 25;
  private static final int PER_SECOND = 200;

  @Override
  public String name() {
    return "gateway-push";
  }

  @Override
  public String about() {
    return "200 records of 1 KiB a second to 4 shards, put and subscribed to by the official client"
        + " of Java in a JVM of its own, each put at its own time; measured from that time to its"
        + " arrival at each subscription, and to the answer to the put. With one consumer, which"
        + " makes 4 subscriptions, and with 25, which make 100 and 5,000 arrivals a second.";
  }

  /** Milliseconds. */
  private record Trial(double answered, double arrivedP50, double arrivedP99) {}

  @Override
  public void run(Lab lab, Section section) throws Exception {
    Progress.say("warming up");
    trial(lab, MANY);
    Pairs<Trial, Trial> pairs =
        Pairs.measure(lab.pairs(), () -> trial(lab, MANY), () -> trial(lab, 1));
    Spread commit = pairs.ofSecond(Trial::answered);
    Spread few = pairs.ofSecond(Trial::arrivedP50);
    section.add(Row.of("put to its answer, 4 subscriptions, p50", Row.figure(commit, "ms")));
    section.add(
        Row.of("put to push, 4 subscriptions, p50", Row.figure(few, "ms"))
            .judged(Bar.atMost(5 + commit.median(), " ms"), few.median()));
    section.add(
        Row.of(
            "put to push, 4 subscriptions, p99",
            Row.figure(pairs.ofSecond(Trial::arrivedP99), "ms")));
    section.add(
        Row.of(
            "put to its answer, 100 subscriptions against 4, p50",
            Row.figure(pairs.ofFirst(Trial::answered), "ms"),
            Row.figure(commit, "ms"),
            pairs.ratio(Trial::answered, Trial::answered)));
    Spread many = pairs.ofFirst(Trial::arrivedP50);
    section.add(
        Row.of(
                "put to push, 100 subscriptions against 4, p50",
                Row.figure(many, "ms"),
                Row.figure(few, "ms"),
                pairs.ratio(Trial::arrivedP50, Trial::arrivedP50))
            .judged(Bar.atMost(5 + pairs.ofFirst(Trial::answered).median(), " ms"), many.median()));
    section.add(
        Row.of(
            "the same, p99",
            Row.figure(pairs.ofFirst(Trial::arrivedP99), "ms"),
            Row.figure(pairs.ofSecond(Trial::arrivedP99), "ms"),
            pairs.ratio(Trial::arrivedP99, Trial::arrivedP99)));
  }

  private static Trial trial(Lab lab, int consumers) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine =
            Engine.openWithStream(
                Settings.with(site.settings(), "millrace.streams.max-consumers", MANY), SHARDS);
        Gateway gateway = Gateway.bind(engine.millrace(), 0)) {
      List<String> lines = new ArrayList<>();
      Child.run(
          List.of("-Xmx512m"),
          GatewayPushProgram.class,
          List.of(
              gateway.endpoint().toString(),
              Integer.toString(SHARDS),
              Integer.toString(consumers),
              Integer.toString(PER_SECOND),
              Long.toString(GatewayPutProgram.WARM_UP.toMillis()),
              Long.toString(lab.span().measured().toMillis())),
          lines::add);
      String[] figures = lines.get(lines.size() - 1).split(" ", -1);
      return new Trial(
          Double.parseDouble(figures[0]),
          Double.parseDouble(figures[1]),
          Double.parseDouble(figures[2]));
    }
  }
}
