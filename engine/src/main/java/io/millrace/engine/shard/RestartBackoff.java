package io.millrace.engine.shard;

import java.time.Duration;

/** How long a shard that failed stays down: twice as long each time, until it has recovered. */
final class RestartBackoff {

  private final Duration shortest;
  private final Duration longest;
  private Duration next;

  RestartBackoff(ShardSettings settings) {
    this.shortest = settings.restartBackoff();
    this.longest = settings.maxRestartBackoff();
    this.next = shortest;
  }

  /** The shard has recovered. */
  void reset() {
    next = shortest;
  }

  /** How long it stays down now. */
  Duration take() {
    Duration taken = next;
    Duration doubled = taken.multipliedBy(2);
    next = doubled.compareTo(longest) > 0 ? longest : doubled;
    return taken;
  }
}
