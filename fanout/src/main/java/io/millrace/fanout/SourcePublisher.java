package io.millrace.fanout;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.api.EngineClosedException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.AbruptTerminationException;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A source as a Publisher: it is run for each subscriber when it comes. */
final class SourcePublisher<T> implements Publisher<T> {

  private final Source<T, NotUsed> source;
  private final ActorSystem<?> system;
  private final BooleanSupplier mayRun;

  private SourcePublisher(
      Source<T, NotUsed> source, ActorSystem<?> system, BooleanSupplier mayRun) {
    this.source = source;
    this.system = system;
    this.mayRun = mayRun;
  }

  /** For any number of subscribers. */
  static <T> SourcePublisher<T> forAll(Source<T, NotUsed> source, ActorSystem<?> system) {
    return new SourcePublisher<>(source, system, () -> true);
  }

  /** For one subscriber; others are told that they are too many. */
  static <T> SourcePublisher<T> forOne(Source<T, NotUsed> source, ActorSystem<?> system) {
    AtomicBoolean taken = new AtomicBoolean();
    return new SourcePublisher<>(source, system, () -> taken.compareAndSet(false, true));
  }

  @Override
  public void subscribe(Subscriber<? super T> subscriber) {
    requireNonNull(subscriber, "subscriber"); // rule 1.9
    if (!mayRun.getAsBoolean()) {
      refuse(subscriber, new IllegalStateException("a subscription has one subscriber"));
      return;
    }
    try {
      source.runWith(Sink.fromSubscriber(new Told<T>(subscriber)), system);
    } catch (IllegalStateException systemHasStopped) {
      refuse(subscriber, new EngineClosedException());
    }
  }

  /** A subscriber who is told that the engine has closed when its streams end with it. */
  private record Told<T>(Subscriber<? super T> subscriber) implements Subscriber<T> {

    @Override
    public void onSubscribe(Subscription subscription) {
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(T element) {
      subscriber.onNext(element);
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(
          failure instanceof AbruptTerminationException ? new EngineClosedException() : failure);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }

  /** Rule 1.9: a failure is signalled, after a subscription that was none. */
  private static void refuse(Subscriber<?> subscriber, RuntimeException why) {
    subscriber.onSubscribe(
        new Subscription() {
          @Override
          public void request(long elements) {}

          @Override
          public void cancel() {}
        });
    subscriber.onError(why);
  }
}
