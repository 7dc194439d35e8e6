package io.millrace.benchmarks;

import io.millrace.engine.consumer.ShardRecords;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A Reactive Streams subscriber that counts, and asks for the next element when it has one. */
final class PushSubscriber implements Subscriber<ShardRecords> {

  private static final long PATIENCE_SECONDS = 120;

  private final Consumer<ShardRecords> told;
  private Subscription subscription;
  private long records;
  private Throwable failure;

  private PushSubscriber(Consumer<ShardRecords> told) {
    this.told = told;
  }

  /** Subscribes, and goes on until it is cancelled or the engine closes. */
  static PushSubscriber start(Publisher<ShardRecords> publisher, Consumer<ShardRecords> told) {
    PushSubscriber subscriber = new PushSubscriber(told);
    publisher.subscribe(subscriber);
    return subscriber;
  }

  @Override
  public synchronized void onSubscribe(Subscription given) {
    subscription = given;
    subscription.request(1);
  }

  @Override
  public void onNext(ShardRecords next) {
    told.accept(next);
    synchronized (this) {
      records += next.records().size();
      notifyAll();
    }
    subscription.request(1);
  }

  @Override
  public synchronized void onError(Throwable cause) {
    failure = cause;
    notifyAll();
  }

  @Override
  public synchronized void onComplete() {
    failure = new IllegalStateException("the publisher has nothing more");
    notifyAll();
  }

  synchronized void cancel() {
    subscription.cancel();
  }

  /** Waits until so many records have come. */
  synchronized void await(long atLeast) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (records < atLeast) {
      if (failure != null) {
        throw new IllegalStateException("the subscription ended", failure);
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new TimeoutException(records + " records have come of " + atLeast);
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
