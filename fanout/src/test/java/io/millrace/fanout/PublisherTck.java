package io.millrace.fanout;

import com.typesafe.config.Config;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.ManualClock;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/**
 * The rules of Reactive Streams for what the fan-out hands out, with an engine beneath it whose
 * elements hold one record each.
 *
 * <p>Skipped by all are the rules that the TCK itself names untested, and the publisher without
 * elements: at least a shard's end is always one.
 */
abstract class PublisherTck<T> extends PublisherVerification<T> {

  /** More than any test of the TCK takes, where it asks for a publisher without end. */
  private static final int MANY = 1_000;

  private static final long PATIENCE_MILLIS = 60_000;
  private static final long SILENCE_MILLIS = 50;
  private static final long COLLECTION_MILLIS = 1_000;

  static final StartingPosition FROM = StartingPosition.trimHorizon();

  TestEngine engine;

  PublisherTck() {
    super(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS, SILENCE_MILLIS), COLLECTION_MILLIS);
  }

  /** Where the engine keeps its streams. */
  Config storage() {
    return InMemoryStore.fresh().config();
  }

  @BeforeClass
  public void openEngine() {
    engine = TestEngine.on(storage(), new ManualClock(), "millrace.fan-out.max-records = 1");
  }

  @AfterClass(alwaysRun = true)
  public void closeEngine() {
    if (engine != null) {
      engine.close();
    }
  }

  /** A stream whose first shard gives so many elements, the last of them its end. */
  final String stream(long elements) {
    String stream = engine.create(1);
    if (elements > MANY) {
      engine.putMany(stream, MANY);
    } else {
      engine.putMany(stream, (int) elements - 1);
      engine.split(stream, new ShardId(0));
    }
    return stream;
  }

  @Override
  public void optional_spec105_emptyStreamMustTerminateBySignallingOnComplete() {
    notVerified("a shard has at least the element of its end, a stream that of a shard");
  }
}
