package io.millrace.benchmarks;

import io.millrace.engine.api.PutRecordsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Many live subscribers of one shard, and what they cost its producers. */
final class PushLive implements Benchmark {

  private static final int MANY = 20;
  private static final int PRODUCERS = 4;
  private static final int PREPARED = 8;

  @Override
  public String name() {
    return "push-live";
  }

  @Override
  public String about() {
    return "PutRecords of 500 x 1 KiB from 4 producers to one shard, as fast as they go, and"
        + " subscribers that live on it; what is delivered to all of them together, until the last"
        + " one has everything, and the producers' own rate.";
  }

  /**
   * What one trial achieved.
   *
   * @param putPerSecond records
   * @param deliveredPerSecond records, to all subscribers together
   */
  private record Rates(double putPerSecond, double deliveredPerSecond) {}

  @Override
  public void run(Lab lab, Section section) throws Exception {
    Pairs.warmUp(() -> trial(lab, MANY, 0), () -> trial(lab, 1, 0));
    Pairs<Rates, Rates> many =
        Pairs.measure(lab.pairs(), () -> trial(lab, MANY, 0), () -> trial(lab, 1, 0));
    Spread together = many.ratio(Rates::deliveredPerSecond, Rates::deliveredPerSecond);
    section.add(
        Row.of(
                MANY + " subscribers against 1, delivered",
                Row.figure(many.ofFirst(Rates::deliveredPerSecond), "records/s"),
                Row.figure(many.ofSecond(Rates::deliveredPerSecond), "records/s"),
                together)
            .judged(Bar.atLeast(8, ""), together.median()));
    Pairs<Rates, Rates> some =
        Pairs.measure(lab.pairs(), () -> trial(lab, 5, 0), () -> trial(lab, 1, 0));
    section.add(
        Row.of(
            "5 subscribers against 1, delivered",
            Row.figure(some.ofFirst(Rates::deliveredPerSecond), "records/s"),
            Row.figure(some.ofSecond(Rates::deliveredPerSecond), "records/s"),
            some.ratio(Rates::deliveredPerSecond, Rates::deliveredPerSecond)));
    Pairs<Rates, Rates> ingest =
        Pairs.measure(lab.pairs(), () -> trial(lab, MANY, 0), () -> trial(lab, 0, 0));
    Spread kept = ingest.ratio(Rates::putPerSecond, Rates::putPerSecond);
    section.add(
        Row.of(
                "ingest with " + MANY + " subscribers against none",
                Row.figure(ingest.ofFirst(Rates::putPerSecond), "records/s"),
                Row.figure(ingest.ofSecond(Rates::putPerSecond), "records/s"),
                kept)
            .judged(Bar.atLeast(0.8, ""), kept.median()));
    Pairs<Rates, Rates> stalled =
        Pairs.measure(lab.pairs(), () -> trial(lab, 4, 1), () -> trial(lab, 4, 0));
    section.add(
        Row.of(
            "ingest beside a subscriber that stalls, against none such",
            Row.figure(stalled.ofFirst(Rates::putPerSecond), "records/s"),
            Row.figure(stalled.ofSecond(Rates::putPerSecond), "records/s"),
            stalled.ratio(Rates::putPerSecond, Rates::putPerSecond)));
    section.add(
        Row.of(
            "delivered to the 4 others",
            Row.figure(stalled.ofFirst(Rates::deliveredPerSecond), "records/s"),
            Row.figure(stalled.ofSecond(Rates::deliveredPerSecond), "records/s"),
            stalled.ratio(Rates::deliveredPerSecond, Rates::deliveredPerSecond)));
  }

  private static Rates trial(Lab lab, int subscribers, int stalled) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), 1)) {
      List<PushSubscriber> live = new ArrayList<>();
      for (int i = 0; i < subscribers; i++) {
        live.add(PushSubscriber.start(engine.push(0), pushed -> {}));
      }
      for (int i = 0; i < stalled; i++) {
        engine.push(0).subscribe(new Stalled());
      }
      List<Load.BlockingCall> producers = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        producers.add(producer(engine, i));
      }
      long started = System.nanoTime();
      Load.Measured measured = Load.threads(lab.span(), producers);
      long records = engine.tail(0).state().recordCount();
      for (PushSubscriber subscriber : live) {
        subscriber.await(records);
      }
      double seconds = (System.nanoTime() - started) / 1e9;
      return new Rates(
          measured.callsPerSecond() * Engine.BATCH_RECORDS, records * subscribers / seconds);
    }
  }

  private static Load.BlockingCall producer(Engine engine, int number) {
    Payloads payloads = new Payloads(number);
    List<PutRecordsRequest> requests =
        Stream.generate(() -> Engine.batch(payloads, payloads.partitionKeys()))
            .limit(PREPARED)
            .toList();
    int[] next = {0};
    return () -> engine.putAll(requests.get(next[0]++ % PREPARED));
  }

  /** Takes one element, and never asks for another. */
  private static final class Stalled implements Subscriber<Object> {

    @Override
    public void onSubscribe(Subscription subscription) {
      subscription.request(1);
    }

    @Override
    public void onNext(Object element) {}

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onComplete() {}
  }
}
