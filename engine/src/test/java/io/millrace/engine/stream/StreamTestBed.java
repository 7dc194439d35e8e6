package io.millrace.engine.stream;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.shard.ShardRegion;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.storage.JournalTrimmer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;

/**
 * What streams need of an engine, in memory: the shards are a probe, and the clock stands still.
 */
final class StreamTestBed {

  static final long NOW = 1_700_000_000_123L;
  static final Account ACCOUNT = Account.of("us-east-1", "000000000000");

  /** A message that was told to a shard. */
  record Told(ShardAddress shard, ShardMessage message) {}

  final AtomicLong now = new AtomicLong(NOW);
  final LocalStreamViews views = new LocalStreamViews();
  final TestProbe<Told> shards;
  final ForgetfulTrimmer trimmer = new ForgetfulTrimmer();
  final StreamSurroundings around;

  StreamTestBed(ActorTestKit testKit) {
    this(testKit, Function.identity());
  }

  StreamTestBed(ActorTestKit testKit, Function<Config, Config> changes) {
    shards = testKit.createTestProbe(Told.class);
    Config system = testKit.system().settings().config();
    around =
        new StreamSurroundings(
            new JournalPlugin(
                "pekko.persistence.testkit.journal",
                system,
                "pekko.persistence.testkit.snapshotstore.pluginid",
                system),
            trimmer,
            new ToldRegion(),
            views,
            new EngineClock() {
              @Override
              public long epochMillis() {
                return now.get();
              }

              @Override
              public long nanoTime() {
                return now.get() * 1_000_000;
              }
            },
            StreamSettings.of(changes.apply(config().getConfig("millrace.streams")), ACCOUNT));
  }

  /** The configuration of an actor system that runs streams in memory. */
  static Config config() {
    return ConfigFactory.parseString(
            """
            millrace.streams {
              trim-interval = 1h
              min-backoff = 10ms
              max-backoff = 50ms
              shard-answer-timeout = 1h
              snapshot-every = 3
            }
            pekko.actor.allow-java-serialization = off
            """)
        .withFallback(PersistenceTestKitPlugin.config())
        .withFallback(PersistenceTestKitSnapshotPlugin.config())
        .withFallback(ConfigFactory.parseResources("millrace-streams.conf"))
        .withFallback(ConfigFactory.load())
        .resolve();
  }

  /** Answers the next message, which must open a shard. */
  ShardAddress open() {
    Told told = shards.receiveMessage();
    ((ShardMessage.Open) told.message()).replyTo().tell(new ShardMessage.Opened());
    return told.shard();
  }

  /** Answers the next message, which must erase a shard. */
  ShardAddress erase() {
    Told told = shards.receiveMessage();
    ((ShardMessage.Erase) told.message()).replyTo().tell(new ShardMessage.Erased());
    return told.shard();
  }

  /** Erases nothing, in two steps each time, and remembers what it was asked. */
  static final class ForgetfulTrimmer implements JournalTrimmer {

    final List<String> erased = new CopyOnWriteArrayList<>();
    volatile int failures;

    @Override
    public CompletionStage<Integer> deleteEvents(String persistenceId, long below, int maxRows) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Integer> deleteSnapshots(String persistenceId, long below) {
      throw new UnsupportedOperationException();
    }

    @Override
    public synchronized CompletionStage<Integer> erase(String persistenceId, int maxRows) {
      if (failures > 0) {
        failures--;
        return CompletableFuture.failedFuture(new IllegalStateException("the disk is full"));
      }
      erased.add(persistenceId);
      long steps = erased.stream().filter(persistenceId::equals).count();
      return CompletableFuture.completedFuture(steps == 1 ? maxRows : 0);
    }
  }

  /** Tells the probe; nobody asks through it. */
  private final class ToldRegion implements ShardRegion {

    @Override
    public void tell(ShardAddress shard, ShardMessage message) {
      shards.ref().tell(new Told(shard, message));
    }

    @Override
    public <R> CompletionStage<R> ask(
        ShardAddress shard, Function<ActorRef<R>, ShardMessage> message, Duration timeout) {
      throw new UnsupportedOperationException("streams tell their shards");
    }
  }
}
