package io.millrace.channels.directory;

import io.millrace.engine.consumer.Worker;
import java.util.Optional;

/**
 * What runs of a channel, as long as the engine is open.
 *
 * @param isStarting whether a worker is about to be there
 * @param worker reads the stream, if one does
 * @param isStopping whether the worker has been told to stop
 * @param isPausing whether something failed a moment ago
 */
record ChannelRun(
    boolean isStarting, Optional<Worker> worker, boolean isStopping, boolean isPausing) {

  static final ChannelRun IDLE = new ChannelRun(false, Optional.empty(), false, false);

  static final ChannelRun PAUSING = new ChannelRun(false, Optional.empty(), false, true);

  static final ChannelRun STARTING = new ChannelRun(true, Optional.empty(), false, false);

  ChannelRun started(Worker by) {
    return new ChannelRun(false, Optional.of(by), isStopping, false);
  }

  ChannelRun stopping() {
    return new ChannelRun(isStarting, worker, true, false);
  }

  /** Whether a worker is there, or about to be. */
  boolean isOn() {
    return isStarting || worker.isPresent();
  }

  boolean isOf(Worker other) {
    return worker.filter(other::equals).isPresent();
  }
}
