package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.CoordinatorMessage.Refused;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import io.millrace.engine.model.Payload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Where checkpoints gather while a write is under way: bounded in requests and bytes, and each of
 * them is answered. Used by one actor.
 */
final class CheckpointDesk {

  private static final int MAX_REQUESTS = 10_000;
  private static final long MAX_BYTES = 64L << 20;
  private static final long MAX_EVENT_BYTES = 4L << 20;

  private final Deque<Checkpoint> gathered = new ArrayDeque<>();
  private long gatheredBytes;
  private List<Checkpoint> writing = List.of();

  /**
   * Takes a request, or refuses it.
   *
   * @return whether it is the first that waits: then somebody has to come for it
   */
  boolean take(Checkpoint request) {
    if (gathered.size() >= MAX_REQUESTS || gatheredBytes + bytes(request) > MAX_BYTES) {
      request
          .replyTo()
          .tell(new Refused(Refused.Kind.UNAVAILABLE, "Too many checkpoints wait to be written."));
      return false;
    }
    gathered.add(request);
    gatheredBytes += bytes(request);
    return gathered.size() == 1;
  }

  /** Takes what goes into the next event: at least one request, if any waits. */
  List<Checkpoint> next() {
    List<Checkpoint> batch = new ArrayList<>();
    long size = 0;
    while (!gathered.isEmpty()
        && (batch.isEmpty() || size + bytes(gathered.peek()) <= MAX_EVENT_BYTES)) {
      size += bytes(gathered.peek());
      batch.add(gathered.remove());
    }
    gatheredBytes -= size;
    writing = batch;
    return batch;
  }

  /** Whether any wait. */
  boolean isEmpty() {
    return gathered.isEmpty();
  }

  /** What was taken is durable: each is told its reply. */
  void written(List<Reply> replies) {
    for (int i = 0; i < replies.size(); i++) {
      writing.get(i).replyTo().tell(replies.get(i));
    }
    writing = List.of();
  }

  /** The storage failed: nobody waits any longer. */
  void failed(Refused refusal) {
    writing.forEach(request -> request.replyTo().tell(refusal));
    writing = List.of();
    while (!gathered.isEmpty()) {
      gathered
          .remove()
          .replyTo()
          .tell(new Refused(Refused.Kind.UNAVAILABLE, "The storage failed before."));
    }
    gatheredBytes = 0;
  }

  private static long bytes(Checkpoint request) {
    return request.state().map(Payload::size).orElse(0);
  }
}
