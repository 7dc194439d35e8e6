package io.millrace.systemtests;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.fanout.CheckpointedRecords;
import io.millrace.fanout.FanOut;
import io.millrace.testkit.Awaits;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * The process that is killed: subscribes to a stream as an application and checkpoints each
 * element, while it puts records. It says what it puts, gets and has checkpointed, a line for each.
 */
final class CheckpointingReader {

  static final String PUT = "put";
  static final String GOT = "got";
  static final String STORED = "stored";

  private static final String STREAM = "orders";
  private static final int SHARDS = 2;

  /** Puts that the subscriber may be behind. */
  private static final Semaphore ahead = new Semaphore(50);

  private CheckpointingReader() {}

  /** Takes the directory, and whether to put. Runs until its input ends. */
  public static void main(String[] arguments) throws Exception {
    try (Millrace millrace =
        Millrace.open(
            CrashDatabase.h2Settings(Path.of(arguments[0]), "synced")
                .withFallback(
                    ConfigFactory.parseString(
                        """
                        millrace.limits.mode = off
                        millrace.fan-out.max-records = 3
                        """)))) {
      create(millrace);
      subscribe(millrace);
      if (Boolean.parseBoolean(arguments[1])) {
        putUntilKilled(millrace);
      }
      System.in.read();
    }
  }

  private static void create(Millrace millrace) {
    try {
      Awaits.get(millrace.client().createStream(STREAM, SHARDS));
    } catch (ResourceInUseException wasThereBefore) {
      // It goes on with what the last process left.
    }
    Awaits.get(millrace.awaitActive(STREAM));
  }

  private static void subscribe(Millrace millrace) {
    WorkerSettings worker =
        WorkerSettings.of("billing", STREAM)
            .withWorkerId("reader")
            .withInitialPosition(CheckpointPosition.TRIM_HORIZON);
    FanOut.of(millrace)
        .checkpointed(worker)
        .source()
        .mapAsync(1, CheckpointingReader::finish)
        .runWith(Sink.ignore(), millrace.system());
  }

  private static CompletionStage<Void> finish(CheckpointedRecords element) {
    for (Record record : element.records().records()) {
      say(GOT, record.sequenceNumber().toString());
      ahead.release();
    }
    Record last = element.records().records().get(element.records().records().size() - 1);
    return element.checkpoint().thenRun(() -> say(STORED, last.sequenceNumber().toString()));
  }

  private static void putUntilKilled(Millrace millrace) throws InterruptedException {
    for (int i = 0; ; i++) {
      ahead.acquire();
      say(
          PUT,
          Awaits.get(millrace.client().putRecord(STREAM, "key-" + i, Payload.utf8("order " + i)))
              .sequenceNumber()
              .toString());
    }
  }

  @SuppressWarnings("SystemOut") // what the parent reads
  private static synchronized void say(String what, String sequenceNumber) {
    System.out.println(what + " " + sequenceNumber);
  }
}
