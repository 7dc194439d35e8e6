package io.millrace.engine.coordinator;

/**
 * A worker from its start to its end.
 *
 * @param workerId what tells the workers of an application apart
 * @param session what tells apart the lives of a worker id, one after the other
 */
public record WorkerIdentity(String workerId, String session) {

  @Override
  public String toString() {
    return workerId + "#" + session;
  }
}
