package io.millrace.engine.consumer;

import io.millrace.engine.model.CheckpointPosition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * How far a shard is finished when its records are finished in any order: up to the first that is
 * not. Remembers only records that have begun and lie after that. Not safe for several threads.
 */
final class CompletedPrefix {

  private final Deque<CheckpointPosition> begun = new ArrayDeque<>();
  private final Set<CheckpointPosition> completed = new HashSet<>();
  private CheckpointPosition position;

  CompletedPrefix(CheckpointPosition start) {
    this.position = start;
  }

  /** A record has begun; called in the order of records. */
  void begin(CheckpointPosition record) {
    begun.add(record);
  }

  /** A record that had begun is finished. */
  void complete(CheckpointPosition record) {
    completed.add(record);
    while (!begun.isEmpty() && completed.remove(begun.peek())) {
      position = begun.remove();
    }
  }

  /** Everything up to here is finished. */
  CheckpointPosition position() {
    return position;
  }
}
