package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Awaits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A subscriber that asks for what it is told to, and keeps what it gets. */
final class Collector<T> implements Subscriber<T> {

  private final List<T> elements = new ArrayList<>();
  private Subscription subscription;
  private long demanded;
  private Throwable failure;
  private boolean completed;
  private boolean cancelled;

  /** Subscribes, asking for nothing yet. */
  static <T> Collector<T> of(Publisher<T> publisher) {
    Collector<T> collector = new Collector<>();
    publisher.subscribe(collector);
    Awaits.await("a subscription", () -> collector.isSubscribed());
    return collector;
  }

  private synchronized boolean isSubscribed() {
    return subscription != null;
  }

  @Override
  public synchronized void onSubscribe(Subscription given) {
    subscription = given;
  }

  @Override
  public synchronized void onNext(T element) {
    elements.add(element);
    if (elements.size() > demanded) {
      failure = new AssertionError("more was delivered than was asked for");
    }
  }

  @Override
  public synchronized void onError(Throwable why) {
    failure = why;
  }

  @Override
  public synchronized void onComplete() {
    completed = true;
  }

  Collector<T> request(long more) {
    Subscription to;
    synchronized (this) {
      demanded = demanded + more < 0 ? Long.MAX_VALUE : demanded + more;
      to = subscription;
    }
    to.request(more);
    return this;
  }

  void cancel() {
    Subscription to;
    synchronized (this) {
      cancelled = true;
      to = subscription;
    }
    to.cancel();
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  synchronized List<T> elements() {
    return List.copyOf(elements);
  }

  /** Waits until it has so many elements. */
  List<T> await(int size) {
    Awaits.await(size + " elements", () -> elements().size() >= size || end() != null);
    assertThat(elements()).as("ended with %s", end()).hasSizeGreaterThanOrEqualTo(size);
    return elements();
  }

  /** Asks for one more and waits for it. */
  T next() {
    int have = elements().size();
    request(1);
    return await(have + 1).get(have);
  }

  /** Asks for one after the other until there is such an element. */
  T nextWhere(Predicate<T> wanted) {
    T element;
    do {
      element = next();
    } while (!wanted.test(element));
    return element;
  }

  private synchronized Object end() {
    return completed ? "completion" : failure;
  }

  Throwable awaitFailure() {
    Awaits.await("a failure", () -> end() != null);
    synchronized (this) {
      assertThat(failure).as("failure, after %s", elements).isNotNull();
      return failure;
    }
  }

  void awaitCompletion() {
    Awaits.await("the end", () -> end() != null);
    synchronized (this) {
      assertThat(completed).as("completion, not %s", failure).isTrue();
    }
  }

  synchronized boolean isLive() {
    return !completed && failure == null && !cancelled;
  }
}
