package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.DescribeStreamRequest;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StreamDescription;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/**
 * What every contract of the client stands on: an engine without limits, by a clock that only the
 * test moves. Opening one takes longer than most tests, so they share it and each leaves it without
 * streams; a test that wants other settings, or to look at what is stored, has one of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StreamClientContract {

  /** The first shard of every stream. */
  protected static final String SHARD_0 = "shardId-000000000000";

  /** The account that the engine belongs to. */
  protected static final String ACCOUNT = "000000000000";

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MIB = 1 << 20;

  /** The clock of the engine. */
  protected final ManualClock clock = new ManualClock();

  /** An engine, open or not, and where it keeps its streams. */
  private final class Home {

    private final String watchedAs = UUID.randomUUID().toString();
    private final Config settings;
    private Millrace engine;

    Home(Config settings) {
      this.settings = WatchedStorageProvider.watching(settings.withFallback(storage()), watchedAs);
    }

    Millrace engine() {
      if (engine == null) {
        engine = Millrace.open(settings, clock);
      }
      return engine;
    }

    void close() {
      if (engine != null) {
        engine.close();
        engine = null;
      }
    }
  }

  /** Time that passes all at once must not end what real databases and actors are busy with. */
  private static final Config PATIENT =
      ConfigFactory.parseString(
          """
          millrace.streams.shard-answer-timeout = 30d
          millrace.storage.jdbc.circuit-breaker.call-timeout = 30d
          millrace.consumers.checkpoint-interval = 0s
          """);

  private static final Config NO_LIMITS = ConfigFactory.parseString("millrace.limits.mode = off");

  private Home shared;
  private Home own;

  /** Settings of an empty storage, another one each time. */
  protected abstract Config storage();

  // the engine

  /** Gives this test an engine of its own, with these settings. */
  final void with(String hocon) {
    own(ConfigFactory.parseString(hocon).withFallback(NO_LIMITS));
  }

  /** Gives this test an engine of its own, whose timers go by {@link #manualTime} alone. */
  final void withManualTime(String hocon) {
    own(
        ConfigFactory.parseString(hocon)
            .withFallback(PATIENT)
            .withFallback(ManualTime.config())
            .withFallback(NO_LIMITS));
  }

  private void own(Config settings) {
    if (own != null) {
      own.close();
    }
    own = new Home(settings);
  }

  final ManualTime manualTime() {
    return ManualTime.get(engine().system());
  }

  private Home home() {
    if (own != null) {
      return own;
    }
    if (shared == null) {
      shared = new Home(NO_LIMITS);
    }
    return shared;
  }

  /** The engine, opened now if it is not open. */
  final Millrace engine() {
    return home().engine();
  }

  final StreamClient client() {
    return engine().client();
  }

  /** Closes the engine; it is opened again on the same storage when it is used next. */
  final void restart() {
    home().close();
  }

  @AfterEach
  void leaveNoStreams() {
    if (own != null) {
      own.close();
      own = null;
    } else if (shared != null) {
      deleteAll();
      // Streams of the next test are younger.
      clock.advance(Duration.ofSeconds(1));
    }
  }

  private void deleteAll() {
    watched().releaseErasures();
    for (StreamName stream : get(client().listStreams(ListStreamsRequest.all())).streamNames()) {
      get(engine().awaitActive(stream.value()));
      delete(stream.value());
    }
  }

  @AfterAll
  void closeEngine() {
    if (shared != null) {
      shared.close();
    }
  }

  // what is stored

  final WatchedStorageProvider.Watched watched() {
    engine();
    return WatchedStorageProvider.open(home().watchedAs);
  }

  /** How many events are stored of the first shard of the first stream of the test's own engine. */
  final int storedEvents(String stream) {
    return storedEventsOf("shard|" + stream + "~1~0");
  }

  final int storedEventsOf(String persistenceId) {
    int events = 0;
    long from = 1;
    while (true) {
      var rows = get(watched().pages().read(persistenceId, from, Long.MAX_VALUE, MIB));
      if (rows.isEmpty()) {
        return events;
      }
      events += rows.size();
      from = rows.get(rows.size() - 1).eventNumber() + 1;
    }
  }

  // waiting

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failure.getCause());
    } catch (TimeoutException | InterruptedException late) {
      throw new AssertionError("no answer", late);
    }
  }

  /** Waits until this holds. */
  final void eventually(Runnable assertion) {
    TestProbe.create(engine().system())
        .awaitAssert(
            PATIENCE,
            Duration.ofMillis(10),
            () -> {
              assertion.run();
              return null;
            });
  }

  /** The error with which this call must fail. */
  static <E extends MillraceException> E failure(Class<E> type, CompletionStage<?> call) {
    Throwable thrown = catchThrowable(() -> get(call));
    assertThat(thrown).isInstanceOf(type);
    return type.cast(thrown);
  }

  // short forms of calls

  /** Creates a stream and waits for it to be ACTIVE. */
  final void create(String stream, int shards) {
    get(client().createStream(stream, shards));
    get(engine().awaitActive(stream));
  }

  /** Deletes a stream with its consumers and waits for it to be gone. */
  final void delete(String stream) {
    get(client().deleteStream(DeleteStreamRequest.of(stream).withConsumers()));
    awaitGone(stream);
  }

  final void awaitGone(String stream) {
    failure(ResourceNotFoundException.class, engine().awaitActive(stream));
  }

  final StreamDescription describe(String stream) {
    return get(client().describeStream(DescribeStreamRequest.of(stream))).streamDescription();
  }

  static String arn(String stream) {
    return "arn:aws:kinesis:us-east-1:" + ACCOUNT + ":stream/" + stream;
  }

  final SequenceNumber put(String stream, String data) {
    return get(client().putRecord(stream, "key", data(data))).sequenceNumber();
  }

  static Payload data(String text) {
    return Payload.utf8(text);
  }

  static Payload bytes(int size) {
    return Payload.wrap(new byte[size]);
  }

  final String iterator(GetShardIteratorRequest request) {
    return get(client().getShardIterator(request)).shardIterator();
  }

  final String trimHorizon(String stream) {
    return iterator(GetShardIteratorRequest.trimHorizon(stream, SHARD_0));
  }

  final GetRecordsResponse read(String iterator) {
    return get(client().getRecords(GetRecordsRequest.of(iterator)));
  }

  final GetRecordsResponse read(GetShardIteratorRequest from) {
    return read(iterator(from));
  }

  /** Every record from the trim horizon of a shard to its tip, or its end. */
  final List<Record> readAll(String stream, String shard) {
    List<Record> all = new ArrayList<>();
    String next = iterator(GetShardIteratorRequest.trimHorizon(stream, shard));
    // A closed shard ends without an iterator.
    while (next != null) {
      GetRecordsResponse page = read(next);
      all.addAll(page.records());
      if (page.records().isEmpty()) {
        assertThat(page.millisBehindLatest()).isZero();
        break;
      }
      next = page.nextShardIterator();
    }
    return all;
  }

  /** The data of every record of the first shard, as text. */
  final List<String> texts(String stream) {
    return texts(readAll(stream, SHARD_0));
  }

  static List<String> texts(List<Record> records) {
    return records.stream().map(record -> record.data().utf8()).toList();
  }

  final Instant now() {
    return Instant.ofEpochMilli(clock.epochMillis());
  }
}
