package io.millrace.benchmarks;

import com.typesafe.config.Config;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * Stores batches of one record of 1 KiB each in a stream of one shard, then ends in order, or as if
 * killed: without closing anything. Arguments: file with settings, number of batches, {@code
 * create} or {@code append}, {@code close} or {@code halt}.
 */
final class FillProgram {

  private FillProgram() {}

  public static void main(String[] arguments) throws Exception {
    Config settings =
        Settings.with(Settings.read(Path.of(arguments[0])), "millrace.shard.batch-records", 1);
    int batches = Integer.parseInt(arguments[1]);
    Engine engine = Engine.openAfterKill(settings, nanos -> {});
    if (arguments[2].equals("create")) {
      engine.createStream(1);
    }
    fill(engine, batches);
    if (arguments[3].equals("close")) {
      engine.close();
    }
    Runtime.getRuntime().halt(0);
  }

  private static void fill(Engine engine, int batches) throws Exception {
    PutRecordsRequestEntry entry = PutRecordsRequestEntry.of("key", new Payloads(3).record());
    for (int left = batches; left > 0; left -= Engine.BATCH_RECORDS) {
      List<PutRecordsRequestEntry> entries =
          Collections.nCopies(Math.min(left, Engine.BATCH_RECORDS), entry);
      engine.putAll(PutRecordsRequest.of(Engine.STREAM, entries));
    }
  }
}
