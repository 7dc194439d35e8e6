package io.millrace.examples;

import io.millrace.engine.Millrace;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.Record;
import io.millrace.fanout.FanOut;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/**
 * Hears of strong earthquakes as they are stored: a live subscriber of the whole stream, here one
 * of Project Reactor. It measures how long each took from its put to its subscriber.
 */
final class EarthquakeAlarm implements AutoCloseable {

  /** From this magnitude on an earthquake is strong. */
  static final double STRONG = 4.5;

  /** When strong ones that have not been heard of yet were put, by id. */
  private final Map<String, Long> putNanos = new ConcurrentHashMap<>();

  /** Strong ones that have not been heard of yet, and one for the puts that may still come. */
  private final AtomicInteger outstanding = new AtomicInteger(1);

  private final List<Duration> delays = new ArrayList<>();
  private final CompletableFuture<Heard> heardAll = new CompletableFuture<>();
  private final Disposable subscription;

  /**
   * How fast strong earthquakes were heard of.
   *
   * @param events how many there were
   * @param median how long half of them took at most, from the put to the subscriber
   * @param slowest how long the slowest took
   */
  record Heard(int events, Duration median, Duration slowest) {

    /** Nothing was put. */
    static final Heard NOTHING = new Heard(0, Duration.ZERO, Duration.ZERO);
  }

  /** An alarm that hears of everything that is put from now on. */
  EarthquakeAlarm(Millrace millrace, String stream) {
    subscription =
        Flux.from(FanOut.of(millrace).stream(stream, StartingPosition.atTimestamp(Instant.now())))
            .concatMapIterable(ShardRecords::records, 1)
            .subscribe(this::pushed, heardAll::completeExceptionally);
  }

  /** This event is about to be put. */
  void putting(Earthquake event) {
    if (event.magnitude().orElse(0) >= STRONG) {
      outstanding.incrementAndGet();
      putNanos.put(event.id(), System.nanoTime());
    }
  }

  private void pushed(Record record) {
    Earthquake event = Earthquake.of(record.data());
    Long put = putNanos.remove(event.id());
    if (put != null) {
      delays.add(Duration.ofNanos(System.nanoTime() - put));
      settle();
    }
  }

  /** Everything has been put: completes when all of it has been heard of. */
  CompletionStage<Heard> heardAll() {
    settle();
    return heardAll;
  }

  private void settle() {
    if (outstanding.decrementAndGet() == 0) {
      delays.sort(null);
      int count = delays.size();
      heardAll.complete(
          count == 0
              ? Heard.NOTHING
              : new Heard(count, delays.get((count - 1) / 2), delays.get(count - 1)));
    }
  }

  @Override
  public void close() {
    subscription.dispose();
  }
}
