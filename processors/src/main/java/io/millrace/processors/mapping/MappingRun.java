package io.millrace.processors.mapping;

import io.millrace.engine.consumer.Worker;
import io.millrace.processors.api.MappingState;
import java.util.Optional;

/**
 * What runs of a mapping, as long as the engine is open.
 *
 * @param isStarting whether a worker is about to be there
 * @param worker reads the stream, if one does
 * @param runsAs the mapping as the worker knows it
 * @param hasJoined whether the worker has taken up its work
 * @param isStopping whether the worker has been told to stop
 * @param isNew whether the mapping was created by this engine and has never run
 * @param isPausing whether something failed a moment ago
 * @param problem what failed last
 */
record MappingRun(
    boolean isStarting,
    Optional<Worker> worker,
    Optional<Mapping> runsAs,
    boolean hasJoined,
    boolean isStopping,
    boolean isNew,
    boolean isPausing,
    Optional<String> problem) {

  static final MappingRun IDLE =
      new MappingRun(
          false, Optional.empty(), Optional.empty(), false, false, false, false, Optional.empty());

  static final MappingRun NEW =
      new MappingRun(
          false, Optional.empty(), Optional.empty(), false, false, true, false, Optional.empty());

  MappingRun starting(Mapping as) {
    return new MappingRun(
        true, Optional.empty(), Optional.of(as), false, false, isNew, false, problem);
  }

  MappingRun started(Worker by) {
    return new MappingRun(false, Optional.of(by), runsAs, false, isStopping, isNew, false, problem);
  }

  MappingRun joined() {
    return new MappingRun(false, worker, runsAs, true, isStopping, false, false, Optional.empty());
  }

  MappingRun stopping() {
    return new MappingRun(isStarting, worker, runsAs, hasJoined, true, isNew, isPausing, problem);
  }

  MappingRun stopped(Optional<String> why) {
    return new MappingRun(
        false, Optional.empty(), Optional.empty(), false, false, isNew, why.isPresent(), why);
  }

  MappingRun resumed() {
    return new MappingRun(isStarting, worker, runsAs, hasJoined, isStopping, isNew, false, problem);
  }

  /** Whether a worker is there, or about to be. */
  boolean isOn() {
    return isStarting || worker.isPresent();
  }

  boolean isOf(Worker other) {
    return worker.filter(other::equals).isPresent();
  }

  MappingState state(Mapping mapping) {
    if (mapping.isDeleting()) {
      return MappingState.DELETING;
    }
    if (!mapping.isEnabled()) {
      return isOn() ? MappingState.DISABLING : MappingState.DISABLED;
    }
    if (isStopping) {
      return MappingState.UPDATING;
    }
    if (hasJoined) {
      return MappingState.ENABLED;
    }
    return isNew ? MappingState.CREATING : MappingState.ENABLING;
  }

  String reason(Mapping mapping, boolean isFunctionThere) {
    if (mapping.wantsToRun() && !hasJoined && !isFunctionThere) {
      return "Waiting for the function %s to be registered.".formatted(mapping.functionName());
    }
    return problem.orElse("USER_INITIATED");
  }
}
