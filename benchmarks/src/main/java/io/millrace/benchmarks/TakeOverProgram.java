package io.millrace.benchmarks;

import io.millrace.engine.Consumers;
import io.millrace.engine.consumer.ProcessorSettings;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.fanout.FanOut;
import java.nio.file.Path;

/** Works on a shard, and ends as if killed. Argument: file with settings. */
final class TakeOverProgram {

  private TakeOverProgram() {}

  public static void main(String[] arguments) throws Exception {
    Engine engine = Engine.openWithStream(Settings.read(Path.of(arguments[0])), 1);
    work(engine).awaitBegan();
    Runtime.getRuntime().halt(0);
  }

  /** Starts a worker on the stream's only shard. */
  static EmptyProcessor work(Engine engine) {
    Consumers consumers = Consumers.of(engine.millrace());
    EmptyProcessor processor = new EmptyProcessor(Long.MAX_VALUE);
    var unused =
        consumers.worker(
            WorkerSettings.of("benchmark", Engine.STREAM)
                .withInitialPosition(CheckpointPosition.TRIM_HORIZON),
            consumers.processing(
                FanOut.of(engine.millrace()).retrieval(),
                ProcessorSettings.DEFAULT,
                () -> processor));
    return processor;
  }
}
