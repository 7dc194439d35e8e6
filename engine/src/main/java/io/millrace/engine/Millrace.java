package io.millrace.engine;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.engine.access.RequestedResource;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.api.Request;
import io.millrace.engine.api.ReshardProgress;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.capacity.HotShardReport;
import io.millrace.engine.consumer.RecordReader;
import io.millrace.engine.encryption.DataKeys;
import io.millrace.engine.encryption.EncryptionSettings;
import io.millrace.engine.internal.Asks;
import io.millrace.engine.internal.CallRates;
import io.millrace.engine.internal.SealedToken;
import io.millrace.engine.keys.KeyStoreProvider;
import io.millrace.engine.metrics.EngineMetric;
import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.router.PutFlow;
import io.millrace.engine.router.PutRouter;
import io.millrace.engine.shard.LocalShards;
import io.millrace.engine.shard.ShardEnvironment;
import io.millrace.engine.shard.ShardRegion;
import io.millrace.engine.shard.ShardSettings;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageProvider;
import io.millrace.engine.stream.AccountChannels;
import io.millrace.engine.stream.AttachmentDesk;
import io.millrace.engine.stream.ConsumerDesk;
import io.millrace.engine.stream.FrontDesk;
import io.millrace.engine.stream.LocalStreamViews;
import io.millrace.engine.stream.RegistryCommand;
import io.millrace.engine.stream.RequestedResources;
import io.millrace.engine.stream.StreamDesk;
import io.millrace.engine.stream.StreamLookup;
import io.millrace.engine.stream.StreamSettings;
import io.millrace.engine.stream.StreamSurroundings;
import io.millrace.engine.stream.StreamView;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.WindowBudget;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * An engine: durable, ordered, replayable streams inside this process.
 *
 * <pre>{@code
 * try (Millrace millrace = Millrace.open(Path.of("data"))) {
 *   StreamClient client = millrace.client();
 *   ...
 * }
 * }</pre>
 *
 * <p>One engine owns its directory or database schema; opening a second one on it is refused. Every
 * acknowledged record is there again when it is opened the next time. Safe for any thread.
 */
public final class Millrace implements AutoCloseable {

  /** Tells the engines of one actor system apart. */
  private static final AtomicInteger ENGINES = new AtomicInteger();

  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(2);

  private final ActorSystem<?> system;
  private final boolean ownsSystem;
  private final Storage storage;
  private final DataKeys keys;
  private final ActorRef<EngineGuardian.Command> guardian;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final Account account;
  private final LocalStreamViews views;
  private final PutRouter puts;
  private final RecordReader reads;
  private final RequestedResources resources;
  private final DirectClient client;
  private final CallsUnderWay calls = new CallsUnderWay();
  private final EngineMetrics metrics;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final EngineInside inside;
  private final Map<Class<?>, Object> extensions = new ConcurrentHashMap<>();

  /** Opens an engine that keeps its streams in this directory, created if it is not there. */
  public static Millrace open(Path directory) {
    return open(
        ConfigFactory.empty()
            .withValue(
                "millrace.storage.directory",
                ConfigValueFactory.fromAnyRef(directory.toAbsolutePath().toString())));
  }

  /**
   * Opens an engine with these settings; what they leave out comes from the application's
   * configuration and the defaults. Blocks until every stream can be seen.
   *
   * @param config settings with the section {@code millrace}; the defaults explain each key
   * @throws StorageException when the storage cannot be opened; its reason says whether to try
   *     again
   * @throws com.typesafe.config.ConfigException when a setting is missing or out of its bounds
   */
  public static Millrace open(Config config) {
    return open(config, EngineClock.SYSTEM);
  }

  /** Opens an engine that goes by this clock; otherwise as {@link #open(Config)}. */
  public static Millrace open(Config config, EngineClock clock) {
    Config complete =
        ConfigFactory.load(
            config
                .withFallback(ConfigFactory.defaultApplication())
                .withFallback(ConfigFactory.parseResources("millrace-system.conf")));
    Storage storage = openStorage(complete.getConfig("millrace"));
    ActorSystem<Void> system;
    try {
      system = ActorSystem.create(Behaviors.empty(), "millrace", complete);
    } catch (RuntimeException failure) {
      storage.close();
      throw failure;
    }
    return start(system, true, storage, complete.getConfig("millrace"), clock);
  }

