package io.millrace.engine.stream;

import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.model.StreamName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/**
 * The views of a single JVM: the registry and the streams' actors publish here, and everyone in the
 * same process reads. Safe for any thread.
 */
public final class LocalStreamViews implements StreamViews {

  private final ConcurrentSkipListMap<StreamName, StreamView> views = new ConcurrentSkipListMap<>();
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
  private volatile Commitment commitment = Commitment.NONE;
  private volatile RuntimeException abandoned;
  private final EngineMetrics metrics;

  /** Views that nobody counts by. */
  public LocalStreamViews() {
    this(EngineMetrics.unbound());
  }

  /**
   * Views.
   *
   * @param metrics the meters of streams come and go with their views
   */
  public LocalStreamViews(EngineMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public Optional<StreamView> find(StreamName name) {
    return Optional.ofNullable(views.get(name));
  }

  @Override
  public List<StreamView> all() {
    return List.copyOf(views.values());
  }

  @Override
  public Commitment commitment() {
    return commitment;
  }

  @Override
  public CompletionStage<Optional<StreamView>> await(
      StreamName name, Predicate<StreamView> wanted) {
    Waiter waiter = new Waiter(name, wanted);
    waiters.add(waiter);
    var unused = waiter.answer.whenComplete((view, failure) -> waiters.remove(waiter));
    waiter.look();
    return waiter.answer;
  }

  private final class Waiter {

    private final StreamName name;
    private final Predicate<StreamView> wanted;
    private final CompletableFuture<Optional<StreamView>> answer = new CompletableFuture<>();

    Waiter(StreamName name, Predicate<StreamView> wanted) {
      this.name = name;
      this.wanted = wanted;
    }

    void look() {
      if (abandoned != null) {
        answer.completeExceptionally(abandoned);
        return;
      }
      Optional<StreamView> view = find(name);
      if (view.isEmpty() || wanted.test(view.get())) {
        answer.complete(view);
      }
    }
  }

  /** Nobody will publish any more: whoever waits, now or later, is told this. */
  public void abandon(RuntimeException why) {
    abandoned = why;
    waiters.forEach(Waiter::look);
  }

  /** Shows the account's commitment as it is from now on. */
  void publish(Commitment next) {
    commitment = next;
  }

  /** Shows the view in place of an earlier one of its name; a later incarnation stays. */
  void publish(StreamView view) {
    metrics.show(
        view.name(),
        view.incarnation(),
        view.shards().stream().map(ShardView::shardId).toList(),
        view.consumers().stream().map(ConsumerView::name).toList(),
        view.shardLevelMetrics());
    views.merge(
        view.name(),
        view,
        (shown, next) -> next.incarnation() < shown.incarnation() ? shown : next);
    waiters.forEach(Waiter::look);
  }

  /** Stops showing this life of the name; another incarnation stays. */
  void withdraw(StreamName name, long incarnation) {
    views.computeIfPresent(
        name, (same, shown) -> shown.incarnation() == incarnation ? null : shown);
    metrics.withdraw(name, incarnation);
    waiters.forEach(Waiter::look);
  }
}
