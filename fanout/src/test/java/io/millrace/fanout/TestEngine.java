package io.millrace.fanout;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.EngineInside;
import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamView;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.ManualClock;
import io.millrace.testkit.Awaits;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;

/** A real engine with short words for what tests do with it, by a clock that only they move. */
final class TestEngine implements AutoCloseable {

  static final ShardId SHARD_0 = new ShardId(0);

  /** Time that passes all at once must not end what actors are busy with. */
  private static final Config PATIENT =
      ConfigFactory.parseString(
          """
          millrace.streams.shard-answer-timeout = 30d
          millrace.answer-timeout = 30d
          """);

  private static final AtomicInteger STREAMS = new AtomicInteger();

  final ManualClock clock;
  final Millrace millrace;
  final FanOut fanOut;
  private final EngineInside inside;
  private final boolean manualTime;

  /** How tests get at the inside of an engine. */
  private record Inside(EngineInside inside) {}

  private TestEngine(Config config, ManualClock clock, boolean manualTime) {
    this.manualTime = manualTime;
    this.clock = clock;
    this.millrace = Millrace.open(config, clock);
    this.fanOut = FanOut.of(millrace);
    this.inside = millrace.extension(Inside.class, Inside::new).inside();
  }

  /** An engine without limits unless the settings say otherwise, and an empty storage. */
  static TestEngine open(String hocon) {
    return on(InMemoryStore.fresh().config(), new ManualClock(), hocon);
  }

  static TestEngine on(Config storage, ManualClock clock, String hocon) {
    return new TestEngine(settings(storage, hocon), clock, false);
  }

  private static Config settings(Config storage, String hocon) {
    return ConfigFactory.parseString(hocon)
        .withFallback(ConfigFactory.parseString("millrace.limits.mode = off"))
        .withFallback(storage);
  }

  /** One whose timers go by {@link #pass} alone. */
  static TestEngine withManualTime(String hocon) {
    Config storage =
        PATIENT.withFallback(ManualTime.config()).withFallback(InMemoryStore.fresh().config());
    return new TestEngine(settings(storage, hocon), new ManualClock(), true);
  }

  StreamClient client() {
    return millrace.client();
  }

  EngineInside inside() {
    return inside;
  }

  /** Time passes: the clock moves, and the timers that are due go off. */
  void pass(Duration time) {
    clock.advance(time);
    ManualTime.get(millrace.system()).timePasses(time);
  }

  /**
   * Has time pass in small steps until something has come about.
   *
   * @return how much had to pass
   */
  Duration passUntil(String reason, Callable<Boolean> condition) {
    long start = clock.nanoTime();
    Awaits.await(
        reason,
        () -> {
          if (condition.call()) {
            return true;
          }
          pass(Duration.ofMillis(250));
          return false;
        });
    return Duration.ofNanos(clock.nanoTime() - start);
  }

  // streams

  /** A new stream with so many shards. */
  String create(int shards) {
    String stream = "orders-" + STREAMS.incrementAndGet();
    Awaits.get(client().createStream(stream, shards));
    Awaits.get(millrace.awaitActive(stream));
    return stream;
  }

  void delete(String stream) {
    Awaits.get(client().deleteStream(DeleteStreamRequest.of(stream).withConsumers()));
  }

  StreamView view(String stream) {
    return inside.streams().views().find(new StreamName(stream)).orElseThrow();
  }

  /** Splits a shard in its middle. */
  void split(String stream, ShardId shardId) {
    ShardView shard = view(stream).shard(shardId).orElseThrow();
    BigInteger first = new BigInteger(shard.range().starting().toString());
    BigInteger last = new BigInteger(shard.range().ending().toString());
    String middle = first.add(last).shiftRight(1).toString();
    Awaits.get(
        client().splitShard(new SplitShardRequest(stream, null, shardId.toString(), middle)));
    Awaits.get(millrace.awaitActive(stream));
  }

  void merge(String stream, ShardId left, ShardId right) {
    Awaits.get(
        client()
            .mergeShards(new MergeShardsRequest(stream, null, left.toString(), right.toString())));
    Awaits.get(millrace.awaitActive(stream));
  }

  // records

  SequenceNumber put(String stream, String data) {
    return put(stream, "key", data).sequenceNumber();
  }

  PutRecordResponse put(String stream, String key, String data) {
    return Awaits.get(client().putRecord(stream, key, Payload.utf8(data)));
  }

  /** Puts a record of so many bytes, its key included. */
  SequenceNumber putBytes(String stream, int bytes) {
    return Awaits.get(client().putRecord(stream, "k", Payload.wrap(new byte[bytes - 1])))
        .sequenceNumber();
  }

  PutRecordResponse putInto(String stream, ShardId shardId, String data) {
    String hashKey = view(stream).shard(shardId).orElseThrow().range().starting().toString();
    return Awaits.get(
        client()
            .putRecord(
                new PutRecordRequest(stream, null, Payload.utf8(data), "key", hashKey, null)));
  }

  /** Puts so many records at once. */
  void putMany(String stream, int records) {
    for (int from = 0; from < records; from += 500) {
      List<PutRecordsRequestEntry> entries =
          IntStream.range(from, Math.min(records, from + 500))
              .mapToObj(i -> PutRecordsRequestEntry.of("key", Payload.utf8("order " + i)))
              .toList();
      Awaits.get(client().putRecords(new PutRecordsRequest(stream, null, entries)));
    }
  }

  // consumers

  /** Registers a consumer and waits until it can subscribe. */
  String register(String stream, String consumer) {
    String arn = beginToRegister(stream, consumer);
    awaitActive(arn);
    return arn;
  }

  String beginToRegister(String stream, String consumer) {
    return Awaits.get(
            client()
                .registerStreamConsumer(
                    new RegisterStreamConsumerRequest(view(stream).arn(), consumer)))
        .consumer()
        .consumerARN();
  }

  /** Waits until a consumer can subscribe; where time is manual, it passes. */
  void awaitActive(String consumerArn) {
    Awaits.await(
        consumerArn + " to be ACTIVE",
        () -> {
          if (inside.streams().requireConsumer(consumerArn).consumer().status()
              == ConsumerStatus.ACTIVE) {
            return true;
          }
          if (manualTime) {
            pass(Duration.ofSeconds(1));
          }
          return false;
        });
  }

  @Override
  public void close() {
    millrace.close();
  }
}