  /**
   * Opens an engine on an actor system of the caller's, with the settings of that system. {@link
   * #close} leaves the system running.
   */
  public static Millrace attach(ActorSystem<?> system) {
    return attach(system, ConfigFactory.empty(), EngineClock.SYSTEM);
  }

  /**
   * Opens an engine on an actor system of the caller's, with these settings before the system's.
   */
  public static Millrace attach(ActorSystem<?> system, Config config, EngineClock clock) {
    Config millrace =
        config.withFallback(system.settings().config()).resolve().getConfig("millrace");
    return start(system, false, openStorage(millrace), millrace, clock);
  }

  private static Storage openStorage(Config millrace) {
    String name = millrace.getString("storage.provider");
    StorageProvider provider;
    try {
      provider =
          Class.forName(name)
              .asSubclass(StorageProvider.class)
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new StorageException(
          StorageException.Reason.MISCONFIGURED,
          "millrace.storage.provider names "
              + name
              + ", which is no storage on the class path; add millrace-persistence, or name"
              + " another",
          e);
    }
    return provider.open(millrace);
  }

  private static Millrace start(
      ActorSystem<?> system,
      boolean ownsSystem,
      Storage storage,
      Config millrace,
      EngineClock clock) {
    try {
      return new Millrace(system, ownsSystem, storage, millrace, clock);
    } catch (RuntimeException failure) {
      if (ownsSystem) {
        system.terminate();
        await(system.getWhenTerminated(), DRAIN_TIMEOUT);
      }
      storage.close();
      throw failure;
    }
  }

  private Millrace(
      ActorSystem<?> system,
      boolean ownsSystem,
      Storage storage,
      Config millrace,
      EngineClock clock) {
    this.system = system;
    this.ownsSystem = ownsSystem;
    this.storage = storage;
    SecureRandom random = new SecureRandom();
    this.account =
        Account.of(millrace.getString("account.region"), millrace.getString("account.id"));
    Duration timeout = millrace.getDuration("answer-timeout");
    this.keys = keys(system, millrace, clock);
    this.metrics = new EngineMetrics(clock);
    WindowBudget windows = new WindowBudget(windowBytes(millrace));
    metrics.meters().gauge(EngineMetric.WINDOW_BYTES, windows, WindowBudget::usedBytes);
    ShardEnvironment environment =
        new ShardEnvironment(
            new MeteredStorage(storage, metrics),
            ShardSettings.of(millrace),
            windows,
            keys,
            clock,
            metrics);
    this.views = new LocalStreamViews(metrics);
    StreamSettings streams = StreamSettings.of(millrace.getConfig("streams"), account);
    CompletableFuture<EngineGuardian.Rooms> rooms = new CompletableFuture<>();
    this.guardian =
        system.systemActorOf(
            EngineGuardian.create(
                environment,
                region ->
                    new StreamSurroundings(
                        storage.plugin(), storage.trimmer(), region, views, clock, streams),
                random,
                rooms,
                stopped),
            "millrace-" + ENGINES.incrementAndGet(),
            Props.empty());
    ActorRef<RegistryCommand> registry = await(rooms, RECOVERY_TIMEOUT).registry();
    ShardRegion region = LocalShards.region(rooms.join().shards(), system);
    RegistryCommand.Ready ready =
        await(
            Asks.ask(registry, RegistryCommand.AwaitReady::new, RECOVERY_TIMEOUT, system),
            RECOVERY_TIMEOUT);
    StreamLookup lookup = new StreamLookup(views, account);
    SealedToken seal = new SealedToken(ready.tokenSecret(), random);
    CallRates callRates = CallRates.of(millrace.getConfig("limits"), clock::nanoTime);
    AtomicReference<AccountChannels> channels = new AtomicReference<>(AccountChannels.NONE);
    FrontDesk front = new FrontDesk(registry, system, lookup, callRates, timeout);
    this.reads = new RecordReader(lookup, region, seal, callRates, clock, timeout, metrics);
    this.resources = new RequestedResources(lookup, channels::get, seal, clock, reads::streamOf);
    this.puts =
        new PutRouter(
            lookup,
            region,
            Math.toIntExact(millrace.getBytes("max-request-bytes")),
            timeout,
            metrics);
    this.client =
        new DirectClient(
            new StreamDesk(front, channels::get, keys, seal, clock),
            new ConsumerDesk(front, seal, clock),
            new AttachmentDesk(front, channels::get),
            puts,
            reads,
            calls);
    this.inside =
        new EngineInside(
            system,
            client,
            lookup,
            reads,
            callRates,
            clock,
            storage.plugin(),
            storage.trimmer(),
            millrace,
            metrics,
            seal,
            keys,
            channels,
            new Guests(guardian, system));
  }

