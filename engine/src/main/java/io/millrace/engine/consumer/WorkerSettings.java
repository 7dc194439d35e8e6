package io.millrace.engine.consumer;

import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.StreamName;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a worker is. Times that concern the whole application stand in the section {@code
 * millrace.consumers} of the engine's settings.
 *
 * @param application the application that it works for
 * @param stream the stream that the application consumes; the same for all its workers
 * @param workerId tells the workers of an application apart: 1 to 128 characters of {@code
 *     [a-zA-Z0-9_.-]}
 * @param initialPosition where the application begins when it has no leases yet: TRIM_HORIZON,
 *     LATEST or AT_TIMESTAMP
 * @param maxLeases how many shards it takes at most, 1 or more
 */
public record WorkerSettings(
    ApplicationName application,
    StreamName stream,
    String workerId,
    CheckpointPosition initialPosition,
    int maxLeases) {

  private static final Pattern WORKER_ID = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");

  public WorkerSettings {
    if (!WORKER_ID.matcher(workerId).matches()) {
      throw new IllegalArgumentException("not a worker id: " + workerId);
    }
    if (!initialPosition.isInitial()) {
      throw new IllegalArgumentException("not an initial position: " + initialPosition);
    }
    if (maxLeases < 1) {
      throw new IllegalArgumentException("a worker that may have no lease: " + maxLeases);
    }
  }

  /** A worker with a random id for an application that begins at LATEST, with no bound. */
  public static WorkerSettings of(String application, String stream) {
    return new WorkerSettings(
        new ApplicationName(application),
        new StreamName(stream),
        UUID.randomUUID().toString(),
        CheckpointPosition.LATEST,
        Integer.MAX_VALUE);
  }

  /** The same with this id. */
  public WorkerSettings withWorkerId(String id) {
    return new WorkerSettings(application, stream, id, initialPosition, maxLeases);
  }

  /** The same with this initial position. */
  public WorkerSettings withInitialPosition(CheckpointPosition position) {
    return new WorkerSettings(application, stream, workerId, position, maxLeases);
  }

  /** The same with at most so many shards. */
  public WorkerSettings withMaxLeases(int most) {
    return new WorkerSettings(application, stream, workerId, initialPosition, most);
  }
}
