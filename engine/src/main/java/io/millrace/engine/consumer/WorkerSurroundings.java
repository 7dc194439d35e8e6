package io.millrace.engine.consumer;

import io.millrace.engine.coordinator.CoordinatorMessage;
import io.millrace.engine.coordinator.CoordinatorSettings;
import io.millrace.engine.coordinator.Coordinators;
import io.millrace.engine.coordinator.ShardPositions;
import io.millrace.engine.coordinator.WorkerIdentity;
import io.millrace.engine.metrics.WorkerMeter;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.stream.StreamViews;
import java.time.Duration;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What a worker needs of the engine around it.
 *
 * @param worker its settings
 * @param identity who it is, in this life
 * @param coordinators the way to its coordinator
 * @param views the streams
 * @param positions where their shards stand
 * @param clock the time
 * @param settings how applications are coordinated
 * @param answerTimeout how long the coordinator may take to answer
 * @param system what it runs on
 * @param meter counts what it does
 */
public record WorkerSurroundings(
    WorkerSettings worker,
    WorkerIdentity identity,
    ActorRef<Coordinators.Command> coordinators,
    StreamViews views,
    ShardPositions positions,
    EngineClock clock,
    CoordinatorSettings settings,
    Duration answerTimeout,
    ActorSystem<?> system,
    WorkerMeter meter) {

  /** An identity that no worker has had. */
  public static WorkerIdentity newIdentity(WorkerSettings worker) {
    return new WorkerIdentity(worker.workerId(), UUID.randomUUID().toString());
  }

  Coordinators.Command toCoordinator(CoordinatorMessage message) {
    return new Coordinators.ForApplication(worker.application(), message);
  }

  void tellCoordinator(CoordinatorMessage message) {
    coordinators.tell(toCoordinator(message));
  }
}