  private DataKeys keys(ActorSystem<?> system, Config millrace, EngineClock clock) {
    Config encryption = millrace.getConfig("encryption");
    Config keyStore = encryption.getConfig("key-store");
    String name = keyStore.getString("provider");
    KeyStoreProvider provider;
    try {
      provider =
          Class.forName(name)
              .asSubclass(KeyStoreProvider.class)
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new ConfigException.BadValue(
          keyStore.origin(), "provider", name + " is no key store on the class path", e);
    }
    return new DataKeys(
        provider.open(keyStore, account),
        EncryptionSettings.of(encryption),
        clock,
        system
            .dispatchers()
            .lookup(DispatcherSelector.fromConfig("millrace.encryption.dispatcher")));
  }

  private static long windowBytes(Config millrace) {
    return millrace.hasPath("window-bytes")
        ? millrace.getBytes("window-bytes")
        : Runtime.getRuntime().maxMemory() / 8;
  }

  /** The operations of the API. */
  public StreamClient client() {
    return client;
  }

  /**
   * A client that tries again what was throttled or certainly not written. Of a partly failed
   * PutRecords it sends only the failed entries again.
   *
   * <p>Puts are tried again also when their outcome is unknown, and still store each record exactly
   * once: the client is a producer of its own and numbers its records, unless the caller did, and a
   * shard answers a repeat like the first put, also after a restart or a reshard. A shard remembers
   * the last 4096 records that it got from a client; where it may have forgotten, a put ends in
   * {@link io.millrace.engine.api.Outcome#FORGOTTEN} rather than in a second record. Where a clock
   * is so wrong that a shard takes every number of the client for one it has forgotten, its records
   * go without numbers, and unknown outcomes are told instead of tried again.
   */
  public StreamClient retryingClient(RetryPolicy policy) {
    return new RetryingClient(
        client,
        policy,
        (pause, action) ->
            system.scheduler().scheduleOnce(pause, action, system.executionContext()),
        inside.clock()::epochMillis,
        new SecureRandom());
  }

  /** A new producer, for an application that numbers its records itself. */
  public ProducerId newProducer() {
    return ProducerId.born(inside.clock().epochMillis(), new SecureRandom());
  }

  /**
   * A put with backpressure: records flow in as fast as their shards take them, and nobody is ever
   * told that he was throttled. Records of one shard keep their order. Each record comes out as its
   * result, in order, always stored; the flow fails with a {@link
   * io.millrace.engine.api.MillraceException} when a record is refused, when the outcome of one is
   * unknown, or when the storage does not answer for half a minute. Buffers at most one batch of
   * 500 records or 2 MiB (or one larger record) beside the one under way.
   */
  public Flow<PutRecordsRequestEntry, PutRecordsResultEntry, NotUsed> putFlow(String streamName) {
    return new PutFlow(puts, system, new StreamName(streamName)).flow();
  }

  /** {@link #putFlow} as a Reactive Streams subscriber; each call gives a new one, for one use. */
  public PutSubscriber putSubscriber(String streamName) {
    return Source.<PutRecordsRequestEntry>asSubscriber()
        .via(putFlow(streamName))
        .toMat(Sink.fold(0L, (count, stored) -> count + 1), PutSubscriber::new)
        .run(system);
  }

  /**
   * What a module has built upon this engine, created at the first call: there is one of each type.
   * For modules of this project; applications use what these offer.
   *
   * @param create given the inside of the engine
   */
  public <T> T extension(Class<T> type, Function<EngineInside, T> create) {
    return type.cast(extensions.computeIfAbsent(type, first -> create.apply(inside)));
  }

