package io.millrace.engine.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The metrics of one engine. What is counted goes to every registry that is bound; without one it
 * goes nowhere, at the cost of a look at an empty map. The meters of a stream, its shards and its
 * registered consumers are there exactly while the stream shows them. Safe for any thread.
 */
public final class EngineMetrics implements AutoCloseable {

  private final CompositeMeterRegistry registry = new CompositeMeterRegistry();
  private final Map<Meter.Id, Meters> owners = new HashMap<>();
  private final ConcurrentMap<StreamName, StreamMeter> streams = new ConcurrentHashMap<>();
  private final EngineClock clock;
  private final StorageMeter storage;

  /** Metrics by this clock, bound to nothing. */
  public EngineMetrics(EngineClock clock) {
    this.clock = clock;
    this.storage = new StorageMeter(meters());
  }

  /** Metrics that nobody looks at. */
  public static EngineMetrics unbound() {
    return new EngineMetrics(EngineClock.SYSTEM);
  }

  /** Counts into this registry too, beginning now. */
  public void bind(MeterRegistry another) {
    registry.add(another);
  }

  /** Counts into this registry no longer, and takes its meters from it. */
  public void unbind(MeterRegistry another) {
    registry.remove(another);
    registry.getMeters().forEach(meter -> another.removeByPreFilterId(meter.getId()));
  }

  /** Whether anybody looks at what is counted. */
  public boolean isBound() {
    return !registry.getRegistries().isEmpty();
  }

  /** The engine closes: its meters leave every registry. */
  @Override
  public void close() {
    synchronized (owners) {
      List.copyOf(registry.getMeters()).forEach(registry::remove);
      owners.clear();
    }
    streams.clear();
    Set.copyOf(registry.getRegistries()).forEach(registry::remove);
  }

  /** The meters of something; the names and values of the tags that all of them have. */
  public Meters meters(String... tags) {
    return new Meters(registry, owners, Tags.of(tags));
  }

  /** Monotonic time, nanoseconds: what durations are measured by. */
  public long nanoTime() {
    return clock.nanoTime();
  }

  // streams

  /**
   * A stream shows itself.
   *
   * @param incarnation the life of its name
   * @param shards its shards
   * @param consumers its registered consumers
   * @param shardLevel what is counted of each shard
   */
  public synchronized void show(
      StreamName name,
      long incarnation,
      Collection<ShardId> shards,
      Collection<ConsumerName> consumers,
      Set<MetricsName> shardLevel) {
    StreamMeter shown = streams.get(name);
    if (shown == null || shown.incarnation() < incarnation) {
      withdraw(name, incarnation - 1);
      shown = new StreamMeter(meters("stream", name.value()), incarnation);
      streams.put(name, shown);
    }
    if (shown.incarnation() == incarnation) {
      shown.show(shards, consumers, shardLevel);
    }
  }

  /** This life of the stream, or an earlier one, is over. */
  public synchronized void withdraw(StreamName name, long incarnation) {
    StreamMeter shown = streams.get(name);
    if (shown != null && shown.incarnation() <= incarnation) {
      streams.remove(name);
      shown.close();
    }
  }

  /** The meter of this life of a stream; one that counts nothing when it is not shown. */
  public StreamMeter stream(StreamName name, long incarnation) {
    StreamMeter shown = streams.get(name);
    return shown != null && shown.incarnation() == incarnation ? shown : StreamMeter.NONE;
  }

  // the rest

  /** The meter of the storage and of what waits for it. */
  public StorageMeter storage() {
    return storage;
  }

  /** The meter of a worker; whoever gets it closes it. */
  public WorkerMeter worker(ApplicationName application, StreamName stream, String workerId) {
    return new WorkerMeter(
        meters("application", application.value(), "stream", stream.value()), workerId, clock);
  }
}
