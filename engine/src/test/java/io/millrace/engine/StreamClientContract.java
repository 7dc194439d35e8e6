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
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StreamDescription;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
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
import org.junit.jupiter.api.AfterEach;

/**
 * What every contract of the client stands on: an engine on the storage of the test, opened when it
 * is first used, without limits unless the test wants them, by a clock that only the test moves.
 */
public abstract class StreamClientContract {

  /** The first shard of every stream. */
  protected static final String SHARD_0 = "shardId-000000000000";

  /** The account that the engine belongs to. */
  protected static final String ACCOUNT = "000000000000";

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MIB = 1 << 20;

  /** The clock of the engine. */
  protected final ManualClock clock = new ManualClock();

  private final String watchedAs = UUID.randomUUID().toString();
  private Config settings = ConfigFactory.parseString("millrace.limits.mode = off");
  private Millrace engine;

  /** Settings of a storage that is the same for all of a test, and empty when it begins. */
  protected abstract Config storage();

  // the engine

  /** Has the engine opened with these settings, when it is opened next. */
  final void with(String hocon) {
    settings = ConfigFactory.parseString(hocon).withFallback(settings);
  }

  /** Has the engine's timers go by {@link #manualTime} alone, when it is opened next. */
  final void withManualTime() {
    settings = ManualTime.config().withFallback(settings);
  }

  final ManualTime manualTime() {
    return ManualTime.get(engine().system());
  }

  /** The engine, opened now if it is not open. */
  final Millrace engine() {
    if (engine == null) {
      engine =
          Millrace.open(
              settings.withFallback(WatchedStorageProvider.watching(storage(), watchedAs)), clock);
    }
    return engine;
  }

  final StreamClient client() {
    return engine().client();
  }

  /** Closes the engine; it is opened again when it is used next. */
  final void restart() {
    if (engine != null) {
      engine.close();
      engine = null;
    }
  }

  @AfterEach
  void closeEngine() {
    restart();
  }

  // what is stored

  final WatchedStorageProvider.Watched watched() {
    engine();
    return WatchedStorageProvider.open(watchedAs);
  }

  /** How many events are stored of this life of the stream's name, in its first shard. */
  final int storedEvents(String stream, int incarnation) {
    return storedEvents("shard|" + stream + "~" + incarnation + "~0");
  }

  final int storedEvents(String persistenceId) {
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

  /** Deletes a stream and waits for it to be gone. */
  final void delete(String stream) {
    get(client().deleteStream(DeleteStreamRequest.of(stream)));
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

  /** Every record from the trim horizon of a shard to its tip. */
  final List<Record> readAll(String stream, String shard) {
    List<Record> all = new ArrayList<>();
    String next = iterator(GetShardIteratorRequest.trimHorizon(stream, shard));
    while (true) {
      GetRecordsResponse page = read(next);
      all.addAll(page.records());
      if (page.records().isEmpty()) {
        assertThat(page.millisBehindLatest()).isZero();
        return all;
      }
      next = page.nextShardIterator();
    }
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