  /** The account and region that its streams belong to. */
  public Account account() {
    return account;
  }

  /**
   * What a request is about, for whoever decides who may make it. Not counted as a call. Throws a
   * {@link io.millrace.engine.api.MillraceException} as the operation would when the request names
   * nothing, or a token of it is none or too old.
   *
   * @param request a request that is {@linkplain Request#validate() valid}
   * @param callerAccountId the account whose streams bare names are of, twelve digits
   * @return empty when it is about the account as a whole
   */
  public Optional<RequestedResource> resourceOf(Request request, String callerAccountId) {
    return resources.of(request, callerAccountId);
  }

  /** The actor system that the engine runs on. */
  public ActorSystem<?> system() {
    return system;
  }

  /**
   * The live tail of one shard, for readers in this process who want more than GetRecords: a stream
   * with backpressure, without call limits.
   *
   * @return the tail; fails with {@link ResourceNotFoundException} when there is no such shard
   */
  public CompletionStage<RecordTail> tail(String streamName, ShardId shardId) {
    try {
      return reads.tail(new StreamName(streamName), shardId);
    } catch (ResourceNotFoundException missing) {
      return CompletableFuture.failedStage(missing);
    }
  }

  /**
   * The shards of a stream that were hot in the last minute, the hottest first, and what would help
   * each: which part of the load it has, and whether one key causes it.
   *
   * @throws ResourceNotFoundException when there is no such stream
   */
  public List<HotShardReport> hotShards(String streamName) {
    return view(streamName).hotShards();
  }

  /**
   * How far the reshard of a stream has come.
   *
   * @throws ResourceNotFoundException when there is no such stream
   */
  public ReshardProgress reshardProgress(String streamName) {
    return view(streamName).progress();
  }

  private StreamView view(String streamName) {
    return views
        .find(new StreamName(streamName))
        .orElseThrow(() -> ResourceNotFoundException.stream(streamName, account));
  }

  /**
   * Counts everything that the engine does into this registry, beginning now; gauges show at once.
   * Which meters there are, and when they go, is said in {@code docs/metrics.md}. Several
   * registries may be given; closing the engine takes its meters from each. A registry is for one
   * engine: two that have streams of the same name would share their meters.
   */
  public void bindMetrics(MeterRegistry registry) {
    metrics.bind(registry);
  }

  /** Counts into this registry no longer; the meters of this engine go from it. */
  public void unbindMetrics(MeterRegistry registry) {
    metrics.unbind(registry);
  }

  /** One line for people: which storage, where, which durability. */
  public String describe() {
    return storage.describe();
  }

  /**
   * Closes the engine: calls that have begun are carried out and answered, later ones fail with
   * {@link EngineClosedException}, and nothing is left running. Blocks until then. Closing again
   * does nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      views.abandon(new EngineClosedException());
      await(calls.close(), DRAIN_TIMEOUT);
    } finally {
      stop();
    }
  }

  private void stop() {
    try {
      guardian.tell(EngineGuardian.Close.NOW);
      await(stopped, DRAIN_TIMEOUT);
      if (ownsSystem) {
        system.terminate();
        await(system.getWhenTerminated(), DRAIN_TIMEOUT);
      }
    } finally {
      keys.close();
      storage.close();
      metrics.close();
    }
  }

  private static <T> T await(CompletionStage<T> stage, Duration atMost) {
    try {
      return stage.toCompletableFuture().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new CompletionException(failure.getCause());
    } catch (TimeoutException late) {
      throw new IllegalStateException("the engine did not answer within " + atMost, late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  /**
   * Waits for a new stream to take puts.
   *
   * @return completes when the stream is ACTIVE; fails with {@link ResourceNotFoundException} when
   *     there is no such stream, also when it goes meanwhile, and with {@link
   *     EngineClosedException} when the engine closes meanwhile
   */
  public CompletionStage<Void> awaitActive(String streamName) {
    return views
        .await(new StreamName(streamName), stream -> stream.status() == StreamStatus.ACTIVE)
        .thenAccept(
            found -> {
              if (found.isEmpty()) {
                throw ResourceNotFoundException.stream(streamName, account);
              }
            });
  }
}
