package io.millrace.engine.metrics;

import static java.util.stream.Collectors.toSet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one thing: a stream, a shard, a worker. They come with it and go with it. Safe for
 * any thread.
 *
 * <p>A thing that comes while an earlier one of its names is still there, as a lease may, takes the
 * meters over.
 */
public final class Meters implements AutoCloseable {

  private static final MeterRegistry NOWHERE = new CompositeMeterRegistry();

  private final MeterRegistry registry;

  /** Who has each meter, over all things of the engine. */
  private final Map<Meter.Id, Meters> owners;

  private final Tags tags;
  private final List<Meter> mine = new ArrayList<>();

  Meters(MeterRegistry registry, Map<Meter.Id, Meters> owners, Tags tags) {
    this.registry = registry;
    this.owners = owners;
    this.tags = tags;
  }

  /** Meters that nobody looks at. */
  static Meters nowhere(String... tags) {
    return new Meters(NOWHERE, new HashMap<>(), Tags.of(tags));
  }

  /**
   * A counter.
   *
   * @param more names and values of the tags that the thing itself does not have
   */
  public Counter counter(Metric metric, String... more) {
    return own(
        Counter.builder(metric.meterName())
                .description(metric.about())
                .baseUnit(metric.unit())
                .tags(tags(metric, more))
            ::register);
  }

  /** A timer. */
  public Timer timer(Metric metric, String... more) {
    return own(
        Timer.builder(metric.meterName()).description(metric.about()).tags(tags(metric, more))
            ::register);
  }

  /** A distribution of sizes. */
  public DistributionSummary summary(Metric metric, String... more) {
    return own(
        DistributionSummary.builder(metric.meterName())
                .description(metric.about())
                .baseUnit(metric.unit())
                .tags(tags(metric, more))
            ::register);
  }

  /** A counter that somebody else counts; he is held weakly. */
  public <T> void counted(Metric metric, T source, ToDoubleFunction<T> count, String... more) {
    Tags all = tags(metric, more);
    replace(
        metric,
        all,
        FunctionCounter.builder(metric.meterName(), source, count)
                .description(metric.about())
                .baseUnit(metric.unit())
                .tags(all)
            ::register);
  }

  /** A value of now; whose it is is held weakly. */
  public <T> void gauge(Metric metric, T source, ToDoubleFunction<T> value, String... more) {
    Tags all = tags(metric, more);
    replace(
        metric,
        all,
        Gauge.builder(metric.meterName(), source, value)
                .description(metric.about())
                .baseUnit(metric.unit())
                .tags(all)
            ::register);
  }

  /** An age or a delay of now, in milliseconds; whose it is is held weakly. */
  public <T> void millis(Metric metric, T source, ToDoubleFunction<T> value, String... more) {
    Tags all = tags(metric, more);
    replace(
        metric,
        all,
        TimeGauge.builder(metric.meterName(), source, TimeUnit.MILLISECONDS, value)
                .description(metric.about())
                .tags(all)
            ::register);
  }

  /** The meters of a part of this thing, which come and go by themselves. */
  Meters part(String... more) {
    return new Meters(registry, owners, tags.and(more));
  }

  private Tags tags(Metric metric, String... more) {
    Tags all = tags.and(more);
    if (!all.stream().map(Tag::getKey).collect(toSet()).equals(Set.copyOf(metric.tags()))) {
      throw new IllegalArgumentException(
          "%s has the tags %s, not %s".formatted(metric.meterName(), metric.tags(), all));
    }
    return all;
  }

  /** What is asked for its value belongs to one source: that of an earlier thing goes. */
  private void replace(
      Metric metric, Tags all, Function<MeterRegistry, ? extends Meter> registration) {
    synchronized (owners) {
      registry.find(metric.meterName()).tags(all).meters().forEach(registry::remove);
      own(registration);
    }
  }

  private <M extends Meter> M own(Function<MeterRegistry, M> registration) {
    synchronized (owners) {
      M meter = registration.apply(registry);
      owners.put(meter.getId(), this);
      mine.add(meter);
      return meter;
    }
  }

  /** Takes its meters away, but for those that a later thing has taken over. */
  @Override
  public void close() {
    synchronized (owners) {
      for (Meter meter : mine) {
        if (owners.remove(meter.getId(), this)) {
          registry.remove(meter);
        }
      }
      mine.clear();
    }
  }
}
