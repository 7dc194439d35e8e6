package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoints;
import io.millrace.engine.coordinator.CoordinatorMessage.Judged;
import io.millrace.engine.coordinator.CoordinatorMessage.Refused;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Where checkpoints gather while a write is under way: bounded in checkpoints and bytes, and each
 * of them is answered. Used by one actor.
 */
final class CheckpointDesk {

  private static final int MAX_CHECKPOINTS = 10_000;
  private static final long MAX_BYTES = 64L << 20;
  private static final long MAX_EVENT_BYTES = 4L << 20;

  private final Deque<Checkpoints> gathered = new ArrayDeque<>();
  private int gatheredCount;
  private long gatheredBytes;
  private List<Checkpoints> writing = List.of();

  /**
   * Takes a request, or refuses it.
   *
   * @return whether it is the first that waits: then somebody has to come for it
   */
  boolean take(Checkpoints request) {
    int count = request.checkpoints().size();
    if (gatheredCount + count > MAX_CHECKPOINTS
        || gatheredBytes + request.stateBytes() > MAX_BYTES) {
      refuse(
          request,
          new Refused(Refused.Kind.UNAVAILABLE, "Too many checkpoints wait to be written."));
      return false;
    }
    gathered.add(request);
    gatheredCount += count;
    gatheredBytes += request.stateBytes();
    return gathered.size() == 1;
  }

  /** Takes what goes into the next event: at least one request, if any waits. */
  List<Checkpoints> next() {
    List<Checkpoints> batch = new ArrayList<>();
    long size = 0;
    while (!gathered.isEmpty()
        && (batch.isEmpty() || size + gathered.peek().stateBytes() <= MAX_EVENT_BYTES)) {
      size += gathered.peek().stateBytes();
      gatheredCount -= gathered.peek().checkpoints().size();
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

  /**
   * What was taken is durable.
   *
   * @param replies one per checkpoint, in their order
   */
  void written(List<Reply> replies) {
    int from = 0;
    for (Checkpoints request : writing) {
      int to = from + request.checkpoints().size();
      request.replyTo().tell(new Judged(replies.subList(from, to)));
      from = to;
    }
    writing = List.of();
  }

  /** The storage failed: nobody waits any longer. */
  void failed(Refused refusal) {
    writing.forEach(request -> refuse(request, refusal));
    writing = List.of();
    Refused notEven = new Refused(Refused.Kind.UNAVAILABLE, "The storage failed before.");
    gathered.forEach(request -> refuse(request, notEven));
    gathered.clear();
    gatheredCount = 0;
    gatheredBytes = 0;
  }

  private static void refuse(Checkpoints request, Refused refusal) {
    request.replyTo().tell(new Judged(Collections.nCopies(request.checkpoints().size(), refusal)));
  }
}
